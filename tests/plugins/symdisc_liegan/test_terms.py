"""Every term against values worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch

from symdisc.representations import Representation
from symdisc_liegan import terms

IMAGE = Representation.image(4, 6)


def test_similarity_is_the_size_of_the_mean_cosine() -> None:
    x = torch.tensor([[1.0, 0.0], [0.0, 2.0]]).reshape(1, 2, 1, 2)

    def similarity(moved: list[list[float]]) -> float:
        return float(terms.similarity(x, torch.tensor(moved).reshape(1, 2, 1, 2)))

    assert similarity([[3.0, 0.0], [0.0, 5.0]]) == pytest.approx(1.0)
    assert similarity([[-3.0, 0.0], [0.0, -5.0]]) == pytest.approx(1.0)
    assert similarity([[0.0, 1.0], [1.0, 0.0]]) == pytest.approx(0.0)
    assert similarity([[3.0, 0.0], [0.0, -5.0]]) == pytest.approx(0.0)
    assert similarity([[1.0, 1.0], [0.0, 1.0]]) == pytest.approx((1 + 1 / math.sqrt(2)) / 2)


def test_similarity_takes_all_states_of_a_sample_together() -> None:
    x = torch.tensor([[3.0, 0.0], [0.0, 1.0]]).reshape(1, 1, 2, 2)
    moved = torch.tensor([[3.0, 0.0], [0.0, -1.0]]).reshape(1, 1, 2, 2)
    assert float(terms.similarity(x, moved)) == pytest.approx(8 / 10)


def test_overlap_sums_the_cosines_of_all_pairs() -> None:
    a, b = torch.tensor([[0.0, 2.0], [0.0, 0.0]]), torch.tensor([[0.0, 0.0], [3.0, 0.0]])
    generators = torch.stack(
        [torch.stack([a, b, a + b]), torch.stack([a, -a, a]), torch.stack([a, b, b * 0])]
    )
    cosines = (2 + 3) / math.sqrt(13)
    assert terms.overlap(generators).tolist() == pytest.approx([cosines, 3.0, 0.0])


def test_one_generator_overlaps_with_nothing() -> None:
    assert terms.overlap(torch.randn(2, 1, 3, 3)).tolist() == [0.0, 0.0]


def test_sparsity_sums_frobenius_norms() -> None:
    generators = torch.zeros(2, 2, 2, 2)
    generators[0, 0] = torch.tensor([[3.0, 0.0], [4.0, 0.0]])
    generators[0, 1] = torch.eye(2)
    assert terms.sparsity(generators).tolist() == pytest.approx([5 + math.sqrt(2), 0.0])


def test_nearness_is_minus_the_relative_displacement_up_to_one() -> None:
    x = torch.tensor([[3.0, 4.0], [0.0, 2.0]]).reshape(1, 2, 1, 2)
    moved = torch.tensor([[3.0, 3.0], [9.0, 2.0]]).reshape(1, 2, 1, 2)
    assert float(terms.nearness(x, moved)) == pytest.approx(-(1 / 5 + 1) / 2)
    assert float(terms.nearness(x, x)) == pytest.approx(0, abs=1e-12)


def test_nearness_has_a_gradient_at_the_identity() -> None:
    x = torch.ones(1, 2, 1, 2)
    moved = x.clone().requires_grad_()
    torch.autograd.backward(terms.nearness(x, moved).sum())
    assert moved.grad is not None
    assert bool(moved.grad.isfinite().all())


def test_smallness_is_minus_the_mean_norm_up_to_one() -> None:
    generators = torch.zeros(2, 2, 2, 2)
    generators[0, 0, 0, 1] = 0.5
    generators[0, 1] = torch.eye(2)
    assert terms.smallness(generators).tolist() == pytest.approx([-0.75, 0.0])


def test_spectra_of_shifted_images_are_the_same() -> None:
    rng = torch.Generator().manual_seed(0)
    x = torch.rand(2, 5, 1, 4, 6, generator=rng)
    shifted = x.roll((1, 2), dims=(-2, -1))
    same = terms.spectral_similarity(x.flatten(3), shifted.flatten(3), IMAGE)
    assert same.tolist() == pytest.approx([1, 1], abs=1e-6)
    assert float(terms.similarity(x.flatten(3), shifted.flatten(3)).max()) < 0.9


def test_spectra_of_other_images_differ() -> None:
    across = torch.zeros(1, 1, 1, 4, 6)
    across[..., 1, :] = 1
    down = torch.zeros(1, 1, 1, 4, 6)
    down[..., :, 2] = 1
    found = terms.spectral_similarity(across.flatten(3), down.flatten(3), IMAGE)
    assert float(found) < 0.8


def test_spectra_need_images() -> None:
    x = torch.zeros(1, 1, 1, 4)
    with pytest.raises(ValueError, match="'V4' holds no images"):
        terms.spectral_similarity(x, x, Representation.vector(4))


def test_killing_overlap_by_hand() -> None:
    turn = torch.tensor([[0.0, -1.0], [1.0, 0.0]]) * 3
    boost = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    one = torch.eye(2) * 5
    generators = torch.stack(
        [torch.stack([turn, turn, boost]), torch.stack([one, one, turn]), torch.stack([boost] * 3)]
    )
    # tr(T̂²) = −1 and tr(B̂²) = 1 for unit norm; the identity is in the centre of gl(2).
    assert terms.killing_overlap(generators).tolist() == pytest.approx([1, 0, 3], abs=1e-6)
