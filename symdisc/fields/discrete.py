"""Discrete symmetries of a function in a family of maps with one parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from torch import Tensor

from symdisc.errors import DataError

SMALL = 0.2
"""Loss over the typical one up to which a map counts as a symmetry [1]."""

_LEFT = 0.5


@dataclass(frozen=True, eq=False)
class DiscreteSymmetries:
    """Parameters at which a function is the same before and after the map.

    Attributes:
        parameters: Where the loss has a minimum and is small, ascending, without that at the
            identity.
        ratios: The loss there over the typical one [1].
        scanned: All parameters that were tried, ``(T,)``.
        losses: The loss at these: mean |F(S_t x) − F(x)|², ``(T,)``.
    """

    parameters: tuple[float, ...]
    ratios: tuple[float, ...]
    scanned: NDArray[np.float64]
    losses: NDArray[np.float64]

    @property
    def step(self) -> float | None:
        """The parameter of which all found ones are multiples, by least squares; ``None``: none."""
        if not self.parameters:
            return None
        found = np.array(self.parameters)
        multiples = np.round(found / found[0])
        return float(found @ multiples / (multiples @ multiples))

    def order(self, period: float) -> int | None:
        """Order m of the cyclic group of maps that repeat after a period; ``None``: there is none.

        Args:
            period: Parameter after which the family is at the identity again.
        """
        if not self.parameters:
            return None
        count = period / (self.step or period)
        return round(count) if abs(count - round(count)) < 0.1 else None


def discrete_symmetries(
    function: Callable[[Tensor], Tensor],
    move: Callable[[float, Tensor], Tensor],
    x: Tensor,
    parameters: Tensor,
) -> DiscreteSymmetries:
    """Look for maps S_t of a family under which F(S_t x) = F(x).

    The loss is scanned, its minima are refined (Brent), and those far below the typical loss, the
    median over the scan, are kept. The neighbourhood of the identity, up to where the loss has
    reached half of the typical one, does not count.

    Args:
        function: F, maps ``(N, d)`` to ``(N, c)``.
        move: S, maps a parameter and ``(N, d)`` to ``(N, d)``; S_0 is the identity.
        x: Points ``(N, d)`` float64.
        parameters: t ``(T,)``, ascending, from 0 on.

    Raises:
        DataError: Parameters do not fit, or F is not finite, or the same everywhere.

    Reference:
        Shaw, Magner, Moon: Symmetry Discovery Beyond Affine Transformations, NeurIPS 2024.
    """
    if len(parameters) < 5:
        raise DataError(f"a scan needs at least 5 parameters; got {len(parameters)}")
    if float(parameters[0]) != 0 or not bool((parameters.diff() > 0).all()):
        raise DataError("parameters must ascend from 0, where the map is the identity")
    before = function(x)

    def loss(t: float) -> float:
        return float((function(move(t, x)) - before).square().sum(-1).mean())

    scanned = parameters.numpy().astype(np.float64)
    losses = np.array([loss(float(t)) for t in scanned])
    typical = float(np.median(losses))
    if not np.isfinite(losses).all():
        raise DataError("the function is not finite at all points, moved or not")
    if typical == 0:
        raise DataError("the function is the same at all points, moved or not")
    found = [
        _refined(loss, scanned[i - 1], scanned[i + 1])
        for i in range(_left(losses, typical), len(losses) - 1)
        if losses[i] <= min(losses[i - 1], losses[i + 1])
    ]
    kept = [(t, value / typical) for t, value in found if value <= SMALL * typical]
    return DiscreteSymmetries(
        tuple(t for t, _ in kept), tuple(ratio for _, ratio in kept), scanned, losses
    )


def _left(losses: NDArray[np.float64], typical: float) -> int:
    """The first place at which the neighbourhood of the identity is left; at least 1."""
    beyond = np.flatnonzero(losses >= _LEFT * typical)
    return max(1, int(beyond[0])) if len(beyond) else len(losses)


def _refined(loss: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    best = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-4})
    return float(best.x), float(best.fun)
