"""The energy distance against its value for normal laws."""

from __future__ import annotations

import math

import pytest
import torch

from symdisc_basics.energy_distance import energy_distance


def test_energy_distance_of_normal_samples() -> None:
    """Two normal laws in one dimension whose means differ by d; E|N(0, 2)| = 2/√π."""
    rng = torch.Generator().manual_seed(3)
    first, second = torch.randn(2, 8, 2000, 1, generator=rng)
    assert energy_distance(first, second).mean().item() == pytest.approx(0.0, abs=0.01)
    expected = 2 * _mean_distance(1.5) - 2 * _mean_distance(0.0)
    found = energy_distance(first, second + 1.5).mean().item()
    assert found == pytest.approx(expected, abs=0.06)


def _mean_distance(shift: float) -> float:
    """E|N(shift, 2)|."""
    spread = math.sqrt(2)
    return spread * math.sqrt(2 / math.pi) * math.exp(-(shift**2) / 4) + shift * math.erf(shift / 2)
