from __future__ import annotations

from pathlib import Path

import pytest

from symdisc.errors import DataError, OutputError
from symdisc.report.figure_files import write_figures
from symdisc.result import SymmetryResult
from symdisc.run_folder import RunFolder


def test_every_figure_is_a_png_with_a_caption(run: Path) -> None:
    files = write_figures(run)
    assert [(file.section, file.path.name) for file in files] == [
        ("generators", "generators.png"),
        ("seeds", "agreement.png"),
        ("seeds", "seeds.png"),
        ("orbits", "orbits.png"),
        ("training", "losses_liegan.png"),
    ]
    for file in files:
        assert file.path.read_bytes().startswith(b"\x89PNG")
        assert file.caption.endswith(".")
        assert "{" not in file.caption


def test_several_generators_have_files_of_their_own(
    full_algebra: SymmetryResult, tmp_path: Path
) -> None:
    folder = RunFolder.create(tmp_path / "run")
    folder.write_config({})
    full_algebra.save(folder.result)
    names = [file.path.name for file in write_figures(folder.path)]
    assert names == [
        "generators.png",
        "agreement.png",
        *(f"{kind}_{i}.png" for i in (1, 2, 3) for kind in ("seeds", "orbits")),
    ]


def test_writing_again_replaces(run: Path) -> None:
    first = [file.path.read_bytes() for file in write_figures(run)]
    assert [file.path.read_bytes() for file in write_figures(run)] == first


def test_no_run_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a run folder"):
        write_figures(tmp_path)


def test_figures_that_cannot_be_written(run: Path) -> None:
    (run / "figures").write_text("in the way")
    with pytest.raises(OutputError, match=r"cannot write figures to .*figures: File exists"):
        write_figures(run)
