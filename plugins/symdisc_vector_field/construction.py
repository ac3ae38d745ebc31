"""When a symmetry of F is there by construction, whatever the data are like."""

from __future__ import annotations

from symdisc.fields.combined import Sum
from symdisc.fields.library import Library
from symdisc.fields.polynomials import Polynomials
from symdisc.interfaces import Oracle
from symdisc_vector_field.extended import Extended

_RICH = 2
"""Degree of a library in which a field of any function of the plane is nearly found."""


def by_construction(extended: Extended, oracle: Oracle) -> str:
    """A sentence that says so; ``""`` where it is not the case.

    c functions of d > c coordinates stay the same along fields whose components are the minors
    of their Jacobian. If F are polynomials of degree p, these are polynomials of degree c (p − 1).
    Constant fields are in no linear library, but their products with coordinates are.

    Args:
        extended: Library, representation and number of values of F.
        oracle: F, fitted.
    """
    form, c = extended.representation, extended.n_outputs
    plain = form.grid is None and form.n_vectors == 1 and extended.n_unknowns == extended.n_field
    d = form.dimension
    if not plain or extended.moves_values or c >= d:
        return ""
    held = _degree(extended.library)
    needed = None if oracle.degree is None else c * (oracle.degree - 1)
    if needed is not None and (
        held >= needed or (needed == 0 and extended.library.spec == "linear")
    ):
        return (
            f"This holds by construction: polynomials of degree {oracle.degree} in {d} coordinates "
            f"stay the same along fields of degree {needed}, all of which are in the library. "
            "That such fields exist says nothing about the data; which they are describes F."
        )
    if (d, c) == (2, 1) and (needed is None or held >= _RICH):
        return (
            "In two dimensions this holds by construction where the library is rich: every "
            "function stays the same along a field, at a right angle to its gradient. That there "
            "is one says little about the data; which it is describes F."
        )
    return ""


def _degree(library: Library) -> int:
    """Up to which degree all polynomials are in the library; −1: not even constants."""
    if isinstance(library, Sum):
        return max(map(_degree, library.parts))
    whole = isinstance(library, Polynomials) and library.lowest == 0
    return library.degree if whole and isinstance(library, Polynomials) else -1
