"""Names of single elements: reflection, parity, rotation by 2π/n, permutation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from symdisc.cosets.component import Matrix

TOLERANCE = 0.1
"""How far eigenvalues, entries and angles may be from what they are named for [1], [radian]."""


@dataclass(frozen=True, eq=False)
class Element:
    """One coset and what is known of it before it has a name.

    Attributes:
        matrix: Its representative, ``(n, n)``.
        order: Smallest p for which the p-th power lies in the identity component; 0 if unknown.
        given: A name that it has already, or ``""``.
    """

    matrix: Matrix
    order: int
    given: str = ""


def element_names(elements: Sequence[Element]) -> tuple[str, ...]:
    """What the elements of a group are called, the identity first.

    If every element permutes the coordinates, and there are three of them or more, permutations
    are named by their cycles, (1 2 3) for 1 → 2 → 3 → 1. Else names are geometric and go by the
    eigenvalues: ``reflection`` (one −1), ``half turn`` (two), ``inversion`` (all of three or
    more), ``rotation by 2π·k/n`` (one pair e^{±iφ}); other eigenvalues have to be 1.

    Args:
        elements: Of one group.
    """
    cycles = [_cycles(element.matrix) for element in elements]
    if len(elements[0].matrix) > 2 and all(cycle is not None for cycle in cycles):
        return tuple(f"permutation {cycle}" if cycle else "identity" for cycle in cycles)
    return tuple(element.given or _geometric(element) for element in elements)


def _cycles(matrix: Matrix) -> str | None:
    """Cycles of a permutation matrix, ``""`` for the identity; ``None`` if it is none."""
    images = np.abs(matrix).argmax(0)
    exact = np.zeros_like(matrix)
    exact[images, np.arange(len(matrix))] = 1
    if np.abs(matrix - exact).max() > TOLERANCE or len(set(images.tolist())) < len(matrix):
        return None
    found, seen = [], set()
    for start in range(len(matrix)):
        cycle, place = [], start
        while place not in seen:
            seen.add(place)
            cycle.append(place + 1)
            place = int(images[place])
        if len(cycle) > 1:
            found.append(f"({' '.join(map(str, cycle))})")
    return "".join(found)


def _geometric(element: Element) -> str:
    eigenvalues = np.linalg.eigvals(element.matrix)
    n = len(eigenvalues)
    at_one = np.abs(eigenvalues - 1) <= TOLERANCE
    at_minus_one = np.abs(eigenvalues + 1) <= TOLERANCE
    if at_one.all():
        return "identity" if np.abs(element.matrix - np.eye(n)).max() <= TOLERANCE else _other(1)
    if (at_one | at_minus_one).all():
        count = int(at_minus_one.sum())
        if count == 1:
            return "reflection"
        if count == 2:
            return "half turn"
        return "inversion" if count == n else f"reversal of {count} directions"
    turning = eigenvalues[~at_one]
    if len(turning) == 2 and np.abs(np.abs(turning) - 1).max() <= TOLERANCE:
        return _turn(abs(float(np.angle(turning[0]))), element.order)
    return _other(element.order)


def _turn(angle: float, order: int) -> str:
    """A rotation by k of n-th parts of a turn, the sense of which is a matter of taste."""
    if order < 2:
        return "rotation"
    steps = round(angle * order / (2 * math.pi))
    if steps == 0 or abs(angle - 2 * math.pi * steps / order) > TOLERANCE:
        return _other(order)
    return f"rotation by {'' if steps == 1 else f'{steps}·'}2π/{order}"


def _other(order: int) -> str:
    return f"element of order {order}" if order else "element"
