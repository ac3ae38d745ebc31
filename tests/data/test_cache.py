"""The cache of data sets: what an entry depends on, damage, two processes, and no disk."""

from __future__ import annotations

import errno
import multiprocessing
import os
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from symdisc.data import cache
from symdisc.data.cache import data_folder, entry, make_cached
from symdisc.interfaces import Dataset, RawData
from symdisc.options import Options


class TideOptions(Options):
    hours: int = 24
    height: float = 1.0


class Tides(Dataset):
    Options: ClassVar[type[Options]] = TideOptions
    licence: ClassVar[str] = "CC0-1.0"
    description: ClassVar[str] = "Heights of the sea."
    cache_version: ClassVar[int | None] = 1
    made: ClassVar[int] = 0

    def __init__(self, options: TideOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        Tides.made += 1
        hours = np.arange(self.options.hours, dtype=np.float64)
        return RawData(self.options.height * np.sin(hours)[:, None], names=("height",))


class Quick(Tides):
    cache_version: ClassVar[int | None] = None


class Newer(Tides):
    cache_version: ClassVar[int | None] = 2


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYMDISC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(Tides, "made", 0)
    cache._say.cache_clear()
    return tmp_path / "cache" / "data"


def make(component: type[Dataset] = Tides, **options: Any) -> np.ndarray[Any, Any]:
    return np.asarray(make_cached(component, TideOptions(**options)).states)


def test_made_once_and_kept(folder: Path) -> None:
    first = make()
    again = make_cached(Tides, TideOptions())
    assert Tides.made == 1
    assert np.array_equal(first, again.states)
    assert again.names == ("height",)
    assert [path.suffix for path in folder.iterdir()] == [".npz"]
    assert entry(Tides, TideOptions()).parent == folder == data_folder()


def test_an_entry_depends_on_all_options_the_version_and_the_data_set() -> None:
    given = [
        entry(Tides, TideOptions()),
        entry(Tides, TideOptions(hours=25)),
        entry(Tides, TideOptions(height=1 + 1e-15)),
        entry(Newer, TideOptions()),
        entry(Quick, TideOptions()),
    ]
    assert len(set(given)) == 5
    assert entry(Tides, TideOptions(hours=24)) == given[0]
    make()
    assert len(make(hours=30)) == 30
    assert Tides.made == 2


def test_without_a_version_nothing_is_kept(folder: Path) -> None:
    make(Quick)
    make(Quick)
    assert Tides.made == 2
    assert not folder.exists()


@pytest.mark.parametrize("damage", ["empty", "short", "flipped", "text", "folder"])
def test_damaged_entries_are_made_again(damage: str) -> None:
    expected = make()
    path = entry(Tides, TideOptions())
    content = bytearray(path.read_bytes())
    content[len(content) // 4] ^= 1
    if damage == "folder":
        path.unlink()
        path.mkdir()
    else:
        damaged = {"empty": b"", "short": content[:-30], "flipped": content, "text": b"tides"}
        path.write_bytes(bytes(damaged[damage]))
    assert np.array_equal(make(), expected)
    assert Tides.made == 2
    make()
    assert Tides.made == (3 if damage == "folder" else 2)


def test_an_entry_with_pickled_objects_is_made_again() -> None:
    make()
    np.savez(entry(Tides, TideOptions()), states=np.array([object()]))
    make()
    assert Tides.made == 2


def test_a_folder_that_cannot_be_written_is_done_without_and_said_once(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder.parent.write_text("a file where the folder should be")
    assert len(make()) == len(make()) == 24
    assert Tides.made == 2
    assert capfd.readouterr().err == (
        f"symdisc: data sets are made anew each time: {folder} cannot be written (Not a "
        "directory); choose another folder with SYMDISC_CACHE=/path/to/folder\n"
    )


def test_a_full_disk_leaves_nothing_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(file: Any, raw: RawData) -> None:
        file.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(cache, "write_raw", full)
    assert len(make()) == 24
    assert "cannot be written (No space left on device)" in capfd.readouterr().err
    assert list(folder.iterdir()) == []


def test_without_a_home_folder(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def nobody(path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", nobody)
    assert len(make()) == 24
    assert capfd.readouterr().err == (
        "symdisc: data sets are made anew each time: Could not determine home directory.; name a "
        "folder with SYMDISC_CACHE=/path/to/folder\n"
    )


def test_what_making_raises_is_raised_and_nothing_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Tides) -> RawData:
        raise OSError("no sea")

    monkeypatch.setattr(Tides, "make", fail)
    with pytest.raises(OSError, match="no sea"):
        make()
    assert not folder.exists()


def _use(rounds: int) -> None:
    for hours in range(rounds):
        expected = np.sin(np.arange(1000.0 + hours))[:, None]
        assert np.array_equal(make(hours=1000 + hours), expected)


def test_two_processes_at_once(folder: Path) -> None:
    context = multiprocessing.get_context("fork")
    running = [context.Process(target=_use, args=(30,)) for _ in range(2)]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0, 0]
    assert [path.suffix for path in folder.iterdir()] == [".npz"] * 30
