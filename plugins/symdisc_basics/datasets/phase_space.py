"""Starts for equations of motion, drawn evenly from a part of phase space."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def uniform_where(
    accepted: Callable[[NDArray[np.float64]], NDArray[np.bool_]],
    bounds: NDArray[np.float64],
    n: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Points of a region, uniform in volume: those of a box that lie in it.

    A flow without divergence that keeps the region as it is keeps this law too (Liouville), so
    that states at all times are distributed like those at the start.

    Args:
        accepted: Which rows ``(m, size)`` lie in the region, which must fill a fair part of the
            box.
        bounds: ``(size, 2)`` ends of the box.
        n: How many points [1].
        rng: Source of random numbers.

    Returns:
        ``(n, size)``.
    """
    kept = np.empty((0, len(bounds)))
    while len(kept) < n:
        drawn = rng.uniform(bounds[:, 0], bounds[:, 1], (n, len(bounds)))
        kept = np.concatenate([kept, drawn[accepted(drawn)]])
    return kept[:n]
