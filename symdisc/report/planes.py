"""Which two-dimensional views show best what a generator moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from symdisc.report.style import label

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

Array = NDArray[Any]
MAX_PLANES = 4
ALIGNED = 0.95
"""A direction counts as a coordinate axis from this share of its length on [1]."""

INDEPENDENT = 0.1
"""Share of a direction that must lie outside the ones before it [1]."""


@dataclass(frozen=True, eq=False)
class Plane:
    """A view of the states.

    Attributes:
        directions: ``(2, size)``, orthonormal: a state x is drawn at ``directions @ x``.
        labels: What the two axes are called, with units.
        same_unit: Whether both axes have one unit, so that they can share one scale.
    """

    directions: Array
    labels: tuple[str, str]
    same_unit: bool


def planes_of(result: SymmetryResult, generator: int = 0) -> list[Plane]:
    """At most ``MAX_PLANES`` views: one for each pair of coordinates that is moved together.

    A block (or vector) of two coordinates is shown as it is. In a larger one the planes that
    the generator moves most are taken, one after the other. Images have none.

    Args:
        result: What was found.
        generator: Which generator, from 0.
    """
    matrix = result.generators[generator].numpy()
    representation = result.representation
    if representation.grid is not None:
        return []
    groups = result.blocks or (tuple(range(representation.dimension)),)
    planes = []
    for vector in range(representation.n_vectors):
        for group in groups:
            index = [vector * representation.dimension + i for i in group]
            block = matrix[np.ix_(group, group)]
            for local in _moved_planes(block):
                directions = np.zeros((2, representation.size))
                directions[:, index] = local
                planes.append(_named(result, directions))
    return planes[:MAX_PLANES]


def first_plane(result: SymmetryResult) -> Plane | None:
    """The first two coordinates, where group elements mix these with no others; else ``None``."""
    representation = result.representation
    if representation.grid is not None or representation.n_vectors == 0:
        return None
    group, *_ = result.blocks or (tuple(range(representation.dimension)),)
    if len(group) != 2:
        return None
    directions = np.zeros((2, representation.size))
    directions[[0, 1], list(group)] = 1
    return _named(result, directions)


def _moved_planes(block: Array) -> list[Array]:
    n = len(block)
    if n == 1:
        return []
    if n == 2:
        return [np.eye(2)]
    norm = np.linalg.norm(block)
    taken: list[Array] = []
    planes: list[Array] = []
    for _ in range(n // 2):
        basis = _next_plane(block / norm if norm else block, taken)
        still = norm == 0 or np.linalg.norm(block @ np.array(basis).T) < INDEPENDENT * norm
        if len(basis) < 2 or (planes and still):
            break
        taken += basis
        planes.append(_towards_axes(np.array(basis)))
    return sorted(planes, key=lambda plane: int(np.abs(plane[0]).argmax()))


def _next_plane(block: Array, taken: list[Array]) -> list[Array]:
    """Two directions in which L moves the coordinate that it moves most."""
    axes = [_outside(axis, taken) for axis in np.eye(len(block))]
    axes.sort(key=lambda axis: -float(np.linalg.norm(block @ axis)))
    first = block @ axes[0]
    basis: list[Array] = []
    for candidate in [first, block @ first, *axes]:
        length = np.linalg.norm(candidate)
        rest = _outside(candidate, [*taken, *basis])
        if length > INDEPENDENT**2 and np.linalg.norm(rest) > INDEPENDENT * length:
            basis.append(rest / np.linalg.norm(rest))
        if len(basis) == 2:
            break
    return basis


def _outside(vector: Array, basis: list[Array]) -> Array:
    for direction in basis:
        vector = vector - (vector @ direction) * direction
    return vector


def _towards_axes(basis: Array) -> Array:
    """The orthonormal basis of the same plane that lies as close as it can to coordinate axes."""
    weight = (basis**2).sum(axis=0)
    first = basis.T @ basis[:, int(weight.argmax())]
    first /= np.linalg.norm(first)
    rest = basis - np.outer(basis @ first, first)
    second = rest[int((rest**2).sum(axis=1).argmax())]
    second /= np.linalg.norm(second)
    second *= np.sign(second[np.abs(second).argmax()])
    pair = [first, second]
    pair.sort(key=lambda direction: int(np.abs(direction).argmax()))
    return np.array([_snapped(direction) for direction in pair])


def _snapped(direction: Array) -> Array:
    largest = int(np.abs(direction).argmax())
    if abs(direction[largest]) < ALIGNED:
        return direction
    axis: Array = np.eye(len(direction))[largest]
    return axis


def _named(result: SymmetryResult, directions: Array) -> Plane:
    names = state_names(result)
    units = result.units if len(result.units) == len(names) else ("",) * len(names)
    used = {units[i] for i in np.flatnonzero(np.abs(directions).max(axis=0) > 0.1)}
    labels = [_label(direction, names, units) for direction in directions]
    return Plane(directions, (labels[0], labels[1]), len(used) == 1)


def state_names(result: SymmetryResult) -> tuple[str, ...]:
    """Names of the coordinates of a state; ``x1, x2, …`` where they have none."""
    size = result.representation.size
    return result.names if len(result.names) == size else tuple(f"x{i + 1}" for i in range(size))


def _label(direction: Array, names: tuple[str, ...], units: tuple[str, ...]) -> str:
    large = [int(i) for i in np.argsort(-np.abs(direction)) if abs(direction[i]) > 0.1]
    found = {units[i] for i in large}
    unit = found.pop() if len(found) == 1 else ""
    if len(large) == 1:
        return label(names[large[0]], unit)
    terms = [
        f"{'−' if direction[i] < 0 else '+'} {abs(direction[i]):.2f} {names[i]}" for i in large
    ]
    text = " ".join(terms[:3]).removeprefix("+ ")
    return label(text + (" + …" if len(large) > 3 else ""), unit)
