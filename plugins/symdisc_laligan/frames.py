"""Coordinates in which latent vectors are an orthonormal frame, where data are one orbit.

States R of an orbit of SO(d) go astray as R D with random D that do not depend on R. Then
E[R D | R] = R E[D], and the slow features of the data are the columns of R, mixed by a matrix.
Where E[D] has different eigenvalues, features of one speed are one vector up to its own matrix.
That one is known up to a rotation from the covariance, and rotations Q between two vectors u, v
from uᵀ Q v = 0, which is linear in Q and has one solution up to its sign: for R uniform on SO(3)
and unit vectors, E(uᵀ Q v)² is |q|²/3 for the antisymmetric part, that of the vector q, and
|S|²/10 for a symmetric part S without trace. Of a frame R and its transpose, which have the same
inner products, it finds the one whose columns move alike.
"""

from __future__ import annotations

from typing import TypeAlias

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.errors import OptionError
from symdisc.interfaces import ChangesCoordinates, EnsembleModule
from symdisc.representations import Representation
from symdisc_laligan import terms

ROWS = 4000
"""Samples from which a frame is found, at most [1]."""

_CHUNK = 256
"""So many of them are encoded at a time."""

_POLISH_STEPS, _POLISH_RATE = 300, 0.02

_FLOOR = 1e-6
"""Added to variances, as a share of their mean: collapsed latent points have none [1]."""

Coordinates: TypeAlias = tuple[Tensor, Tensor]
"""An origin ``(E, 1, n)`` and a matrix ``(E, n, n)``: z becomes (z − origin) matrix."""


def check_frame(encoder: EnsembleModule, form: Representation, samples: Samples) -> None:
    """Raise :class:`OptionError` for an encoder, latent vectors or data that have no frame."""
    if not isinstance(encoder.prototype, ChangesCoordinates):
        raise OptionError(
            "method.frame needs an encoder whose latent coordinates can be changed, such as mlp "
            "with encoder.frame=true; or set method.frame=0"
        )
    count, length = form.n_vectors, form.dimension
    if not 2 <= count <= length or form.n_scalars:
        raise OptionError(
            f"method.frame makes two or more latent vectors orthogonal, at most as many as each "
            f"has coordinates, and no scalars; latent points are '{form}': give for instance "
            "encoder.latent='3*V3', or set method.frame=0"
        )
    like = samples.states
    origin = torch.zeros(encoder.size, 1, form.size, device=like.device)
    same = torch.eye(form.size, device=like.device).expand(encoder.size, -1, -1)
    encoder.call("change_coordinates", origin, same)


def find_frames(encoder: EnsembleModule, samples: Samples, form: Representation) -> None:
    """Change the coordinates of the encoder of each seed to those of its frame."""
    codes = _codes(encoder, samples)
    origin, matrix = polished(codes, slow_vectors(codes, form.n_vectors), form.n_vectors)
    like = samples.states
    encoder.call("change_coordinates", origin.to(like), matrix.to(like))


@torch.no_grad()
def _codes(encoder: EnsembleModule, samples: Samples) -> Tensor:
    """Latent windows ``(E, rows, steps, n)``, float64."""
    count = min(ROWS, len(samples))
    rows = torch.linspace(0, len(samples) - 1, count, device=samples.states.device).long()
    parts = [samples.states[some] for some in torch.split(rows, _CHUNK)]
    codes = [encoder.call("encode", x.expand(encoder.size, *x.shape)) for x in parts]
    # A seed whose latent points are lost is told by its figures and must not end the others.
    return torch.cat(codes, dim=1).double().nan_to_num(0.0, 0.0, 0.0)


@torch.no_grad()
def slow_vectors(codes: Tensor, count: int) -> Coordinates:
    """Vectors of features of one speed each, fastest last, turned to be orthogonal.

    Args:
        codes: Windows of slow features, ``(E, B, steps, n)`` float64.
        count: Vectors, which all have n / count coordinates.

    Returns:
        Coordinates of mean 0 and mean square 1, the vectors one after the other.
    """
    covariance, changed = terms.moments(codes)
    points = codes.flatten(1, 2)
    origin = points.mean(1, keepdim=True)
    n = codes.shape[-1]
    floor = _FLOOR * covariance.diagonal(dim1=-2, dim2=-1).mean(-1)[:, None, None] + _FLOOR**2
    covariance = covariance + floor * torch.eye(n, dtype=codes.dtype, device=codes.device)
    white = torch.linalg.inv(torch.linalg.cholesky(covariance)).mT
    speeds = torch.linalg.eigh(white.mT @ changed @ white)
    white = white @ speeds.eigenvectors
    columns = white.chunk(count, dim=-1)
    first, *others = ((points - origin) @ vector for vector in columns)
    turned = [vector @ _turn(first, v) for vector, v in zip(columns[1:], others, strict=True)]
    return origin, torch.cat([columns[0], *turned], dim=-1)


def _turn(u: Tensor, v: Tensor) -> Tensor:
    """The orthogonal Q ``(E, d, d)``, up to its sign, for which v Q is least along u.

    Args:
        u: ``(E, B, d)``.
        v: ``(E, B, d)``.
    """
    size = u.shape[-1]
    products = (v[..., :, None] * u[..., None, :]).flatten(2)
    least = torch.linalg.eigh(products.mT @ products).eigenvectors[..., 0]
    left, _, right = torch.linalg.svd(least.reshape(-1, size, size))
    turn: Tensor = left @ right
    return turn


def polished(codes: Tensor, start: Coordinates, count: int) -> Coordinates:
    """Coordinates nearby in which the vectors are orthogonal and of one length as far as can be.

    Args:
        codes: ``(E, B, steps, n)`` float64.
        start: Where to begin.
        count: Vectors.
    """
    origin, matrix = start
    rows = (codes - origin[:, :, None]).flatten(1, 2)
    matrix = matrix.clone().requires_grad_()
    optimizer = torch.optim.Adam([matrix], lr=_POLISH_RATE)
    for step in range(_POLISH_STEPS):
        optimizer.param_groups[0]["lr"] = _POLISH_RATE * (1 - step / _POLISH_STEPS)
        with torch.enable_grad():
            crooked = terms.crookedness((rows @ matrix)[:, :, None], count).sum()
        (matrix.grad,) = torch.autograd.grad(crooked, matrix)
        optimizer.step()
    return origin, matrix.detach()
