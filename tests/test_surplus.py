"""Of generators searched for with some to spare, symmetries remain, as a closed algebra."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import symdisc
from symdisc import SymmetryResult, discover
from symdisc.algebra.known import known_algebra
from symdisc.algebra.spans import largest_angle
from symdisc.assembly import assemble
from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.interfaces import Discovery
from symdisc.surplus import without_surplus
from symdisc.verify.conditional import Conditional
from symdisc.verify.defect_options import DefectOptions

QUICK = DefectOptions(steps=40, draws=2, resamples=200, max_rows=2_000)
TURNS = torch.from_numpy(known_algebra("so(3)"))


def _samples() -> Samples:
    x = np.random.default_rng(0).standard_normal((6_000, 3))
    return prepare(x, (x**2).sum(1, keepdims=True))


def _result(generators: torch.Tensor, noise: float = 0.01) -> SymmetryResult:
    """What four seeds with these generators, and a little noise each, have in common."""
    rng = torch.Generator().manual_seed(1)
    shape = (4, *generators.shape)
    seeds = generators + noise * torch.randn(shape, generator=rng, dtype=torch.float64)
    found = Discovery(seeds, torch.ones(3, 3), surplus=True)
    return assemble(found, (0, 1, 2, 3), _samples(), {})


def _remaining(result: SymmetryResult) -> SymmetryResult:
    return without_surplus(result, _samples(), Conditional(), seed=2, options=QUICK)


def test_a_scaling_is_left_out_and_the_rest_is_closed() -> None:
    before = _result(torch.cat([TURNS, torch.eye(3).double()[None]]))
    assert len(before.generators) == 4
    after = _remaining(before)
    assert after.group.startswith("SO(3)")
    assert after.algebra.name == "so(3)"
    assert after.algebra.closure < 1e-6
    assert largest_angle(after.generators, TURNS) < 6
    (kept, closed) = after.notes[-2:]
    assert kept.startswith("Of the 4 directions that the seeds have in common, 3 were kept: ")
    assert "; left out: " in kept
    assert closed.startswith("Brackets of these generators leave their span by ")
    assert "shown is the nearest algebra that is closed, so(3), " in closed


def test_all_of_a_symmetry_remains() -> None:
    after = _remaining(_result(TURNS))
    assert after.group.startswith("SO(3)")
    assert any(
        note.startswith("Each of the 3 directions was tested on rows that were not held out, and")
        for note in after.notes
    )


def test_one_generator_or_no_agreement_is_left_as_it_is() -> None:
    one = _result(TURNS[:1])
    assert _remaining(one) is one
    apart = _result(TURNS, noise=5.0)
    assert not apart.has_consensus
    assert _remaining(apart) is apart


def test_what_is_no_known_algebra_is_not_closed() -> None:
    stretches = torch.diag_embed(torch.tensor([[1.0, -1, 0], [0, 1, -1]], dtype=torch.float64))
    shear = torch.zeros(3, 3, dtype=torch.float64)
    shear[0, 1] = shear[2, 0] = 1
    before = _result(torch.cat([stretches, shear[None]]))
    after = _remaining(before)
    assert not any("that is closed" in note for note in after.notes)
    assert len(after.generators) == len(before.generators)


def _run(out: Path | None = None, **more: Any) -> SymmetryResult:
    x = np.random.default_rng(0).standard_normal((900, 2))
    y = (x**2).sum(1, keepdims=True)
    options = {"verify.steps": 20, "verify.resamples": 200, "verify.draws": 1}
    return discover(x, y, n_generators="auto", seeds=2, steps=40, out=out, options=options, **more)


def test_runs_with_generators_to_spare_are_pruned(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def watched(
        result: SymmetryResult, samples: Samples, *rest: Any, **more: Any
    ) -> SymmetryResult:
        asked.append(len(samples))
        return result

    monkeypatch.setattr("symdisc.discovery.without_surplus", watched)
    _run()
    # The rows of the training, 70 %.
    assert asked == [630]
    discover(np.random.default_rng(0).standard_normal((300, 2)), n_generators=1, seeds=2, steps=5)
    assert asked == [630]


def test_interrupted_while_pruning_keeps_the_generators(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupt(*arguments: Any, **keywords: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("symdisc.discovery.without_surplus", interrupt)
    result = _run(tmp_path / "run")
    assert result.interrupted == "stopped while testing how many generators there are"
    assert result.verification is None
    assert symdisc.load(tmp_path / "run").interrupted == result.interrupted
