"""Copies h·X of vector fields X: solutions of X(F) = 0 that say nothing new."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.fields.library import Library
from symdisc.fields.vector_fields import VectorFields

EXACT = 1e-9
"""Residual up to which a product is taken to lie in the library, relative to its size [1]."""


def copies(fields: VectorFields, degree: int, points: Tensor) -> Tensor:
    """All products h·X that lie in the library, h being one of its functions and no constant.

    If X(F) = 0, so is (h·X)(F) = h·X(F): a library that holds both counts the same symmetry again.

    Args:
        fields: X, in a library.
        degree: Highest degree of the functions that a product may need.
        points: ``(P, d)`` float64, more than functions, at which products are compared.

    Returns:
        Coefficients ``(c, m, d)`` of the products; linearly dependent ones in general.
    """
    library = fields.library
    usable = [j for j, power in enumerate(library.degrees) if power <= degree]
    functions = library.values(points)
    factors = [j for j in usable if _varies(functions[:, j])]
    values = fields.values(points)
    products = torch.einsum("pf,pki->fkpi", functions[:, factors], values).flatten(0, 1)
    if len(products) == 0:
        return fields.coefficients[:0]
    return _expanded(library, usable, functions, products)


def _varies(values: Tensor) -> bool:
    return float(values.std()) > EXACT * float(values.abs().max())


def _expanded(library: Library, usable: list[int], functions: Tensor, products: Tensor) -> Tensor:
    """Coefficients of those products ``(c, P, d)`` that are sums of the usable functions."""
    basis = functions[:, usable]
    scales = basis.square().mean(0).sqrt()
    wanted = products.permute(1, 0, 2).flatten(1)
    solved = torch.linalg.lstsq(basis / scales, wanted, driver="gelsd").solution
    left = (basis / scales) @ solved - wanted
    shape = (len(products), products.shape[-1])
    sizes = wanted.square().sum(0).reshape(shape).sum(1).sqrt()
    residuals = left.square().sum(0).reshape(shape).sum(1).sqrt()
    inside = (residuals <= EXACT * sizes) & (sizes > 0)
    found = products.new_zeros(len(products), len(library), products.shape[-1])
    found[:, usable] = (solved / scales[:, None]).reshape(-1, *shape).permute(1, 0, 2)
    return found[inside]
