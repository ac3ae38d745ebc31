"""Functions of a few coordinates whose vector fields of invariance are known, or known to lack."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, final

import numpy as np
from numpy.typing import NDArray

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options

CENTRE = np.array([1.0, 1.0])
"""About which the ellipses and hyperbolas go."""

AXES = np.array([1.0, 4.0, 9.0])
"""Weights of the squares of the quadric."""

_SIZES = {"ellipse": 2, "hyperbola": 2, "cusp": 2, "quadric": 3, "plane-cubic": 2, "cubic": 3}
_CUSP_SPREAD = 2.0

Which = Literal["ellipse", "hyperbola", "cusp", "quadric", "plane-cubic", "cubic"]


class InvariantFunctionOptions(Options):
    """Options of ``invariant-function``. Everything is dimensionless."""

    which: Which = Field("ellipse", description="The function; see the class")
    n_samples: int = Field(5000, ge=10, description="Rows [1]")
    noise: float = Field(
        0.1,
        ge=0,
        description="Standard deviation of what is added to the target, over its spread [1]",
    )
    seed: int = Field(0, ge=0, description="Seed of the points, noise and random functions [1]")


@final
class InvariantFunction(Dataset):
    """Normally distributed rows x with y = F(x) + noise.

    ============  =========================  =============================================
    which         F(x)                       vector fields along which F stays the same
    ============  =========================  =============================================
    ellipse       (x₁ − 1)² + 4 (x₂ − 1)²    affine, 1: a rotation along ellipses
    hyperbola     (x₁ − 1)(x₂ − 1)           affine, 1: a boost
    cusp          x₁³ − x₂²                  affine: none; polynomials of degree 2: 1
    quadric       x₁² + 4 x₂² + 9 x₃²        linear, 3: so(3) along ellipsoids
    plane-cubic   random, of degree 3, in R²  affine: none; see below
    cubic         random, of degree 3, in R³  affine: none
    ============  =========================  =============================================

    The points have the centre (1, 1) for ellipses and hyperbolas, else 0, and the standard
    deviation 1, or 2 for the cusp. Coefficients of random polynomials are standard normal. Such a
    polynomial has no affine field of invariance with probability 1: that it has one is an
    algebraic condition on its coefficients, and not all polynomials satisfy it.

    In the plane *every* F stays the same along (∂F/∂x₂, −∂F/∂x₁), which for a cubic is a polynomial
    of degree 2. That it is found there says nothing about the data.

    Reference:
        Shaw, Magner, Moon: Symmetry Discovery Beyond Affine Transformations, NeurIPS 2024.
    """

    Options: ClassVar[type[Options]] = InvariantFunctionOptions
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "SO(2) along ellipses about (1, 1)"
    shape: ClassVar[tuple[int, ...]] = (5000, 2)
    description: ClassVar[str] = (
        "Points and a noisy function of them that stays the same along known vector fields: "
        "along ellipses, hyperbolas, a cusp or ellipsoids, see the option which; or a random "
        "polynomial, where a method that reports a linear or affine symmetry is wrong."
    )

    def __init__(self, options: InvariantFunctionOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        options = self.options
        rng = np.random.default_rng(options.seed)
        size = _SIZES[options.which]
        states = _spread(options.which) * rng.standard_normal((options.n_samples, size))
        states += centre_of(options.which)
        values = targets_of(states, options)
        noise = options.noise * values.std() * rng.standard_normal(options.n_samples)
        return RawData(
            states=states,
            targets=(values + noise)[:, None],
            representation=f"V{size}",
            target_representation="S",
            names=tuple(f"x{i + 1}" for i in range(size)),
        )


def centre_of(which: str) -> NDArray[np.float64]:
    """Mean of the points, ``(size,)``."""
    return CENTRE if which in ("ellipse", "hyperbola") else np.zeros(_SIZES[which])


def targets_of(states: NDArray[Any], options: InvariantFunctionOptions) -> NDArray[np.float64]:
    """F at rows x ``(N, size)``: ``(N,)``."""
    if options.which in ("plane-cubic", "cubic"):
        return _random_cubic(states, options.seed)
    x = states - centre_of(options.which)
    if options.which == "hyperbola":
        return np.asarray(x[:, 0] * x[:, 1])
    if options.which == "cusp":
        return np.asarray(x[:, 0] ** 3 - x[:, 1] ** 2)
    return np.asarray(x**2 @ AXES[[0, 1] if options.which == "ellipse" else [0, 1, 2]])


def fields_of(states: NDArray[Any], options: InvariantFunctionOptions) -> NDArray[np.float64]:
    """True fields at rows x ``(N, size)``: ``(N, k, size)``; none for random polynomials.

    For the cusp it is the field of degree 2.
    """
    which = options.which
    x = states - centre_of(which)
    if which in ("plane-cubic", "cubic"):
        return np.zeros((len(x), 0, x.shape[1]))
    if which == "cusp":
        return np.stack([2 * x[:, 1], 3 * x[:, 0] ** 2], axis=1)[:, None]
    if which == "hyperbola":
        return np.asarray(x[:, None] * [1, -1])
    gradient = x * AXES[: x.shape[1]]
    first, second = np.triu_indices(x.shape[1], 1)
    fields = np.zeros((len(x), len(first), x.shape[1]))
    number = np.arange(len(first))
    fields[:, number, first] = gradient[:, second]
    fields[:, number, second] = -gradient[:, first]
    return fields


def _spread(which: str) -> float:
    return _CUSP_SPREAD if which == "cusp" else 1.0


def _random_cubic(states: NDArray[Any], seed: int) -> NDArray[np.float64]:
    """A polynomial of degree 3 without constant term: all products of up to three coordinates."""
    rng = np.random.default_rng([seed, 1])
    size = states.shape[1]
    values = states @ rng.standard_normal(size)
    for i in range(size):
        for j in range(i, size):
            values = values + rng.standard_normal() * states[:, i] * states[:, j]
            for k in range(j, size):
                product = states[:, i] * states[:, j] * states[:, k]
                values = values + rng.standard_normal() * product
    return np.asarray(values)
