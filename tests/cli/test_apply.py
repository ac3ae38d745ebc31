"""``symdisc apply``: flags, messages and the file it writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import symdisc
from symdisc.cli import main

X = np.random.default_rng(0).standard_normal((60, 2))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("symdisc.discovery.verify_result", lambda *_, **__: None)
        symdisc.discover(X, seeds=2, steps=5, device="cpu", n_generators=2, out=out)
    return out


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", X)


def _moved(path: str = "moved.npz") -> dict[str, NDArray[Any]]:
    with np.load(path, allow_pickle=False) as content:
        return dict(content)


def test_one_element_for_all(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apply", str(run), "x.npy", "--t", "[0.1, -0.2]"]) == 0
    result = symdisc.load(run)
    assert capsys.readouterr().out == f"moved.npz: 60 samples of x.npy, moved by {result.group}\n"
    expected = result.transform(X.astype(np.float32), [0.1, -0.2])
    assert np.allclose(_moved()["states"], expected, atol=1e-6)


def test_random_elements(run: Path) -> None:
    words = ["apply", str(run), "x.npy", "--augment"]
    assert main(words) == 0
    assert main([*words, "--seed", "3", "--scale", "0.5", "--out", "b.npz"]) == 0
    result = symdisc.load(run)
    x = X.astype(np.float32)
    assert np.allclose(_moved()["states"], result.augment(x), atol=1e-5)
    again = result.augment(x, seed=3, scale=0.5)
    assert np.allclose(_moved("b.npz")["states"], again, atol=1e-5)


def test_data_that_are_read_in_another_way(run: Path) -> None:
    np.savez("two.npz", a=X, b=2 * X)
    words = ["apply", str(run), "two.npz", "--t", "[0, 0]"]
    assert main([*words, "--set", "data.states_key=b"]) == 0
    assert np.allclose(_moved()["states"], 2 * X, atol=1e-6)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--t", "[0.1]"], "t must have one coefficient for each generator, shape (2,); got"),
        (["--t", "x"], "--t 'x' must be a number or a list of numbers, for instance --t 0.3 or"),
        (["--t", "[1, [2]]"], "--t '[1, [2]]' must be a number or a list of numbers"),
        (
            ["--augment", "--t", "0.1"],
            "--t 0.1 moves all samples alike and --augment each at random; give one of them",
        ),
        (
            ["--scale", "1", "--seed", "2"],
            "--scale and --seed set random group elements; add --augment",
        ),
        (["--out", "x.npz", "--augment"], "x.npz exists already and nothing is ever overwritten"),
        (["--out", "b.csv"], "--out b.csv must end in .npz, the form that is written"),
    ],
)
def test_requests_that_make_no_sense(
    words: list[str], message: str, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savez("x.npz", x=X)
    assert main(["apply", str(run), "x.npy", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"symdisc: {message}")
    assert sorted(path.name for path in Path().iterdir()) == ["x.npy", "x.npz"]


def test_data_that_do_not_fit(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apply", str(run), "two-body"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("symdisc: a state of two-body has 8 coordinates (q1x, ")
    assert err.endswith("), the generators act on 2\n")
    assert main(["apply", str(run), "none.npy"]) == 2
    assert "there is no file none.npy" in capsys.readouterr().err
