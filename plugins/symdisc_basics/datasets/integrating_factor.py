"""Steps in time for fields whose diffusion is known exactly, wave by wave."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Spectrum = NDArray[np.complex128]


def runge_kutta(
    spectrum: Spectrum,
    half: NDArray[np.float64],
    step: float,
    change: Callable[[Spectrum], Spectrum],
) -> Spectrum:
    """One step of the method of order 4, with diffusion as an integrating factor.

    Args:
        spectrum: Fourier coefficients of a field.
        half: By what diffusion multiplies each of them in half of a step.
        step: Length of the step [time].
        change: What else changes the coefficients, per unit of time.
    """
    first = change(spectrum)
    second = change(half * (spectrum + step / 2 * first))
    third = change(half * spectrum + step / 2 * second)
    last = change(half * (half * spectrum + step * third))
    after: Spectrum = (
        half**2 * (spectrum + step / 6 * first)
        + step / 3 * half * (second + third)
        + step / 6 * last
    )
    return after
