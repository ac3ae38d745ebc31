from __future__ import annotations

import pytest
import torch

from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc_liegan.size_bound import SizeBound

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]])


def bound(low: float = 0.5, high: float = 1.5) -> SizeBound:
    states = torch.randn(3000, 2, 5, generator=torch.Generator().manual_seed(0))
    samples = Samples(states, torch.arange(3000), Representation(2, 2, 1))
    return SizeBound.fit(samples, (low, high))


def test_size_is_the_relative_displacement() -> None:
    states = torch.randn(400, 1, 2, generator=torch.Generator().manual_seed(1))
    states[..., 0] *= 3
    samples = Samples(states, torch.arange(400), Representation.vector(2))
    fitted = SizeBound.fit(samples, (0.5, 1.5))
    generators = torch.randn(3, 2, 2, 2, generator=torch.Generator().manual_seed(2))
    moved = torch.einsum("ekij,nsj->eknsi", generators, states)
    expected = (moved.square().sum((-1, -2, -3)) / states.square().sum()).sqrt()
    assert torch.allclose(fitted.size(generators), expected, rtol=1e-5)


def test_a_unit_rotation_has_size_one() -> None:
    assert bound().size(TURN[None, None]).item() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("factor", "expected"), [(0.01, 0.5), (0.5, 0.5), (0.9, 0.9), (1.5, 1.5), (70.0, 1.5)]
)
def test_generators_are_rescaled_into_the_range(factor: float, expected: float) -> None:
    found = bound()(factor * TURN[None, None])
    assert torch.allclose(found[0, 0], expected * TURN, atol=1e-6)


def test_every_generator_has_its_own_size() -> None:
    generators = torch.stack([torch.stack([TURN, 9 * TURN]), torch.stack([0.1 * TURN, TURN])])
    sizes = bound().size(bound()(generators))
    assert torch.allclose(sizes, torch.tensor([[1.0, 1.5], [0.5, 1.0]]), atol=1e-6)


def test_zero_stays_finite_and_gradients_too() -> None:
    generators = torch.zeros(1, 1, 2, 2, requires_grad=True)
    bound()(generators).sum().backward()  # type: ignore[no-untyped-call]
    assert generators.grad is not None
    assert generators.grad.isfinite().all()


def test_inside_the_range_nothing_changes() -> None:
    generators = TURN[None, None].clone().requires_grad_()
    found = bound()(generators)
    assert torch.allclose(found, generators)
    (gradient,) = torch.autograd.grad(found.sum(), generators)
    assert torch.allclose(gradient, torch.ones(1, 1, 2, 2), atol=1e-6)


def test_images_are_measured_by_how_far_their_pixels_move() -> None:
    states = torch.zeros(2, 1, 9, 9)
    states[0, 0, 4, 8] = 1  # at (8/9, 0), and nothing else varies
    samples = Samples(states.flatten(2), torch.arange(2), Representation.image(9, 9))
    fitted = SizeBound.fit(samples, (0.5, 1.5))
    generators = torch.zeros(1, 3, 3, 3)
    generators[0, 0, :2, :2] = 2 * TURN
    generators[0, 1, 0, 2] = 8 / 9
    generators[0, 2, 1, 1] = 1  # stretches y, where there is nothing
    assert fitted.size(generators).tolist()[0] == pytest.approx([2, 1, 0], abs=1e-5)
