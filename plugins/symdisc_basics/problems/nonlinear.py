"""Groups that act linearly in bent coordinates only."""

from __future__ import annotations

from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from symdisc.interfaces import Family, Problem, RawData, TrueSymmetry
from symdisc_basics.datasets.lotka_volterra import velocities
from symdisc_basics.datasets.warped_oscillator import WarpedOscillatorOptions, unwarped, warped

_SMALL = 1e-4
"""Angle of the turns by whose difference a velocity is told [rad]."""


@final
class Pendulum(Problem):
    """SO(2): each state moves along its orbit."""

    family: ClassVar[Family] = "nonlinear"
    dataset: ClassVar[str] = "pendulum"

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        return TrueSymmetry(1, _swing, any_speed=True)


@final
class LotkaVolterra(Problem):
    """SO(2): each state moves along its cycle."""

    family: ClassVar[Family] = "nonlinear"
    dataset: ClassVar[str] = "lotka-volterra"

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        return TrueSymmetry(1, lambda states: velocities(states)[:, None], any_speed=True)


@final
class WarpedOscillator(Problem):
    """SO(2) on two hidden coordinates."""

    family: ClassVar[Family] = "nonlinear"
    dataset: ClassVar[str] = "warped-oscillator"

    def truth(self, options: WarpedOscillatorOptions, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""

        def fields(states: NDArray[np.float64]) -> NDArray[np.float64]:
            z = unwarped(states, options)
            step = _SMALL * np.stack([-z[:, 1], z[:, 0]], axis=1)
            ahead, back = warped(z + step, options), warped(z - step, options)
            return np.asarray((ahead - back)[:, None] / (2 * _SMALL))

        return TrueSymmetry(1, fields, any_speed=True)


def _swing(states: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([states[:, 1], -np.sin(states[:, 0])], axis=1)[:, None]
