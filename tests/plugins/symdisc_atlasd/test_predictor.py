from __future__ import annotations

import torch

from symdisc.engine.ensemble import Ensemble
from symdisc.options import Options
from symdisc.testing import check_stacked
from symdisc_atlasd.goal import Goal
from symdisc_atlasd.predictor import Network, NetworkPredictor, OraclePredictor, networks
from tests.plugins.symdisc_atlasd.planes import CPU, Corners, plane


def test_seeds_differ_and_come_back() -> None:
    x = torch.randn(1, 5, 2).expand(3, -1, -1)
    first, again = (networks((0, 1, 0), 2, 3, (8, 2), CPU)(x) for _ in range(2))
    torch.testing.assert_close(first, again, rtol=0, atol=0)
    torch.testing.assert_close(first[0], first[2])
    assert not torch.allclose(first[0], first[1])


def test_stacked_and_vmapped_forms_agree() -> None:
    members = [Network(2, 4, 8, 3) for _ in range(3)]
    assert Ensemble(members).strategy == "stacked"
    check_stacked(members, torch.randn(3, 6, 2))


def test_networks_see_scaled_inputs_and_tell_values_in_the_unit_of_targets() -> None:
    samples = plane()
    inputs = 100 + 7 * samples.states[:, 0]
    ensemble = networks((0,), 2, 1, (8, 1), CPU)
    goal = Goal.of(samples)
    predictor = NetworkPredictor.on(inputs, ensemble, goal)
    scaled = (inputs - inputs.mean(0)) / inputs.std(0, correction=0)
    expected = goal.centre + goal.scale * ensemble(scaled[None])
    torch.testing.assert_close(predictor(inputs[None]), expected)


def test_inputs_that_do_not_vary_are_no_trouble() -> None:
    inputs = torch.ones(4, 2)
    predictor = NetworkPredictor.on(inputs, networks((0,), 2, 1, (8, 1), CPU), Goal.of(plane()))
    assert predictor(inputs[None]).isfinite().all()


def test_gradients_pass_through_the_jacobian_of_an_oracle() -> None:
    oracle = Corners(Options())
    x = torch.randn(2, 3, 2, dtype=torch.float64, requires_grad=True)
    values = OraclePredictor(oracle, Goal.of_values(torch.randn(4, 2)))(x)
    assert values.shape == (2, 3, 2)
    weights = torch.randn(2, 3, 2, dtype=torch.float64)
    (found,) = torch.autograd.grad((values * weights).sum(), x)
    (expected,) = torch.autograd.grad(
        (oracle.value(x.flatten(0, 1)) * weights.flatten(0, 1)).sum(), x
    )
    torch.testing.assert_close(found, expected)
