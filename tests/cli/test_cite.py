from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from symdisc.cli import main


def test_a_run_without_a_result_is_cited_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = {"source": "/data/x.npz", "method": "liegan"}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    assert main(["cite", str(tmp_path)]) == 0
    entries = capsys.readouterr().out.split("\n\n")
    assert [entry.split("{")[0] for entry in entries[:2]] == ["@software", "@inproceedings"]
    assert entries[2] == "% data: /data/x.npz; cite where they are from\n"


def test_what_is_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", str(tmp_path / "none")]) == 2
    assert "none is not a run folder: it has no config.yaml" in capsys.readouterr().err
