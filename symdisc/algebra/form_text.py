"""Quadratic forms in words and as formulas."""

from __future__ import annotations

from collections.abc import Sequence

from symdisc.algebra.forms import Matrix

SMALLEST = 0.05
"""Smaller coefficients are left out of formulas [1]."""


def formula(form: Matrix, names: Sequence[str]) -> str:
    """A quadratic form written out, for instance "E² − 0.99 px² − 1.01 py²".

    A multiple of the form is written: the first square that is not small has coefficient 1.

    Args:
        form: J, ``(n, n)``, symmetric, not zero.
        names: Names of the n coordinates.

    Returns:
        The terms with coefficients of modulus at least ``SMALLEST``.
    """
    scaled = form / _leading(form)
    n = len(scaled)
    squares = [(float(scaled[i, i]), f"{names[i]}²") for i in range(n)]
    products = [
        (2 * float(scaled[i, j]), f"{names[i]} {names[j]}")
        for i in range(n)
        for j in range(i + 1, n)
    ]
    terms = [_term(value, name) for value, name in squares + products if abs(value) >= SMALLEST]
    return " ".join(terms).removeprefix("+ ")


def signature_words(signature: tuple[int, int]) -> str:
    """What a signature means, for instance "1 negative, 3 positive: a Minkowski form"."""
    positive, negative = signature
    if negative == 0:
        return f"{positive} positive: a positive definite form, the square of a length"
    kind = "a Minkowski form" if negative == 1 else "an indefinite form"
    return f"{negative} negative, {positive} positive: {kind}"


def _leading(form: Matrix) -> float:
    """The first entry of the diagonal that is not small, else the largest entry."""
    largest = float(abs(form).max())
    large = [float(value) for value in form.diagonal() if abs(value) >= largest / 2]
    return large[0] if large else largest


def _term(value: float, name: str) -> str:
    sign, size = "−" if value < 0 else "+", f"{abs(value):.2f}"
    return f"{sign} {name}" if size == "1.00" else f"{sign} {size} {name}"
