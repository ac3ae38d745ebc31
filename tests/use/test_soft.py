from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from symdisc.fields.polynomials import Polynomials
from symdisc.fields.vector_fields import VectorFields
from symdisc.use.cartesian import Cartesian
from symdisc.use.recordings import Recordings
from symdisc.use.soft import apart, fit_soft
from symdisc.use.velocities import velocities

TURN = VectorFields(Polynomials(2, 1, lowest=1), torch.tensor([[[0.0, 1.0], [-1.0, 0.0]]]).double())
NOWHERE = torch.zeros(2, dtype=torch.float64)
Pairs = tuple[torch.Tensor, torch.Tensor]


@pytest.fixture
def pairs(spirals: Callable[..., Recordings]) -> tuple[Pairs, Pairs, Pairs]:
    found = spirals(-0.1)
    learning, choosing = apart(found.train)
    first, second, third = (velocities(p, 0.05) for p in (learning, choosing, found.held_out))
    return first, second, third


def missed(system: Cartesian, pairs: Pairs) -> float:
    return float((system.velocity(pairs[0]) - pairs[1]).square().mean().sqrt())


def fitted(train: Pairs, choosing: Pairs, degree: int) -> Cartesian:
    return fit_soft(train, choosing, Polynomials(2, degree), ("x", "y"), NOWHERE, TURN)


def test_an_exact_symmetry_is_found_again(pairs: tuple[Pairs, Pairs, Pairs]) -> None:
    train, choosing, held_out = pairs
    assert missed(fitted(train, choosing, 3), held_out) < 1e-3


def test_a_departure_from_the_symmetry_is_kept(pairs: tuple[Pairs, Pairs, Pairs]) -> None:
    def bent(found: Pairs) -> Pairs:
        return found[0], found[1] + 0.3 * found[0].square()

    train, choosing, held_out = map(bent, pairs)
    assert missed(fitted(train, choosing, 3), held_out) < 1e-3


def test_the_symmetry_helps_where_velocities_are_uncertain(
    pairs: tuple[Pairs, Pairs, Pairs],
) -> None:
    rng = torch.Generator().manual_seed(3)
    few = torch.randperm(len(pairs[0][0]), generator=rng)[:40]

    def noisy(found: Pairs) -> Pairs:
        noise = 0.3 * torch.randn(found[1].shape, generator=rng, dtype=torch.float64)
        return found[0], found[1] + noise

    train = noisy((pairs[0][0][few], pairs[0][1][few]))
    soft = fitted(train, noisy(pairs[1]), 5)
    # What the least weight gives is plain least squares.
    columns = Polynomials(2, 5).values(train[0])
    plain = torch.linalg.lstsq(columns, train[1], driver="gelsd").solution
    free = Cartesian(VectorFields(Polynomials(2, 5), plain[None]), NOWHERE)
    assert missed(soft, pairs[2]) < 0.7 * missed(free, pairs[2])


def test_every_fourth_trajectory_chooses() -> None:
    paths = [torch.full((5, 2), float(i)) for i in range(6)]
    learning, choosing = apart(paths)
    assert [int(path[0, 0]) for path in choosing] == [1, 5]
    assert [int(path[0, 0]) for path in learning] == [0, 2, 3, 4]
    assert apart(paths[:1]) == (paths[:1], paths[:1])
