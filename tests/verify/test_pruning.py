"""Directions of a span that are no symmetries are told from those that are."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from symdisc.algebra.known import known_algebra
from symdisc.algebra.spans import largest_angle
from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.verify.conditional import Conditional
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.distributional import Distributional
from symdisc.verify.pruning import Pruning, _passing, prune

QUICK = DefectOptions(steps=40, draws=2, resamples=200, max_rows=2_000)
FULL = torch.ones(3, 3)


def _turns() -> Tensor:
    return torch.from_numpy(known_algebra("so(3)"))


def _squares() -> Samples:
    x = np.random.default_rng(0).standard_normal((8_000, 3))
    return prepare(x, (x**2).sum(1, keepdims=True))


def _pruned(samples: Samples, generators: Tensor) -> Pruning:
    return prune(samples, generators, FULL, None, Conditional(), seed=4, options=QUICK)


def test_a_scaling_is_left_out_among_turns() -> None:
    # Mixed, so that no given generator is a symmetry by itself.
    mixing = torch.tensor(
        [[1.0, 0, 0, 1], [0, 1, 0, -1], [0, 0, 1, 1], [1, 1, 1, -1]], dtype=torch.float64
    )
    given = torch.einsum("ab,bij->aij", mixing, torch.cat([_turns(), torch.eye(3).double()[None]]))
    found = _pruned(_squares(), given)
    assert found.kept == (True, True, True, False)
    assert found.defects[3].value > 0.8 > 0.3 > max(d.value for d in found.defects[:3])
    assert largest_angle(found.generators, _turns()) < 6


def test_nothing_is_left_out_of_what_is_a_symmetry() -> None:
    found = _pruned(_squares(), 2 * _turns())
    assert found.kept == (True, True, True)
    assert torch.equal(found.generators, 2 * _turns())


def test_all_is_given_back_where_nothing_passes() -> None:
    rng = np.random.default_rng(1)
    x = rng.standard_normal((8_000, 3))
    y = np.sin(x @ np.array([1.0, 2, -1])) + x[:, 0] * x[:, 1] + x[:, 2] ** 3 / 5
    stretch = torch.diag(torch.tensor([1.0, -1, 0], dtype=torch.float64))
    given = torch.stack([torch.eye(3).double(), stretch])
    found = _pruned(prepare(x, y[:, None]), given)
    assert len(found.defects) == 2
    assert min(defect.value for defect in found.defects) > 0.6
    assert torch.equal(found.generators, given)
    assert found.kept == (True, True)


@pytest.mark.parametrize("count", [1, 2])
def test_nothing_is_told_of_noise_or_of_one_generator(count: int) -> None:
    rng = np.random.default_rng(2)
    samples = prepare(rng.standard_normal((3_000, 3)), rng.standard_normal((3_000, 1)))
    found = _pruned(samples, _turns()[:count])
    assert (found.defects, found.kept) == ((), ())
    assert torch.equal(found.generators, _turns()[:count])


def test_laws_are_pruned_as_well() -> None:
    x = np.random.default_rng(3).standard_normal((8_000, 2)) * [1.0, 2.0]
    ellipse = torch.tensor([[0.0, -0.5], [2.0, 0.0]], dtype=torch.float64)
    given = torch.stack([ellipse + torch.eye(2), ellipse - torch.eye(2)])
    found = prune(
        prepare(x), given, torch.ones(2, 2), None, Distributional(), seed=1, options=QUICK
    )
    assert found.kept == (True, False)
    assert largest_angle(found.generators, ellipse[None]) < 8


def test_the_same_seed_gives_the_same_directions() -> None:
    given = torch.cat([_turns()[:1], torch.eye(3).double()[None]])
    first, second = (_pruned(_squares(), given) for _ in range(2))
    torch.testing.assert_close(first.generators, second.generators)
    values = [[defect.value for defect in found.defects] for found in (first, second)]
    assert values[0] == pytest.approx(values[1], abs=1e-3)


def _defect(value: float) -> RelativeDefect:
    reason = "too little support" if math.isnan(value) else ""
    return RelativeDefect(
        "conditional", value, value, value, 0.01, 0.1, 0.5, 0.9, 900, 8, reason=reason
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.1, 0.2, 1.7], [True, True, False]),
        ([0.0, 0.02, 0.5], [True, True, False]),  # exact ones apart from an approximate one
        ([0.3, 0.4, 0.5], [True, True, True]),
        ([0.3, 0.45, 0.8], [True, True, False]),
        ([0.1, math.nan, 0.15], [True, False, True]),
        ([0.9, 1.0, 1.1], [False, False, False]),
        ([math.nan, math.nan], [False, False]),
    ],
)
def test_what_passes(values: list[float], expected: list[bool]) -> None:
    passed = _passing([_defect(value) for value in values], DefectOptions())
    assert list(passed) == expected
