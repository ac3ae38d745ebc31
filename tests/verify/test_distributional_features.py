"""What classifiers see of samples without targets."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import ElementFamily
from symdisc.representations import Representation
from symdisc.verify.block_scales import mask_blocks, state_scales
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.distributional_features import DistributionalFeatures

MASK = torch.kron(torch.eye(2), torch.ones(2, 2))
OPTIONS = DefectOptions()


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def redundant_states(n: int = 3000) -> Tensor:
    """Four coordinates of which two are the others turned round, and a scalar in other units."""
    half = torch.randn(n, 1, 2, generator=rng(5)) * 10
    return torch.cat([half, -half, 1e-3 * torch.randn(n, 1, 1, generator=rng(6))], dim=-1)


def features(elements: Tensor, states: Tensor) -> DistributionalFeatures:
    samples = Samples(states, torch.arange(len(states)), Representation(1, 4, 1))
    blocks = mask_blocks(MASK)
    family = ElementFamily(elements, torch.zeros(len(elements)))
    scales = state_scales(samples, blocks)
    return DistributionalFeatures(samples, scales, blocks, family, OPTIONS, rng(1))


def test_real_features_are_standardised_whatever_the_units() -> None:
    build = features(torch.eye(4).expand(2, 64, 4, 4), redundant_states())
    real, _ = build(torch.arange(3000), rng())
    assert real.shape == (2, 3000, 5 + 2)
    assert build.members == 2
    torch.testing.assert_close(real.std((0, 1)), torch.ones(7), rtol=0.05, atol=0)
    torch.testing.assert_close(real.mean((0, 1)), torch.zeros(7), rtol=0, atol=0.1)


def test_the_identity_changes_nothing_but_the_noise() -> None:
    build = features(torch.eye(4).expand(1, 64, 4, 4), redundant_states())
    real, moved = build(torch.arange(3000), rng())
    difference = (real - moved)[0]
    assert difference.abs().max() > 0.1
    assert (difference.mean(0).abs() < 5 * difference.std(0) / 3000**0.5).all()


def test_moves_off_the_data_are_blurred_and_moves_along_are_not() -> None:
    apart = torch.diag(torch.tensor([1.1, 1.1, 0.9, 0.9])).expand(1, 64, 4, 4)
    along = torch.diag(torch.tensor([1.5, 1.5, 1.5, 1.5])).expand(1, 64, 4, 4)
    elements = torch.cat([apart, along])
    _, moved = features(elements, redundant_states())(torch.arange(3000), rng())
    # Eigenvalues ascend: the two directions in which nothing varies come first, and scaled
    # to the noise there a move by a tenth of the spread stays far below it.
    assert 1 < moved[0, :, :2].std() < 1.1
    assert moved[1, :, 3:5].std() > 1.4


def test_norms_show_a_change_of_radius() -> None:
    circle = torch.nn.functional.normalize(redundant_states()[..., :2], dim=-1)
    states = torch.cat([circle, -circle, torch.ones(3000, 1, 1)], dim=-1)
    larger = (1.5 * torch.eye(4)).expand(1, 64, 4, 4)
    real, moved = features(larger, states)(torch.arange(3000), rng())
    shift = (moved - real)[0].mean(0)
    assert shift[:5].abs().max() < 0.1
    assert shift[5:].min() > 1
