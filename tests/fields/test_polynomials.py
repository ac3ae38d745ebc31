from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.errors import OptionError
from symdisc.fields.polynomials import Polynomials


def test_monomials_stand_in_order_of_their_degree() -> None:
    assert Polynomials(2, 2).exponents.tolist() == [[0, 0], [1, 0], [0, 1], [2, 0], [1, 1], [0, 2]]
    assert Polynomials(2, 2, lowest=2).exponents.tolist() == [[2, 0], [1, 1], [0, 2]]
    assert Polynomials(3, 0).exponents.tolist() == [[0, 0, 0]]


def test_derivatives_of_sums_stay_in_the_library(points: Tensor) -> None:
    functions = Polynomials(2, 3)
    weights = torch.randn(10, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    expected = torch.einsum("pmi,mc->pci", functions.jacobian(points), weights)
    found = torch.einsum("pm,mci->pci", functions.values(points), functions.derivatives(weights))
    torch.testing.assert_close(found, expected)


def test_impossible_degrees_are_refused() -> None:
    with pytest.raises(OptionError, match=r"degree 3 to 2: the degree must be at least 3"):
        Polynomials(2, 2, lowest=3)
    with pytest.raises(OptionError, match=r"20 coordinates up to degree 8 are 3,108,105 functions"):
        Polynomials(20, 8)
