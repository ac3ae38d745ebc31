"""How states move along vector fields, as their representation says."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.fields.flow import flow
from symdisc.fields.vector_fields import VectorFields
from symdisc.image_action import pixels, resampled
from symdisc.representations import Representation


def as_points(states: Tensor, representation: Representation) -> Tensor:
    """The vectors of states ``(..., size)`` on which fields act: ``(..., n_vectors, n)``."""
    moving = states[..., : representation.n_moving]
    return moving.reshape(*states.shape[:-1], representation.n_vectors, representation.dimension)


def tangents(fields: VectorFields, states: Tensor, representation: Representation) -> Tensor:
    """Velocities of states along each field; scalars stay.

    All vectors of a state move along the same field. An image moves with the plane, so that its
    value at p changes by −X(p)·∇.

    Args:
        fields: k fields on the space of one vector, or on the plane of images.
        states: ``(N, size)`` float64.
        representation: How a state transforms.

    Returns:
        ``(N, k, size)``.
    """
    if representation.grid is not None:
        moved = _image_tangents(fields, states, representation)
    elif representation.n_vectors == 0:
        moved = states.new_zeros(len(states), len(fields), 0)
    else:
        moved = fields.values(as_points(states, representation)).transpose(1, 2).flatten(2)
    still = states.new_zeros(len(states), len(fields), representation.n_scalars)
    return torch.cat([moved, still], dim=-1)


def move_along(
    fields: VectorFields, coefficients: Tensor, states: Tensor, representation: Representation
) -> Tensor:
    """Move states along Σ z_l X_l for unit time; scalars stay.

    An image moves with the plane: its value at a place comes from where the place was before.

    Args:
        fields: k fields on the space of one vector, or on the plane of images.
        coefficients: z, ``(B, k)``; all steps of a sample share them.
        states: ``(B, size)`` or ``(B, steps, size)``.
        representation: How a state transforms.

    Returns:
        The moved states, in the shape of ``states``.

    Raises:
        DataError: Points run off to infinity.
    """
    if representation.n_vectors == 0:
        return states
    if representation.grid is not None:
        moved = _moved_images(fields, coefficients, states, representation.grid, representation)
    else:
        points = as_points(states, representation)
        moved = flow(fields, coefficients, points.reshape(len(states), -1, fields.size))
    flat = moved.reshape(*states.shape[:-1], representation.n_moving)
    return torch.cat([flat, states[..., representation.n_moving :]], dim=-1)


def _moved_images(
    fields: VectorFields,
    coefficients: Tensor,
    states: Tensor,
    grid: tuple[int, int],
    representation: Representation,
) -> Tensor:
    """Images ``(B, channels, rows, columns)``; all steps of a sample move alike."""
    images = states[..., : representation.n_moving].reshape(len(states), -1, *grid)
    points = pixels(*grid, states)[..., :2].reshape(1, -1, 2).expand(len(states), -1, -1)
    before = flow(fields, -coefficients, points)
    return resampled(images, before.reshape(len(states), *grid, 2))


def image_slopes(states: Tensor, representation: Representation) -> Tensor:
    """Derivatives of images along x and y of their plane: ``(N, size, 2)``.

    Central differences between pixels; outside of the image everything is 0. Scalars have none.

    Args:
        states: ``(N, size)``.
        representation: One of images.

    Raises:
        DataError: It is none.
    """
    if representation.grid is None:
        raise DataError(f"representation '{representation}' is none of images")
    images = states[:, : representation.n_moving].reshape(len(states), -1, *representation.grid)
    padded = torch.nn.functional.pad(images, (1, 1, 1, 1))
    rate = max(representation.grid) / 4
    along_x = rate * (padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2])
    along_y = rate * (padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1])
    return torch.stack([along_x.flatten(1), along_y.flatten(1)], dim=-1)


def plane_points(states: Tensor, representation: Representation) -> Tensor:
    """The place (x, y) of each moving coordinate of an image: ``(n_moving, 2)``."""
    if representation.grid is None:
        raise DataError(f"representation '{representation}' is none of images")
    places = pixels(*representation.grid, states)[..., :2].flatten(0, 1)
    return places.repeat(representation.n_vectors, 1)


def _image_tangents(fields: VectorFields, states: Tensor, representation: Representation) -> Tensor:
    velocities = fields.values(plane_points(states, representation))
    return -torch.einsum("pki,npi->nkp", velocities, image_slopes(states, representation))
