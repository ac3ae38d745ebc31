"""The quadratic form that the generators of a result keep."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from symdisc.algebra.invariant_form import InvariantForm, invariant_form
from symdisc.errors import DataError

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult


def form_of(shown: SymmetryResult) -> InvariantForm:
    """See :meth:`symdisc.SymmetryResult.invariant_form`.

    Args:
        shown: In units in which coordinates are alike.

    Raises:
        DataError: The generators move images, or are all zero.
    """
    if shown.representation.grid is not None:
        raise DataError(
            "an image has no quadratic form of its own: its generators move points (x, y, 1) "
            "of the plane; the centre and the ellipses of a rotation are in result.evidence"
        )
    form = invariant_form(shown.generators, shown.blocks)
    if form is None:
        raise DataError("all generators are zero, and zero keeps every quadratic form")
    return form


def in_units_of(form: InvariantForm, scales: torch.Tensor) -> InvariantForm:
    """A form in the coordinates whose scales ``(n,)`` made them alike."""
    matrix = form.matrix / torch.outer(scales, scales)
    return replace(form, matrix=matrix / matrix.norm())
