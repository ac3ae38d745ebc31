"""Every problem that is listed keeps the promises of its kind."""

from __future__ import annotations

import pytest

from symdisc.registry import default_host
from symdisc.testing import check_problem
from symdisc_basics import symdisc_problems

NAMES = [component.name for component in symdisc_problems()]
FEW = {
    "lorentz": {"n_events": 500},
    "lorentz-parity": {"n_events": 500},
    "chaotic-control": {"n_trajectories": 5},
    "two-body": {"n_trajectories": 5},
    "three-body": {"n_trajectories": 2},
    "pendulum": {"n_trajectories": 5},
    "lotka-volterra": {"n_trajectories": 5},
    "warped-oscillator": {"n_trajectories": 5},
}


@pytest.mark.parametrize("name", NAMES)
def test_promises(name: str) -> None:
    component = default_host().get("problem", name)
    check_problem(component, FEW.get(component.dataset, {"n_samples": 300}))


def test_there_are_enough_of_each_family() -> None:
    families = [default_host().get("problem", name).family for name in NAMES]
    assert len(NAMES) >= 24
    assert families.count("negative") >= 8
    assert {"continuous", "discrete", "nonlinear", "field"} < set(families)
