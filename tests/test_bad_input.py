"""Bad input never ends in a traceback: one clear message, exit status 2, nothing written."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc import discover
from symdisc.cli import main
from symdisc.errors import DataError

X = np.random.default_rng(0).standard_normal((40, 6))
PATHS = np.random.default_rng(1).standard_normal((5, 8, 6))

Snapshot = dict[str, bytes | None]


def _with(values: dict[tuple[int, ...], float], array: NDArray[Any] = X) -> NDArray[Any]:
    changed = array.copy()
    for place, value in values.items():
        changed[place] = value
    return changed


def _npz(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _pickled() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array([X[:3], X[:4]], dtype=object), allow_pickle=True)
    return buffer.getvalue()


def _snapshot(folder: Path) -> Snapshot:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run ``symdisc discover``, which must refuse; return the message in one line."""

    def run(*words: str) -> str:
        before = _snapshot(tmp_path)
        status = main(["discover", *words])
        out, err = capsys.readouterr()
        assert status == 2
        assert out == ""
        assert err.startswith("symdisc: ")
        assert err.count("symdisc: ") == 1
        assert all(line.startswith("         ") for line in err.splitlines()[1:])
        assert "Traceback" not in err
        assert _snapshot(tmp_path) == before
        return " ".join(err.removeprefix("symdisc: ").split())

    return run


FILES: dict[str, tuple[str, bytes, list[str], str]] = {
    "wrong extension": (
        "rows.xlsx",
        b"a,b\n1,2\n",
        [],
        "cannot read rows.xlsx: only files ending in .npy, .npz, .csv, .tsv, .parquet, .h5, .hdf5, "
        ".pt or .pth are read; load the file yourself and pass the array or the data frame",
    ),
    "no extension": (
        "rows",
        b"a,b\n1,2\n",
        [],
        "cannot read rows: only files ending in .npy, .npz, .csv,",
    ),
    "text in an npz": (
        "rows.npz",
        b"a,b\n1,2\n",
        [],
        "rows.npz is not .npz data, whatever its name says; it starts b'a,b\\n1,'",
    ),
    "cut off": ("rows.npz", _npz(x=X)[:300], [], "rows.npz: it cannot be read, the file may be"),
    "empty file": ("rows.npz", b"", [], "rows.npz is empty"),
    "pickle": ("rows.npy", _pickled(), [], "holds Python objects; pickled objects are never load"),
    "no states": (
        "rows.npz",
        _npz(a=X, b=X),
        [],
        "rows.npz has no array called 'states' or 'x'; arrays there: 'a', 'b'; say which one "
        "holds the states (--set data.states_key=NAME, states_key=NAME)",
    ),
    "wrong key": (
        "rows.npz",
        _npz(a=X),
        ["--set", "data.states_key=b"],
        "rows.npz has no array 'b'; arrays there: 'a'",
    ),
    "empty data": ("rows.npz", _npz(x=X[:0]), [], "there are no data: the states given are empty"),
    "one column": (
        "rows.npz",
        _npz(x=X[:, 0]),
        [],
        "states must have the shape (rows, coordinates), or (trajectories, states, coordinates); "
        "got (40,); write x[:, None] if there is one coordinate",
    ),
    "text": ("rows.npz", _npz(x=X.astype(str)), [], "states hold text; convert it to numbers"),
    "nan and infinity": (
        "rows.npz",
        _npz(x=_with({(3, 1): np.nan, (7, 0): np.inf, (7, 5): -np.inf})),
        [],
        "states hold 1 NaN and 2 infinite values in 2 of 40 rows: row 3, coordinate 1; row 7, "
        "coordinate 0; row 7, coordinate 5 (counted from 0); leave these rows out or fill the "
        "gaps, then try again",
    ),
    "nan in trajectories": (
        "rows.npz",
        _npz(x=_with({(2, 4, 1): np.nan}, PATHS)),
        [],
        "states hold 1 NaN and 0 infinite values in 1 of 40 states: trajectory 2, state 4, "
        "coordinate 1 (counted from 0)",
    ),
    "too large": ("rows.npz", _npz(x=_with({(3, 1): 1e39})), [], "1 values too large for float32"),
    "constant": ("rows.npz", _npz(x=X * 0), [], "the data are constant: every state is the same"),
    "too few": (
        "rows.npz",
        _npz(x=X[:9]),
        [],
        "9 rows are too few: train, validation and held-out parts need at least 10",
    ),
    "window of rows": (
        "rows.npz",
        _npz(x=X),
        ["--window", "2"],
        "rows are samples of 1 state, but 2 were asked for (--window, window=)",
    ),
    "short trajectories": (
        "rows.npz",
        _npz(x=PATHS),
        ["--window", "9"],
        "5 of 5 trajectories are shorter than the 9 states of a sample: trajectory 0 has 8",
    ),
    "one short trajectory": (
        "rows.npz",
        _npz(x=X[None, :16]),
        ["--window", "6"],
        "a trajectory of 11 samples is too short to be cut into train, validation and held-out "
        "parts with gaps of 6 samples: it needs at least 15",
    ),
    "not divisible": (
        "rows.npz",
        _npz(x=X),
        ["--representation", "2*V4"],
        "a state has 6 coordinates but the representation '2*V4' describes 8; 6 is not divisible "
        "by the vector length 4; say how a state transforms with --representation",
    ),
    "unreadable representation": (
        "rows.npz",
        _npz(x=X),
        ["--representation", "four vectors"],
        "representation 'four vectors' must look like 'V8', '4*V2', '2*V3 + 1*S' or '3*G48x48'",
    ),
    "targets too short": (
        "rows.npz",
        _npz(x=X, y=X[:39, 0]),
        [],
        "there are 40 rows of states but 39 targets; one for each",
    ),
    "labels with gaps": (
        "rows.npz",
        _npz(x=X, y=np.arange(40) % 3 * 2),
        [],
        "class labels must be 0, 1, ..., 2 without gaps; got 0, 2, 4",
    ),
    "targets of trajectories": (
        "rows.npz",
        _npz(x=PATHS, y=np.arange(5)),
        [],
        "targets cannot be given together with trajectories",
    ),
    "target representation": (
        "rows.npz",
        _npz(x=X, y=X[:, :3]),
        ["--target-representation", "V2"],
        "a target has 3 coordinates but the representation 'V2' describes 2",
    ),
    "blocks that do not fit": (
        "rows.npz",
        _npz(x=X),
        ["--set", "group.blocks=[4, 4]"],
        "group.blocks does not fit vectors of length 6: blocks [[0, 1, 2, 3], [4, 5, 6, 7]] name "
        "coordinates outside 0…5; give sizes that add up to at most 6, e.g. --set "
        "'group.blocks=[6]'",
    ),
    "blocks that overlap": (
        "rows.npz",
        _npz(x=X),
        ["--set", "group.blocks=[[0, 1], [1, 2]]"],
        "blocks [[0, 1], [1, 2]] name a coordinate more than once",
    ),
    "an encoder that would be trained": (
        "rows.npz",
        _npz(x=X),
        ["--encoder", "mlp"],
        "liegan finds linear symmetries of the data space itself and does not train an encoder; "
        "use --encoder identity",
    ),
    "a discriminator for a device": (
        "rows.npz",
        _npz(x=X),
        ["--device", "cuda:99"],
        "device 'cuda:99' cannot be used: ",
    ),
    "a kernel": ("rows.npz", _npz(x=X), ["--kernel", "nope"], "no kernel named 'nope'; installed"),
}


@pytest.mark.parametrize("case", FILES)
def test_files_and_what_is_said_about_them(case: str, refused: Callable[..., str]) -> None:
    name, content, words, message = FILES[case]
    Path(name).write_bytes(content)
    assert message in refused(name, *words, "--seeds", "2", "--steps", "5")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([X[:9], X[:1], X[:9]], "1 of 3 trajectories are shorter than the 2 states of a sample"),
        ([X[:9], X[:9, :5]], "trajectories must all have the same coordinates"),
        ([[1.0, 2.0], [3.0]], "nested lists of unequal length are not read"),
        ({"x": X}, "data of type dict are not read: pass a path, a NumPy array, a torch tensor"),
    ],
)
def test_arrays_that_do_not_fit_together(data: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=message):
        discover(data, seeds=2, steps=5, out=tmp_path / "run")
    assert _snapshot(tmp_path) == {}


def test_all_problems_of_the_data_are_listed(refused: Callable[..., str]) -> None:
    np.savez("rows.npz", x=_with({(0, 0): np.nan})[:8], y=np.arange(7))
    text = refused("rows.npz", "--representation", "2*V4", "--window", "3")
    assert text.startswith("the data have 5 problems: - a state has 6 coordinates but")
    assert "- rows are samples of 1 state, but 3 were asked for" in text
    assert "- states hold 1 NaN and 0 infinite values in 1 of 8 rows" in text
    assert "- 8 rows are too few" in text
    assert "- there are 8 rows of states but 7 targets" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.npz"], "there is no file none.npz; check the path (current folder: "),
        (["."], ". is a folder; give the path of a file ending in .npy, .npz, .csv,"),
        (
            ["two-boddy"],
            "no data set and no file named 'two-boddy'; data sets: ",
        ),
        (["acme:orbits"], "no plugin named 'acme'; installed: atlasd, basics, laligan, liegan"),
        (
            ["two-body", "--method", "lieagn"],
            "no method named 'lieagn'; installed: atlasd, laligan, liegan",
        ),
        (
            ["two-body", "--preset", "papre"],
            "no preset named 'papre'; allowed: default, discrete, several, paper. Did",
        ),
        (
            ["two-body", "--set", "dataset.n_trajectories=2", "--window", "19"],
            "4 windows of 19 states are too few",
        ),
        (
            ["two-body", "--set", "dataset.min_radius=9"],
            "min_radius 9 must not exceed max_radius 3",
        ),
        (["two-body", "--seed", "99999999999999999999999"], "option 'run.seed' = 9999"),
    ],
)
def test_requests(words: list[str], message: str, refused: Callable[..., str]) -> None:
    assert message in refused(*words)


def test_unknown_components_and_options_are_collected(refused: Callable[..., str]) -> None:
    text = refused(
        *("two-body", "--discriminator", "mpl", "--group", "lie-algebr", "--windw", "2"),
        *("--set", "method.stepz=3", "--set", "grup.blocks=[2]", "--seeds", "0"),
    )
    for part in (
        "unknown argument 'windw'; allowed: ",
        "Did you mean 'window'?",
        "no discriminator named 'mpl'; installed: conv, mlp. Did you mean 'mlp'?",
        "no group named 'lie-algebr'; installed: cosets, direct-sum, lie-algebra. Did you mean ",
        "unknown option 'method.stepz'; allowed: ",
        "Did you mean 'steps'?",
        "unknown option 'grup.blocks'; options look like 'group.n_generators'",
        "option 'run.seeds' = 0: Input should be greater than or equal to 1",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: [1", "cannot read the settings file c.yaml: while parsing a flow sequence"),
        ("- a", "the settings file c.yaml must hold a mapping such as 'method: liegan'"),
        ("yes: 3", "a setting is named by text such as 'group.n_generators'; got True = 3"),
        ("options: 3", "'options' must be a mapping; got 3"),
        ("source: arrays", "these settings are of a run on arrays; pass the arrays again"),
        ("source: 7", "data of type int are not read: pass a path, a NumPy array, a torch tensor"),
        ("method: liegan", "no data given; name a data set or a file"),
        (
            "source: two-body\ngroup: {widht: 3}\ncolour: red",
            "unknown option 'colour'; options look like",
        ),
    ],
)
def test_settings_files(content: str, message: str, refused: Callable[..., str]) -> None:
    Path("c.yaml").write_text(content)
    assert message in refused("--config", "c.yaml")


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("there", "there exists already and nothing is ever overwritten; name another folder with"),
        ("file", "file exists already and nothing is ever overwritten"),
        ("file/run", "cannot create the run folder file/run: Not a directory; name a writable"),
        ("/proc/none/run", "cannot create the run folder /proc/none/run: "),
    ],
)
def test_places_to_write(out: str, message: str, refused: Callable[..., str]) -> None:
    Path("there").mkdir()
    Path("there/config.yaml").write_text("mine")
    Path("file").write_text("mine")
    np.save("rows.npy", X)
    assert message in refused("rows.npy", "--out", out)


def test_a_folder_for_the_runs_that_is_a_file(refused: Callable[..., str]) -> None:
    Path("runs").write_text("mine")
    np.save("rows.npy", X)
    assert "Not a directory; name a writable place with --out" in refused("rows.npy")


@pytest.mark.parametrize("words", [["two-boddy"], ["rows.npy", "--set", "group.blocks=[9]"]])
def test_as_a_process(words: list[str], tmp_path: Path) -> None:
    np.save("rows.npy", X)
    before = _snapshot(tmp_path)
    command = [sys.executable, "-m", "symdisc", "discover", *words, "--out", "new/run"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("symdisc: ")
    assert done.stderr.count("\n") == 1
    assert _snapshot(tmp_path) == before
