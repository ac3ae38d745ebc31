from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
import torch
from finite_groups import MIRROR, Matrix, turn

from symdisc.algebra.known import known_algebra
from symdisc.cosets.canonical import BOTH, PARITY, TIME_REVERSAL, canonical
from symdisc.cosets.component import TOLERANCE, IdentityComponent

METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
CHANGE = np.eye(4) + np.diag([0.3, -0.2, 0.25], 1)


def component(*names: str, change: Matrix | None = None) -> IdentityComponent:
    generators = np.concatenate([known_algebra(name) for name in names])
    if change is not None:
        generators = change @ generators @ np.linalg.inv(change)
    return IdentityComponent(torch.from_numpy(generators))


def element(of: IdentityComponent, seed: int) -> Matrix:
    z = 0.8 * np.random.default_rng(seed).standard_normal(of.dimension)
    return np.asarray(scipy.linalg.expm(np.tensordot(z, of.generators, 1)))


def test_a_reflection_of_the_plane_is_that_of_the_last_coordinate() -> None:
    group = component("so(2)")
    matrix, name = canonical(turn(17) @ MIRROR, group, TOLERANCE)
    assert np.allclose(matrix, MIRROR)
    assert name == ""


def test_scaling_is_taken_out() -> None:
    matrix, _ = canonical(1.7 * turn(5), component("scaling(2)"), TOLERANCE)
    assert np.allclose(matrix, turn(5))


@pytest.mark.parametrize("change", [None, CHANGE])
@pytest.mark.parametrize("extra", [(), ("scaling(4)",)])
@pytest.mark.parametrize(
    ("h", "name"), [(METRIC, PARITY), (-METRIC, TIME_REVERSAL), (-np.eye(4), BOTH)]
)
def test_parity_and_time_reversal(
    h: Matrix, name: str, extra: tuple[str, ...], change: Matrix | None
) -> None:
    group = component("so(1,3)", *extra, change=change)
    frame = np.eye(4) if change is None else change
    inside = frame @ h @ np.linalg.inv(frame)
    matrix, found = canonical(element(group, 4) @ inside, group, TOLERANCE)
    assert found == name
    # An involution with the right numbers of signs, whatever the frame.
    assert np.allclose(matrix @ matrix, np.eye(4), atol=1e-6)
    assert np.trace(matrix) == pytest.approx(np.trace(h), abs=1e-6)
    assert group.distance(matrix, inside) < 1e-6


def test_without_generators_nothing_changes() -> None:
    group = IdentityComponent(torch.zeros(0, 2, 2))
    matrix, name = canonical(turn(5), group, TOLERANCE)
    assert (matrix == turn(5)).all()
    assert name == ""
