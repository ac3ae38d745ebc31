"""The terms of joint equation discovery."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import Tensor

from symdisc.derivatives import derivative_along
from symdisc.interfaces import EnsembleModule
from symdisc_laligan.sindy.velocities import velocities


def equation_terms(
    states: Tensor,
    time_step: float,
    scale: Tensor,
    encoder: EnsembleModule,
    equation: EnsembleModule,
) -> Mapping[str, Tensor]:
    """How badly the equation tells latent velocities, and decoded ones those of the data.

    dz = Jφ(x) dx should be Θ(z) Ξ, and Jψ(z) Θ(z) Ξ should be dx (arXiv:1904.02107, eq. 2); both
    as shares of the velocities' own mean squares.

    Args:
        states: ``(E, B, steps, size)``.
        time_step: Time between two states.
        scale: Standard deviation of each coordinate of the data, ``(size,)``.
        encoder: φ and ψ.
        equation: Θ Ξ.

    Returns:
        ``equation``, ``decoded_equation`` and ``equation_size``, ``(E,)`` each [1].
    """
    x, dx = velocities(states, time_step)
    z, dz = derivative_along(_of(encoder, "encode"), x, dx)
    told = equation(z)
    _, dx_told = derivative_along(_of(encoder, "decode"), z, told)
    return {
        "equation": _share(told - dz, dz),
        "decoded_equation": _share((dx_told - dx) / scale, dx / scale),
        "equation_size": equation.call("size"),
    }


def _of(module: EnsembleModule, method: str) -> Callable[[Tensor], Tensor]:
    return lambda values: module.call(method, values)


def _share(error: Tensor, values: Tensor) -> Tensor:
    return error.square().mean((1, 2)) / values.square().mean((1, 2)).clamp_min(1e-12)
