"""Every term against values worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch

from symdisc_liegan import terms

HALF = math.log(2)


@pytest.mark.parametrize(
    ("logits", "real", "fake"),
    [
        ([[0.0, 0.0]], HALF, HALF),
        ([[math.log(3.0)] * 2], math.log(4 / 3), math.log(4)),
        ([[math.log(3.0), 0.0]], (math.log(4 / 3) + HALF) / 2, (math.log(4) + HALF) / 2),
        ([[200.0, 200.0]], 0.0, 200.0),
        ([[-200.0, -200.0]], 200.0, 0.0),
    ],
)
def test_cross_entropies(logits: list[list[float]], real: float, fake: float) -> None:
    given = torch.tensor(logits, dtype=torch.float64)
    assert terms.real_loss(given).tolist() == pytest.approx([real], abs=1e-12)
    assert terms.adversarial_loss(given).tolist() == pytest.approx([real], abs=1e-12)
    assert terms.fake_loss(given).tolist() == pytest.approx([fake], abs=1e-12)


def test_every_seed_has_its_own_value() -> None:
    logits = torch.tensor([[0.0, 0.0], [200.0, 200.0]])
    assert terms.real_loss(logits).tolist() == pytest.approx([HALF, 0.0])


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
