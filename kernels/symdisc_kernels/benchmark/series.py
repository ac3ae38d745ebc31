"""How many terms of a Taylor series an exponent needs, for counting and for plain torch.

The thresholds are those of the CPU kernel's ``series.h``: backward error below half a unit in the
last place, Al-Mohy & Higham, SIAM J. Sci. Comput. 33 (2011) 488, Table 3.1.
"""

from __future__ import annotations

import math

import torch

Degrees = tuple[tuple[int, float], ...]

DEGREES: dict[torch.dtype, Degrees] = {
    torch.float32: (
        (3, 1.123e-2),
        (4, 5.117e-2),
        (5, 1.308e-1),
        (6, 2.495e-1),
        (7, 4.015e-1),
        (8, 5.800e-1),
        (9, 7.795e-1),
        (10, 9.951e-1),
        (12, 1.461),
        (14, 1.959),
        (16, 2.478),
    ),
    torch.float64: (
        (6, 9.066e-3),
        (8, 4.991e-2),
        (10, 1.442e-1),
        (12, 2.996e-1),
        (14, 5.139e-1),
        (16, 7.802e-1),
        (18, 1.091),
        (20, 1.438),
        (22, 1.816),
        (25, 2.428),
    ),
}
"""Degrees m with the largest 1-norm for which m terms are enough."""


def plan(norm: float, dtype: torch.dtype) -> tuple[int, int]:
    """Degree m and number s of sub-steps with the fewest products m·s for exponents of a norm."""

    def steps(threshold: float) -> int:
        return max(1, math.ceil(norm / threshold))

    choices = ((terms, steps(threshold)) for terms, threshold in DEGREES[dtype])
    return min(choices, key=lambda choice: (choice[0] * choice[1], choice[1]))
