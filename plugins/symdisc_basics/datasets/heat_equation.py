"""Warm and cold spots that spread over a square, as films of pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options
from symdisc_basics.datasets.integrating_factor import Spectrum, runge_kutta

SIDE = 16.0
"""Length of the periodic square."""

_AMPLITUDE = 3.0
_LONGEST_STEP = 0.02
_STABLE = 2.0
_SHORTEST_WAVES = 16.0


class HeatEquationOptions(Options):
    """Options of ``heat-equation``. The unit of time is that in which heat conducts by 1."""

    size: int = Field(64, ge=8, le=512, description="Rows and columns of a picture [1]")
    n_trajectories: int = Field(600, ge=1, description="Films, each from a start of its own [1]")
    n_states: int = Field(6, ge=2, description="Pictures in each film [1]")
    time_step: float = Field(0.1, gt=0, description="Time between two pictures [time]")
    width: float = Field(1.0, ge=0.3, le=4, description="Width of the spots at the start [length]")
    anisotropy: float = Field(
        0.0,
        ge=-0.4,
        le=0.4,
        description="By which share heat spreads faster along rows and more slowly along "
        "columns [1]",
    )
    chirality: float = Field(
        0.0,
        ge=-0.5,
        le=0.5,
        description="How much the axes along which heat spreads are turned from its gradient [1]",
    )
    seed: int = Field(0, ge=0, description="Seed of the starts [1]")


@final
class HeatEquation(Dataset):
    r"""Solutions of u_t = (1 + ε) u_xx + (1 − ε) u_yy + χ C(u) in a periodic square.

    ε is ``anisotropy``, χ is ``chirality``, and C(u) = 2 (∇u)ᵀ H J∇u / (1 + \|∇u\|²) with the
    second derivatives H of u and a quarter turn J. The square is [0, 16]², x grows along rows and
    y along columns; a state is a picture of u, row by row. A start is normal white noise,
    smoothed so that its spectrum is proportional to exp(−k² ``width``²), with expected variance 9.

    For ε = χ = 0 it is the heat equation. It holds at every place alike, and no direction is
    singled out, so that around each point u(t + ``time_step``) follows from u(t) nearby in a way
    that commutes with all rotations and reflections about that point: the symmetry of small
    patches is O(2), of two parts. It is none of whole pictures, since rotations do not map the
    periodic square to itself, but by quarter turns; no true generators are given for these.
    :func:`generators` and :func:`representatives` tell the truth for patches:

    - χ ≠ 0 breaks the reflections and nothing else. C is rotated along with u, but a reflection
      changes its sign, since it exchanges J for −J. Heat spreads along two axes, halfway between
      the gradient and the level line, by 1 ± χ\|∇u\|²/(1 + \|∇u\|²) instead of 1.
    - ε ≠ 0 stretches the group: rotations in the coordinates x/√(1 + ε), y/√(1 − ε) and
      reflections in the axes remain. With χ ≠ 0 as well nothing remains but half a turn.

    The linear part is exact: each wave is multiplied by its factor. C takes steps of the
    Runge–Kutta method of order 4 with that factor, short enough to be stable and at most 0.02,
    on waves with k ``width`` < 16. With χ = 0.5 a field is then wrong by 7e-5 (root mean square)
    after the first step and by less later, and a mirror changes what happens in the first step by
    34 % of it; with ε = 0.25 a quarter turn does so by 32 %.

    Bhat, Park, Yang, Dehmamy, Walters and Yu, AtlasD (ICML 2025, arXiv:2504.10777), where such
    patches stand for charts, have 10 films of 50 pictures of 128×128. There are more and shorter
    films here: a symmetry is tested on what happens in films that were held out, and a film tells
    less the longer it is, since heat evens out.
    """

    Options: ClassVar[type[Options]] = HeatEquationOptions
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    cache_version: ClassVar[int | None] = 1
    symmetry: ClassVar[str] = "O(2) of small patches: rotations and reflections"
    shape: ClassVar[tuple[int, ...]] = (600, 6, 4_096)
    recommended: ClassVar[Mapping[str, Any]] = {
        "method": "atlasd",
        "preset": "local",
        "method.charts": 4,
        "method.batch_size": 64,
    }
    description: ClassVar[str] = (
        "Films of a temperature that evens out. What happens near a point does not depend on how "
        "its surroundings are turned or mirrored: the symmetry of small patches is O(2), though "
        "it is none of whole pictures, which are square. With the option chirality a term is "
        "added that breaks the reflections: a method that reports these there is wrong. With the "
        "option anisotropy circles become ellipses, along which patches then turn."
    )

    def __init__(self, options: HeatEquationOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        options = self.options
        size, n = options.size, options.n_states
        start = starts(options)
        states = np.empty((options.n_trajectories, n, size**2), np.float32)
        states[:, 0] = start.reshape(-1, size**2)
        for i, field in enumerate(islice(evolve(start, options), n - 1), start=1):
            states[:, i] = field.reshape(-1, size**2)
        return RawData(
            states=states,
            representation=f"G{size}x{size}",
            names=tuple(f"row{i}col{j}" for i in range(size) for j in range(size)),
            units=("temperature",) * size**2,
        )


def starts(options: HeatEquationOptions) -> NDArray[np.float64]:
    """The first fields ``(n_trajectories, size, size)``."""
    rng = np.random.default_rng(options.seed)
    noise = rng.standard_normal((options.n_trajectories, options.size, options.size))
    across, down = _waves(options.size, fft.fftfreq)
    smoothing = np.exp(-(across**2 + down**2) * options.width**2 / 2)
    fields: NDArray[np.float64] = fft.ifft2(smoothing * fft.fft2(noise)).real
    return fields * (_AMPLITUDE / math.sqrt((smoothing**2).mean()))


def evolve(
    start: NDArray[np.float64], options: HeatEquationOptions
) -> Iterator[NDArray[np.float64]]:
    """The fields ``(..., size, size)`` after 1, 2, 3, ... steps of time, without end."""
    across, down = _waves(options.size, fft.rfftfreq)
    # A circle of waves, within the shortest of the grid, singles out no direction.
    shortest = min(_SHORTEST_WAVES / options.width, np.pi * options.size / SIDE)
    kept = np.hypot(across, down) < shortest
    change = partial(_chiral, across=across, down=down, weight=options.chirality * kept)
    n = _steps(options, shortest**2)
    rate = (1 + options.anisotropy) * across**2 + (1 - options.anisotropy) * down**2
    half = np.exp(-rate * options.time_step / n / 2)
    spectrum = fft.rfft2(start)
    while True:
        for _ in range(n):
            if options.chirality:
                spectrum = runge_kutta(spectrum, half, options.time_step / n, change)
            else:
                spectrum = half**2 * spectrum
        yield fft.irfft2(spectrum, s=start.shape[-2:])


def generators(options: HeatEquationOptions) -> NDArray[np.float64]:
    """The rotation of patches ``(1, 2, 2)``, along ellipses with anisotropy.

    None ``(0, 2, 2)`` with both anisotropy and chirality.
    """
    if options.anisotropy and options.chirality:
        return np.zeros((0, 2, 2))
    ratio = math.sqrt((1 + options.anisotropy) / (1 - options.anisotropy))
    return np.array([[[0.0, -ratio], [1 / ratio, 0.0]]])


def representatives(options: HeatEquationOptions) -> NDArray[np.float64]:
    """One matrix of each part of the symmetry group of patches, ``(m, 2, 2)``, 1 first.

    1 and a reflection. With chirality there is none; with both terms, which leave no rotations
    to be combined with, 1 and half a turn.
    """
    if not options.chirality:
        return np.stack([np.eye(2), np.diag([1.0, -1.0])])
    return np.stack([np.eye(2), -np.eye(2)] if options.anisotropy else [np.eye(2)])


def _waves(size: int, frequencies: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wave numbers along x (last axis of a spectrum) and along y [1/length]."""
    across = 2 * np.pi * frequencies(size, SIDE / size)
    down = 2 * np.pi * fft.fftfreq(size, SIDE / size)[:, None]
    return across, down


def _steps(options: HeatEquationOptions, square: float) -> int:
    """Steps from one picture to the next, where the highest k² is ``square``."""
    if not options.chirality:
        return 1
    longest = min(_LONGEST_STEP, _STABLE / (abs(options.chirality) * square))
    return math.ceil(options.time_step / longest - 1e-9)


def _chiral(
    spectrum: Spectrum,
    across: NDArray[np.float64],
    down: NDArray[np.float64],
    weight: NDArray[np.floating[Any]],
) -> Spectrum:
    """``weight`` times the spectrum of C(u)."""
    ux, uy, uxx, uxy, uyy = (
        fft.irfft2(factor * (weight != 0) * spectrum, s=(len(down), len(down)))
        for factor in (1j * across, 1j * down, -(across**2), -across * down, -(down**2))
    )
    turned = (ux**2 - uy**2) * uxy + ux * uy * (uyy - uxx)
    return np.asarray(weight * fft.rfft2(2 * turned / (1 + ux**2 + uy**2)), np.complex128)
