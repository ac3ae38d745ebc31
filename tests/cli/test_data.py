"""``symdisc data``: listing, showing and writing data sets, and looking into files."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symdisc
import symdisc.interfaces
from symdisc.cli import main
from symdisc.interfaces import RawData
from symdisc_basics.datasets.so3_invariant import SO3Invariant, SO3InvariantOptions

FEW = ["--set", "dataset.n_samples=40"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SYMDISC_CACHE", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command that succeeds and give the lines it prints."""

    def run(*words: str, status: int = 0) -> list[str]:
        assert main(["data", *words]) == status
        return capsys.readouterr().out.splitlines()

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command that is refused and give its message on one line."""

    def run(*words: str) -> str:
        assert main(["data", *words]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        return " ".join(err.removeprefix("symdisc: ").split())

    return run


def test_list(answer: Any, folder: Path) -> None:
    lines = answer("list")
    assert lines[0].split() == ["NAME", "SHAPE", "SYMMETRY", "PLUGIN"]
    (row,) = [line for line in lines if line.startswith("two-body ")]
    assert " ".join(row.split()) == "two-body 800 × 20 × 8 SO(2): rotation of the plane basics"
    assert lines[-1] == (
        f"Those that take long are kept in {folder}/cache/data (0 files, 0.0 MB), which may be "
        "deleted; SYMDISC_CACHE chooses another folder"
    )
    main(["data", "show", "three-body", "--set", "dataset.n_trajectories=20"])
    answer("show", "three-body", "--set", "dataset.n_trajectories=20")
    assert "(1 files, 0.0 MB)" in answer("list")[-1]


OTHER = """
SYMDISC_API_VERSION = 1
from symdisc.interfaces import Dataset, RawData

@hookimpl
def symdisc_datasets():
    return [Component("broken", "no_such_module:Tides", "Broken."),
            Component("silent", f"{__name__}:Silent", "Says nothing."),
            Component("uneven", f"{__name__}:Uneven", "Uneven trajectories.")]

class Silent(Dataset):
    licence = "own"
    description = "Too few rows."
    def __init__(self, options): pass
    def make(self): return RawData([[1.0, 2.0], [3.0, 5.0]])

class Uneven(Silent):
    def make(self):
        import numpy as np
        return RawData([np.eye(20)[:, :2], np.eye(30)[:, :2]])
"""


@pytest.fixture
def other(make_host: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    host = make_host({"acme": OTHER})
    monkeypatch.setattr("symdisc.registry.default_host", lambda: host)


@pytest.mark.usefixtures("other")
def test_list_of_data_sets_that_are_broken_or_say_nothing(answer: Any) -> None:
    rows = [" ".join(line.split()) for line in answer("list")[1:4]]
    assert rows == [
        "broken ? cannot be used; see `symdisc plugins check acme` acme",
        "silent ? ? acme",
        "uneven ? ? acme",
    ]


def test_list_without_a_home_folder(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr("symdisc.data.cache.data_folder", nobody)
    assert answer("list")[-1] == "Nothing is kept: no home"


def test_show_a_data_set(answer: Any) -> None:
    lines = answer("show", "so3-invariant", *FEW)
    assert lines[0] == "dataset so3-invariant"
    assert any(line.startswith("  licence      Computed by symdisc") for line in lines)
    assert any(line.startswith("  dataset.noise ") for line in lines)
    assert lines[lines.index("data") + 1 :] == [
        "  symmetry         SO(3): rotations",
        "  states           rows 40 × 6, float64",
        "  coordinates      a1, a2, a3, b1, b2, b3",
        "  targets          numbers 40 × 2, float64",
        "  representation   2*V3, targets 2*S",
        "  true generators  3 of 3 × 3",
        "  recommended      group.n_generators=auto",
    ]


@pytest.mark.usefixtures("other")
def test_show_a_data_set_with_problems(answer: Any) -> None:
    lines = answer("show", "silent", status=1)
    assert "  symmetry         not known" in lines
    assert "  recommended      nothing beyond the defaults" in lines
    assert lines[lines.index("problems") + 1].startswith("  2 rows are too few")


def test_show_a_file(answer: Any) -> None:
    np.savez("orbits.npz", x=np.random.default_rng(0).normal(size=(3, 9, 4)), other=np.eye(2))
    lines = answer("show", "orbits.npz", "--set", "data.representation=2*V2")
    assert lines == [
        "",
        "orbits.npz",
        "  read         orbits.npz (x)",
        "  states       3 trajectories of 9 states, 4 coordinates, float64",
        "  coordinates  without names",
        "  targets      none",
        "",
        "as samples",
        "  samples         24 of 2 state(s)",
        "  representation  2*V2",
    ]


def test_show_a_table_with_units(answer: Any) -> None:
    rows = [f"{i},{i * i},{i % 2}" for i in range(20)]
    Path("t.csv").write_text("\n".join(["a [m],b,label", *rows]))
    lines = answer("show", "t.csv")
    assert "  states       rows 20 × 2, int64" in lines
    assert "  coordinates  a [m], b" in lines
    assert "  targets      class labels 0 to 1 of 20 rows" in lines
    other = answer("show", "t.csv", "--set", "data.columns=[b]")
    assert "  states       rows 20 × 1, int64" in other


def test_show_a_file_with_problems(answer: Any) -> None:
    rows = np.random.default_rng(0).normal(size=(20, 2))
    rows[3, 1] = np.nan
    np.savez("rows.npz", x=rows, y=np.ones(20))
    lines = answer("show", "rows.npz", status=1)
    assert "  states       rows 20 × 2, float64" in lines
    start = lines.index("problems")
    assert lines[start + 1] == "  the data have 2 problems:"
    assert lines[start + 2].startswith("  - states hold 1 NaN and 0 infinite values")
    assert lines[start + 3].startswith("  - targets are constant")


def test_show_what_is_not_there(refused: Any) -> None:
    assert refused("show", "none.npz").startswith("there is no file none.npz")
    assert "Did you mean 'two-body'?" in refused("show", "two-boddy")


def test_options_of_another_section_are_refused_with_all_other_problems(refused: Any) -> None:
    text = refused(
        *("show", "two-body", "--set", "data.window=3", "--set", "dataset.n_states=0"),
        *("--set", "dataset.n_statez=2"),
    )
    assert "option 'data.window' has no use here; options look like 'dataset.NAME'" in text
    assert "option 'dataset.n_states' = 0" in text
    assert "Did you mean 'n_states'?" in text


def test_make_and_use(answer: Any) -> None:
    lines = answer("make", "so3-invariant", "--out", "deep/so3.npz", *FEW)
    assert lines == [
        "",
        "deep/so3.npz",
        "  states           rows 40 × 6, float64",
        "  coordinates      a1, a2, a3, b1, b2, b3",
        "  targets          numbers 40 × 2, float64",
        "  representation   2*V3, targets 2*S",
        "  true generators  3 of 3 × 3",
        "",
        "Use it: symdisc discover deep/so3.npz --set 'group.n_generators=\"auto\"'",
    ]
    raw = SO3Invariant(SO3InvariantOptions(n_samples=40)).make()
    with np.load("deep/so3.npz", allow_pickle=False) as file:
        assert np.array_equal(file["states"], raw.states)
        assert raw.targets is not None
        assert np.array_equal(file["targets"], raw.targets)
        assert file["names"].tolist() == ["a1", "a2", "a3", "b1", "b2", "b3"]
        assert file["truth"].shape == (3, 3, 3)
    lines = answer("show", "deep/so3.npz")
    assert "  coordinates  a1, a2, a3, b1, b2, b3" in lines
    assert lines[-2:] == ["  representation   2*V3", "  true generators  3 of 3 × 3"]
    result = symdisc.discover("deep/so3.npz", seeds=2, steps=5)
    assert str(result.representation) == "2*V3"
    assert str(result.target_representation) == "2*S"
    assert result.names == ("a1", "a2", "a3", "b1", "b2", "b3")
    assert result.truth is not None


@pytest.mark.parametrize(
    ("name", "few", "words"),
    [
        ("two-body", "n_trajectories=4", "--set 'group.blocks=[2, 2, 2, 2]'"),
        ("lorentz", "n_events=40", "--preset several"),
        ("scaling-ratio", "n_samples=40", ""),
    ],
)
def test_make_says_how_the_file_is_used(answer: Any, name: str, few: str, words: str) -> None:
    lines = answer("make", name, "--out", "a b.npz", "--set", f"dataset.{few}")
    assert lines[-1] == f"Use it: symdisc discover 'a b.npz' {words}".rstrip()


def test_make_refuses(refused: Any, folder: Path) -> None:
    (folder / "there.npz").write_text("mine")
    assert refused("make", "two-body", "--out", "there.npz") == (
        "there.npz exists already and nothing is ever overwritten; name another file, or remove "
        "it first"
    )
    assert (folder / "there.npz").read_text() == "mine"
    assert refused("make", "two-body", "--out", "a.csv") == (
        "--out a.csv must end in .npz, the form that is written"
    )
    assert refused("make", "there.npz", "--out", "a.npz") == (
        "there.npz is a file, not a data set; see `symdisc data list`"
    )
    assert "Did you mean 'two-body'?" in refused("make", "two-boddy", "--out", "a.npz")
    assert "unknown option 'dataset.n'" in refused(
        "make", "two-body", "--out", "a.npz", "--set", "dataset.n=3"
    )
    assert not (folder / "a.npz").exists()


@pytest.mark.usefixtures("other")
def test_make_refuses_trajectories_of_unequal_length(refused: Any) -> None:
    assert refused("make", "uneven", "--out", "a.npz") == (
        "uneven makes trajectories of unequal length, which no .npz file holds in a form that is "
        "read; use it by name: symdisc discover uneven"
    )


def test_make_leaves_no_half_a_file(
    refused: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: Any, raw: RawData) -> None:
        file.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("symdisc.data.raw_file.write_raw", full)
    text = refused("make", "two-body", "--out", "a.npz", "--set", "dataset.n_trajectories=4")
    assert text.startswith("cannot write a.npz: No space left on device; free some space")
    assert list(folder.glob("*.npz")) == []
