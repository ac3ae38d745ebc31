"""Functions of a state that a result leaves unchanged, as features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.invariants import Invariants, invariants
from symdisc.fields.library import Library, Spec
from symdisc.fields.polynomials import Polynomials
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult


def state_invariants(result: SymmetryResult, functions: Spec | Library) -> Invariants:
    """Functions of a whole state, told from the states that are kept with the result.

    Args:
        result: What was found.
        functions: Functions of all coordinates of a state that they are sums of.

    Raises:
        DataError: The result moves images, acts in learned coordinates, or is a finite group.
        OptionError: ``functions`` is no library.
    """
    if not isinstance(functions, Library):
        functions = library(functions, result.representation.size)
    states = result.preview.double().flatten(0, 1)
    return invariants(state_fields(result), functions, states)


def state_fields(result: SymmetryResult) -> VectorFields:
    """The generators as fields on whole states, all vectors of which move alike.

    Raises:
        DataError: The result moves images, acts in learned coordinates, or is a finite group.
    """
    form = result.representation
    discrete = result.order is not None or len(result.generators) == 0
    if form.grid is not None or result.latent is not None or discrete:
        raise DataError(
            "invariants are functions of the coordinates that a continuous group moves; images, "
            "learned coordinates and finite groups have none here"
        )
    if result.fields is not None:
        if (form.n_vectors, form.n_scalars) != (1, 0):
            raise DataError(
                f"invariants of vector fields need states that are one vector; these are '{form}'"
            )
        return result.fields
    size, k = form.size, len(result.generators)
    coefficients = torch.zeros(k, size + 1, size, dtype=torch.float64)
    for start in range(0, form.n_moving, form.dimension):
        part = slice(start, start + form.dimension)
        coefficients[:, 1 + start : 1 + part.stop, part] = result.generators.mT
    if result.centre is not None:
        coefficients[:, 0] = -torch.einsum("j,kji->ki", result.centre, coefficients[:, 1:])
    return VectorFields(Polynomials(size, 1), coefficients, result.names)


def invariant_values(result: SymmetryResult, x: Tensor, functions: Spec | Library) -> Tensor:
    """Features ``(..., p)`` of states ``(..., size)``, each with variance 1 on held-out states.

    Raises:
        DataError: The shape of x does not fit, or as for :func:`state_invariants`.
    """
    size = result.representation.size
    if x.shape[-1:] != (size,):
        raise DataError(f"x has shape {tuple(x.shape)}; states have shape (..., {size})")
    return state_invariants(result, functions).values(x)
