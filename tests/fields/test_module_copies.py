from __future__ import annotations

import torch
from torch import Tensor

from symdisc.fields.module_copies import copies
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields


def _turn(spec: str) -> VectorFields:
    functions = library(spec, 2)
    coefficients = torch.zeros(1, len(functions), 2, dtype=torch.float64)
    coefficients[0, 2, 0], coefficients[0, 1, 1] = -1, 1
    return VectorFields(functions, coefficients)


def test_products_that_the_library_holds(points: Tensor) -> None:
    found = copies(_turn("polynomial(3)"), 3, points)
    assert torch.linalg.matrix_rank(found.flatten(1)) == 5
    products = VectorFields(library("polynomial(3)", 2), found).values(points)
    radial = (products * points[:, None]).sum(-1)
    assert radial.abs().max() < 1e-9
    assert torch.linalg.matrix_rank(copies(_turn("polynomial(3)"), 2, points).flatten(1)) == 2


def test_no_product_fits(points: Tensor) -> None:
    assert len(copies(_turn("affine"), 1, points)) == 0
    assert len(copies(_turn("affine"), 0, points)) == 0
