"""The energy criterion prefers symmetries, and the identity gains nothing."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from symdisc.data.samples import Samples
from symdisc.engine.ensemble import Ensemble
from symdisc.representations import Representation
from symdisc_liegan.criterion import EnergyCriterion

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]])
STRETCH = torch.tensor([[1.0, 0.0], [0.0, -1.0]])
RNG = torch.Generator().manual_seed(0)
STATES = torch.randn(500, 1, 2, generator=RNG)
RADIUS = STATES.square().sum(-1)


class Fixed(nn.Module):
    """Gives the generators it is made of."""

    def __init__(self, generators: Tensor) -> None:
        super().__init__()
        self.values = nn.Parameter(generators)

    def generators(self) -> Tensor:
        return 1.0 * self.values


def _samples(targets: str = "none") -> Samples:
    given = {
        "none": None,
        "radius": RADIUS,
        "moving": STATES[:, 0] * 2,
        "label": (RADIUS[:, 0] > 1.4).long(),
    }
    forms = {"radius": Representation.scalars(1), "moving": Representation.vector(2)}
    return Samples(
        STATES,
        torch.arange(len(STATES)),
        Representation.vector(2),
        targets=given[targets],
        target_representation=forms.get(targets),
    )


def _criteria(samples: Samples, *generators: Tensor) -> list[float]:
    modules = {"generator": Ensemble([Fixed(g[None]) for g in generators])}
    values: list[float] = EnergyCriterion.fit(samples, None)(samples, modules).tolist()
    return values


@pytest.mark.parametrize("targets", ["none", "radius", "moving", "label"])
def test_a_symmetry_is_better_than_what_is_none(targets: str) -> None:
    turn, stretch = _criteria(_samples(targets), TURN, STRETCH)
    assert abs(turn) < 0.01
    assert stretch > 0.05


def test_the_size_of_a_generator_means_nothing() -> None:
    values = _criteria(_samples(), 1e-2 * STRETCH, STRETCH, -50 * STRETCH)
    assert values[0] == pytest.approx(values[1], rel=1e-3)
    assert values[2] == pytest.approx(values[1], rel=0.2)  # moved by −z: other random numbers


def test_the_identity_cannot_win() -> None:
    assert _criteria(_samples(), 0 * TURN, 1e-5 * TURN, TURN)[:2] == [math.inf, math.inf]


def test_every_one_of_several_generators_counts() -> None:
    both = torch.stack([TURN, STRETCH])
    modules = {"generator": Ensemble([Fixed(torch.stack([TURN, TURN])), Fixed(both)])}
    good, bad = EnergyCriterion.fit(_samples(), None)(_samples(), modules).tolist()
    assert abs(good) < 0.01 < 0.05 < bad


def test_targets_that_should_move_and_do_not_are_seen() -> None:
    samples = _samples("moving")
    still = Samples(
        samples.states,
        samples.trajectory,
        samples.representation,
        targets=samples.targets,
        target_representation=Representation.scalars(2),
    )
    assert _criteria(still, TURN)[0] > _criteria(samples, TURN)[0] + 0.01


def test_the_same_state_has_the_same_value() -> None:
    torch.manual_seed(1)
    first = _criteria(_samples(), TURN + 0.3 * STRETCH)
    torch.manual_seed(2)
    before = torch.get_rng_state()
    assert _criteria(_samples(), TURN + 0.3 * STRETCH) == first
    assert torch.equal(torch.get_rng_state(), before)
