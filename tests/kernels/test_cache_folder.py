from __future__ import annotations

from pathlib import Path

import pytest

from symdisc_kernels.cache_folder import cache_folder


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SYMDISC_CACHE", "here")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == tmp_path / "here"
    monkeypatch.delenv("SYMDISC_CACHE")
    assert cache_folder() == Path("/somewhere/symdisc")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "symdisc"
    assert not (tmp_path / "here").exists()


def test_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SYMDISC_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)

    def nobody(path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", nobody)
    message = r"home directory.*; name a folder with SYMDISC_CACHE=/path/to/folder$"
    with pytest.raises(RuntimeError, match=message):
        cache_folder()
