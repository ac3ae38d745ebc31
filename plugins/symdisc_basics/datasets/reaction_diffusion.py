"""Rotating spiral waves of a reaction–diffusion equation, as small pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar, Literal, final

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options
from symdisc_basics.datasets.integrating_factor import runge_kutta

SIDE = 20.0
"""Length of the square."""

_LONGEST_STEP = 0.025


class ReactionDiffusionOptions(Options):
    """Options of ``reaction-diffusion``."""

    size: int = Field(32, ge=8, le=512, description="Rows and columns of a picture [1]")
    n_arcs: int = Field(80, ge=1, description="Trajectories into which the film is cut [1]")
    n_states: int = Field(50, ge=2, description="States in each trajectory [1]")
    time_step: float = Field(0.05, gt=0, description="Time between two states [time]")
    warm_up: float = Field(
        50.0, ge=0, description="Time from the start of the spiral to the first state [time]"
    )
    diffusion: float = Field(0.1, gt=0, description="Diffusion of both substances [length²/time]")
    observed: Literal["u", "uv"] = Field("u", description="Which substances a state holds")
    noise: float = Field(
        0.0, ge=0, description="Standard deviation of what is added to each number [1]"
    )
    seed: int = Field(0, ge=0, description="Seed of the phase at the start and of the noise [1]")


@final
class ReactionDiffusion(Dataset):
    r"""Spiral waves of the λ–ω equations in a periodic square.

    u_t = (1 − r²)u + r²v + dΔu, v_t = −r²u + (1 − r²)v + dΔv, with r² = u² + v². The square
    is [−10, 10]², pixels are its cells, and the start is u = tanh ρ cos(θ − ρ − φ),
    v = tanh ρ sin(θ − ρ − φ) in polar coordinates (ρ, θ) about the middle, with φ uniform on the
    circle. A state holds u, row by row, and then v if ``observed`` says so. It is a film of
    ``n_arcs`` · ``n_states`` states, cut into arcs so that whole arcs can be held out.

    For A = u + iv it is one equation, A_t = (1 − (1 + i)\|A\|²)A + dΔA. Where A solves it, so
    does A times exp(iα): a turn of (u, v) by one angle in all places. The spiral settles down to
    A(t) = exp(−iωt) A(0), which moves by this symmetry alone, so that u stays in a plane of
    pictures and goes round there at one speed. With the default options ω = 0.898, and after
    ``warm_up`` A is of this form to 0.5 %. In the published data the warm-up is part of the film.

    Space is treated by Fourier series, time by the Runge–Kutta method of order 4 with diffusion
    as an integrating factor, in steps of at most 0.025. With steps four times
    as short values differ by 2e-7 within 50 units of time. 32×32 pixels are coarse: with 288×288
    values differ by 0.03 (root mean square) within 10 units of time, from 96×96 on by 0.006.

    After Champion, Lusch, Kutz and Brunton, Data-driven discovery of coordinates and governing
    equations (PNAS 116, 2019, arXiv:1904.02107); used in Yang, Dehmamy, Walters and Yu, Latent
    Space Symmetry Discovery (ICML 2024, arXiv:2310.00105) with 100×100 pixels, 10,000 states
    and no warm-up: ``size=100``, ``n_arcs=200``, ``warm_up=0``, 400 MB.
    """

    Options: ClassVar[type[Options]] = ReactionDiffusionOptions
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    cache_version: ClassVar[int | None] = 1
    symmetry: ClassVar[str] = "SO(2), nonlinear: a shift of the phase along the cycle"
    shape: ClassVar[tuple[int, ...]] = (80, 50, 1024)
    description: ClassVar[str] = (
        "A film of two substances that react and spread: a spiral wave turns about the middle of "
        "a square at a steady pace. Pictures are of one substance, or of both. All pictures lie "
        "on one closed curve; the symmetry moves them along it, from one phase to another."
    )

    recommended: ClassVar[Mapping[str, Any]] = {
        "method": "laligan",
        "method.steps": 1500,
        "method.law": 0.3,
        "method.law_share": 1.0,
        "encoder": "mlp",
        "encoder.components": 10,
        "encoder.principal": True,
        "encoder.activation": "silu",
    }

    def __init__(self, options: ReactionDiffusionOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        size, observed = self.options.size, self.options.observed
        states = _film(self.options)
        return RawData(
            states=states.reshape(self.options.n_arcs, self.options.n_states, -1),
            representation=f"{'' if observed == 'u' else '2*'}G{size}x{size}",
            names=tuple(
                f"{s}row{i}col{j}" for s in observed for i in range(size) for j in range(size)
            ),
            units=("concentration",) * states.shape[1],
        )


def _film(options: ReactionDiffusionOptions) -> NDArray[np.float32]:
    """All states ``(n_arcs · n_states, size² or 2 size²)``, one after the other."""
    rng = np.random.default_rng(options.seed)
    start = np.exp(-2j * np.pi * rng.uniform()) * spiral(options.size)
    warm = next(evolve(start, options.warm_up, options.diffusion))
    fields = evolve(warm, options.time_step, options.diffusion)
    substances = len(options.observed)
    n = options.n_arcs * options.n_states
    film = np.empty((n, substances, *start.shape), np.float32)
    film[0] = _parts(warm)[:substances]
    for frame, field in zip(film[1:], islice(fields, n - 1), strict=True):
        frame[:] = _parts(field)[:substances]
    if options.noise:  # whole films of zeros would double the memory
        film += np.float32(options.noise) * rng.standard_normal(film.shape, np.float32)
    return film.reshape(n, -1)


def _parts(field: NDArray[np.complex128]) -> NDArray[np.float64]:
    return np.stack([field.real, field.imag])


def spiral(size: int) -> NDArray[np.complex128]:
    """The start u + iv in the cells of a grid, ``(size, size)``, with phase 0."""
    places = SIDE * ((np.arange(size) + 0.5) / size - 0.5)
    x, y = np.meshgrid(places, places)
    radius = np.hypot(x, y)
    start: NDArray[np.complex128] = np.tanh(radius) * np.exp(1j * (np.arctan2(y, x) - radius))
    return start


def evolve(
    start: NDArray[np.complex128], time_step: float, diffusion: float
) -> Iterator[NDArray[np.complex128]]:
    """The fields u + iv ``(size, size)`` after 1, 2, 3, ... steps of time, without end."""
    n = max(1, math.ceil(time_step / _LONGEST_STEP - 1e-9))
    step = time_step / n
    waves = 2 * np.pi * fft.fftfreq(len(start), SIDE / len(start))
    half = np.exp(-diffusion * step / 2 * (waves[:, None] ** 2 + waves**2))
    spectrum = fft.fft2(start)
    while True:
        for _ in range(n):
            spectrum = runge_kutta(spectrum, half, step, _reaction)
        yield fft.ifft2(spectrum)


def _reaction(spectrum: NDArray[Any]) -> NDArray[np.complex128]:
    field = fft.ifft2(spectrum)
    change: NDArray[np.complex128] = fft.fft2((1 - (1 + 1j) * np.abs(field) ** 2) * field)
    return change
