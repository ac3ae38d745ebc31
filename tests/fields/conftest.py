"""Points and fields that several tests of vector fields share."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields


@pytest.fixture
def points() -> Tensor:
    """Random points of the plane, ``(300, 2)``."""
    return torch.randn(300, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


@pytest.fixture
def turn() -> VectorFields:
    """−y ∂/∂x + x ∂/∂y among polynomials of degree 2."""
    coefficients = torch.zeros(1, 6, 2, dtype=torch.float64)
    coefficients[0, 2, 0], coefficients[0, 1, 1] = -1, 1
    return VectorFields(library("polynomial(2)", 2), coefficients, ("x", "y"))


@pytest.fixture
def cusp() -> VectorFields:
    """2y ∂/∂x + 3x² ∂/∂y, along which x³ − y² stays the same."""
    coefficients = torch.zeros(1, 6, 2, dtype=torch.float64)
    coefficients[0, 2, 0], coefficients[0, 3, 1] = 2, 3
    return VectorFields(library("polynomial(2)", 2), coefficients, ("x", "y"))
