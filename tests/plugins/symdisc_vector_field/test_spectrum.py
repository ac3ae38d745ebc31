from __future__ import annotations

import pytest
import torch

from symdisc_vector_field.moments import Moments
from symdisc_vector_field.spectrum import FLOOR, spectrum


def _moments(defects: list[float], units: list[float]) -> Moments:
    sizes = torch.tensor(units, dtype=torch.float64) ** 2
    squares = torch.tensor(defects, dtype=torch.float64) ** 2 * sizes
    return Moments(torch.diag(squares), torch.diag(sizes), 100)


def test_defects_do_not_depend_on_units() -> None:
    plain = spectrum(_moments([3.0, 1.0, 2.0], [1, 1, 1]))
    scaled = spectrum(_moments([3.0, 1.0, 2.0], [1e-6, 1, 1e6]))
    torch.testing.assert_close(plain.values, scaled.values)
    assert (plain.values * plain.reference).tolist() == pytest.approx([1, 2, 3])
    assert plain.values.square().mean() == pytest.approx(1)


def test_a_subspace_and_rounding() -> None:
    sums = _moments([0.0, 1.0, 2.0], [1, 1, 1])
    whole = spectrum(sums)
    assert whole.values[0] == FLOOR
    part = spectrum(sums, torch.eye(3, 2, dtype=torch.float64).flip(0))
    assert len(part.values) == 2
    assert part.reference == whole.reference
    assert part.values.tolist() == pytest.approx(whole.values[1:].tolist())
