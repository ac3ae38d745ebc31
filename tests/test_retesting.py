"""Results are tested again on their own rows and on new ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from elements_toy import MIRROR, elements_host, turn
from latent_toy import found_in, toy_host, trajectories

import symdisc
from symdisc import SymmetryResult, discover
from symdisc.data.standardise import Standardisation
from symdisc.errors import DataError, OptionError
from symdisc.own_units import in_own_units
from symdisc.registry import default_host
from symdisc.retesting import THOROUGH, Retest, retest_run

RNG = np.random.default_rng(0)
QUICK: dict[str, Any] = {
    "verify.steps": 30,
    "verify.n_references": 5,
    "verify.draws": 1,
    "verify.resamples": 200,
}
HOST = default_host()
KEPT = ("result", "result-earlier-1", "result-earlier-2")


def rows(seed: int, n: int = 900) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Points about a centre, alike in all directions once the first is divided by 1000."""
    return np.random.default_rng(seed).standard_normal((n, 2)) * [1000, 1] + [3000, 3]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[SymmetryResult, Path]:
    """A run on a file, standardised about the centre of its rows."""
    folder = tmp_path_factory.mktemp("runs")
    np.save(folder / "rows.npy", rows(1))
    options = {**QUICK, "data.standardise": "centre", "method.steps": 150}
    result = discover(
        folder / "rows.npy", seeds=2, device="cpu", options=options, out=folder / "run"
    )
    return result, folder / "run"


def test_the_same_test_gives_the_same(finished: tuple[SymmetryResult, Path]) -> None:
    """The rows and the scales are made again, so that nothing but rounding can differ."""
    result, _ = finished
    again = Retest().test(HOST, result)
    assert result.verification is not None
    assert again.verification is not None
    (first,), (second,) = result.verification.defects, again.verification.defects
    assert second.n_rows == first.n_rows == 135
    assert second.value == pytest.approx(first.value, abs=1e-3)
    assert second.reference == pytest.approx(first.reference, rel=1e-3)
    assert again.verification.rows == "held-out rows"
    assert again.provenance["verification"]["options"]["steps"] == 30
    assert torch.equal(again.generators, result.generators)


def test_new_rows_are_moved_about_the_centre_that_was_found(
    finished: tuple[SymmetryResult, Path], tmp_path: Path
) -> None:
    truth = torch.tensor([[[0.0, 1000.0], [-0.001, 0.0]]], dtype=torch.float64)
    known = replace(finished[0], generators=truth, centre=torch.tensor([3000.0, 3.0]).double())
    np.save(tmp_path / "new.npy", rows(2, 600))
    tested = Retest(tmp_path / "new.npy").test(HOST, known).verification
    assert tested is not None
    assert (tested.rows, tested.worst.n_rows) == ("rows of new.npy", 600)
    assert tested.worst.value < 0.2
    elsewhere = replace(known, centre=torch.tensor([5000.0, 5.0]).double())
    off = Retest(tmp_path / "new.npy").test(HOST, elsewhere).verification
    assert off is not None
    assert off.worst.low > 0.3


def test_settings_of_the_test(finished: tuple[SymmetryResult, Path]) -> None:
    wide = Retest(alpha=0.5).test(HOST, finished[0]).verification
    assert wide is not None
    assert wide.worst.alpha == 0.5
    assert wide.worst.confidence == "50 %"
    with pytest.raises(OptionError, match=r"verify.alpha"):
        Retest(alpha=2.0).test(HOST, finished[0])


def test_thorough_is_more_of_everything(
    finished: tuple[SymmetryResult, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {}

    def look(*_: Any, options: Any, **__: Any) -> Any:
        seen.update(options.model_dump())
        return finished[0].verification

    monkeypatch.setattr("symdisc.retesting.verify_result", look)
    Retest(thorough=True, alpha=0.01).test(HOST, finished[0])
    assert {name: seen[name] for name in THOROUGH} == THOROUGH
    assert seen["alpha"] == 0.01


def test_earlier_results_are_kept(finished: tuple[SymmetryResult, Path]) -> None:
    result, run = finished
    told: list[str] = []
    for _ in range(2):
        again = retest_run(run, Retest(alpha=0.2), HOST, told.append)
    assert told == []
    # Equal as texts, since what is not a number differs from itself.
    kept = {name: str(symdisc.load(run / name).verification) for name in KEPT}
    assert kept["result"] == kept["result-earlier-2"] == str(again.verification)
    assert kept["result-earlier-1"] == str(result.verification)
    assert "80 %" in (run / "report.html").read_text(encoding="utf-8")


def test_changed_data_are_refused(finished: tuple[SymmetryResult, Path], tmp_path: Path) -> None:
    result, run = finished
    path = run.parent / "rows.npy"
    kept = path.read_bytes()
    np.save(path, rows(3))
    try:
        with pytest.raises(DataError, match=r"^the data of this run have changed: what is read"):
            Retest().test(HOST, result)
    finally:
        path.write_bytes(kept)


def test_data_that_are_not_at_hand(finished: tuple[SymmetryResult, Path]) -> None:
    result, _ = finished
    arrays = replace(result, config={**result.config, "source": "arrays"})
    with pytest.raises(DataError, match=r"was on arrays in memory.*with --data FILE$"):
        Retest().test(HOST, arrays)
    provenance = {name: v for name, v in result.provenance.items() if name != "fingerprint"}
    with pytest.raises(DataError, match=r"^this run is of an earlier version, which kept nothing"):
        Retest().test(HOST, replace(result, provenance=provenance))


@pytest.mark.slow
def test_learned_coordinates_are_tested_on_new_data_in_their_own_units() -> None:
    """Also what the coordinates lose is told by the new data."""
    result, parts = found_in(trajectories())
    config = {**result.config, "options": {**result.config["options"], "run": {"seed": 0}}}
    mean, scale = torch.full((3,), 2.0), torch.full((3,), 7.0)
    standard = replace(
        Standardisation.of(parts.train, "centre"), mean=mean.double(), states=scale.double()
    )
    own = replace(in_own_units(result, standard), config=config)
    options = config["options"]
    options["verify"], options["data"] = {"n_references": 8}, {"standardise": "centre"}
    again = Retest(data=[7 * x + 2 for x in trajectories(20, seed=9)]).test(toy_host(), own)
    assert again.verification is not None
    assert again.verification.overall.word == "confirmed"
    assert again.verification.worst.statement == "latent"
    lossy, _ = found_in(trajectories(), "circle")
    lost = replace(lossy, config={**config, "options": {**options, "data": {}}})
    tested = Retest(data=trajectories(20, seed=9)).test(toy_host(), lost).verification
    assert tested is not None
    assert tested.overall.word == "not supported"


def test_discrete_elements_are_tested_again(tmp_path: Path) -> None:
    """On data of unlike units, in which a reflection is no orthogonal matrix."""
    turned = turn(0.6) @ MIRROR @ turn(-0.6)
    x = np.random.default_rng(3).standard_normal((3000, 2))
    y = (x @ turn(0.6).numpy())[:, :1] + (x**2).sum(1, keepdims=True)
    np.savez(tmp_path / "rows.npz", x=x * [1000, 1], y=y)
    how: dict[str, Any] = {
        **QUICK,
        "data.standardise": "scale",
        "method.representatives": [turned.tolist()],
        "method.noise": 0.0,
    }
    host = elements_host()
    result = discover(
        tmp_path / "rows.npz", method="given", options=how, host=host, out=tmp_path / "run"
    )
    assert result.discrete is not None
    assert float(result.discrete.representatives[1][0, 1].abs()) > 100
    again = Retest(alpha=0.1).test(host, symdisc.load(tmp_path / "run"))
    assert again.verification is None
    assert again.discrete is not None
    first, second = result.discrete.tests, again.discrete.tests
    assert first is not None
    assert second is not None
    assert torch.equal(again.discrete.representatives, result.discrete.representatives)
    assert second.defects[0].value == pytest.approx(first.defects[0].value, abs=1e-3)
    assert second.defects[0].alpha == 0.1
    new = Retest(data=tmp_path / "rows.npz").test(host, again)
    assert new.discrete is not None
    assert new.discrete.tests is not None
    assert new.discrete.tests.rows.startswith("rows of rows.npz")
