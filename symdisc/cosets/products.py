"""Products of cosets: closure, multiplication table, inverses and orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symdisc.cosets.component import IdentityComponent, Matrix

Table = NDArray[np.int64]

MOST_ELEMENTS = 48
"""Elements up to which products are followed; the full group of the cube has as many."""

MOST_COMPONENTS = 16
"""The same where there are generators, for which distances cost more."""

_NORMAL = 0.3
"""How far an element may move generators out of their span [1]; beyond it, cosets of products
mean nothing."""

_CLEAR = 1 / 3
"""Largest distance of a product from its coset, over that of the nearest two cosets [1]."""

_SWEEPS = 3


@dataclass(frozen=True, eq=False)
class Products:
    """Cosets and how they multiply.

    Attributes:
        elements: One matrix of each coset, ``(m, n, n)``, the identity first. Those that were
            given come next, in their order, then what only their products reach.
        table: Number of the coset of h_i h_j, ``(m, m)``; ``None`` where products do not close.
        closure: Largest distance of a product from the coset it lies in [1]; infinite where there
            is none.
    """

    elements: Matrix
    table: Table | None
    closure: float


def closed(
    given: list[Matrix],
    component: IdentityComponent,
    tolerance: float,
) -> Products:
    """The smallest set of cosets that holds the given ones and their products.

    Where it is a group, errors of its elements are averaged out: each is replaced by the mean of
    all quotients that equal it, which makes an almost multiplicative map more so each time
    (Grove, Karcher, Ruh, Math. Ann. 211 (1974) 7).

    Args:
        given: ``(n, n)`` matrices, one a coset, without the identity.
        component: The identity component.
        tolerance: Distance within a coset [1].
    """
    identity = np.eye(component.generators.shape[-1])
    elements = [identity, *given]
    table, closure = None, np.inf
    if max(component.moved_out(element) for element in elements) <= _NORMAL:
        # A product has the errors of both factors. Cosets of continuous groups lie far apart.
        allowed = 2 * tolerance if component.dimension else tolerance
        table, closure = _multiplied(elements, component, allowed)
    if table is None or not _is_group(table) or closure > _CLEAR * _separation(elements, component):
        return Products(np.stack([identity, *given]), None, closure)
    return Products(_averaged(np.stack(elements), table, component), table, closure)


def orders(table: Table) -> tuple[int, ...]:
    """Order of each element of a group: the smallest p with h^p = 1."""
    return tuple(_order(table, element) for element in range(len(table)))


def inverses(table: Table) -> tuple[int, ...]:
    """Number of the inverse of each element of a group, of which the identity is number 0."""
    return tuple(int(place) for place in (table == 0).argmax(1))


def generated(table: Table, chosen: tuple[int, ...]) -> frozenset[int]:
    """Numbers of the elements of the subgroup that some elements generate."""
    found, border = {0}, [0]
    while border:
        element = border.pop()
        for factor in chosen:
            product = int(table[element, factor])
            if product not in found:
                found.add(product)
                border.append(product)
    return frozenset(found)


def _multiplied(
    elements: list[Matrix], component: IdentityComponent, tolerance: float
) -> tuple[Table | None, float]:
    """The table of all products; appends to ``elements`` those that are not there yet."""
    known: dict[tuple[int, int], int] = {}
    most = MOST_COMPONENTS if component.dimension else MOST_ELEMENTS
    closure = 0.0
    total = 1
    while total <= len(elements):
        # Products with the newest element; appending makes the loop longer.
        newest = total - 1
        pairs = [(newest, other) for other in range(total)]
        pairs += [(other, newest) for other in range(newest)]
        for i, j in pairs:
            place, distance = _place(elements[i] @ elements[j], elements, component, tolerance)
            if distance > tolerance:
                if len(elements) == most:
                    return None, np.inf
                elements.append(elements[i] @ elements[j])
                place, distance = len(elements) - 1, 0.0
            closure = max(closure, distance)
            known[i, j] = place
        total += 1
    size = len(elements)
    return np.array([[known[i, j] for j in range(size)] for i in range(size)]), closure


def _place(
    product: Matrix, elements: list[Matrix], component: IdentityComponent, tolerance: float
) -> tuple[int, float]:
    """The coset that a product lies in, or next to, and how far from it."""
    norm = float(np.linalg.norm(product))
    apart = np.linalg.norm(np.stack(elements) - product, axis=(1, 2)) / norm
    nearest = int(apart.argmin())
    if component.dimension == 0:
        return nearest, float(apart[nearest])
    best = (nearest, np.inf)
    for place in np.argsort(apart):
        distance = component.distance(elements[place], product, tolerance)
        if distance <= tolerance:
            return int(place), distance
        best = min(best, (int(place), distance), key=lambda found: found[1])
    return best


def _separation(elements: list[Matrix], component: IdentityComponent) -> float:
    """Smallest distance of the identity from another coset [1]; products shift all others to it."""
    return min((component.distance(h, elements[0]) for h in elements[1:]), default=np.inf)


def _is_group(table: Table) -> bool:
    """Whether every row and column holds every number once, and products are associative."""
    every = np.arange(len(table))
    if not ((np.sort(table, 0) == every[:, None]).all() and (np.sort(table, 1) == every).all()):
        return False
    # [i, j, l]: (i j) l against i (j l).
    return bool((table[table] == table[:, table]).all())


def _averaged(elements: Matrix, table: Table, component: IdentityComponent) -> Matrix:
    """Replace each element h_i by the mean of h_ij h_j⁻¹ over all j."""
    for _ in range(_SWEEPS):
        inverse = np.linalg.inv(elements)
        means = np.zeros_like(elements)
        for i, row in enumerate(table):
            for j, place in enumerate(row):
                quotient = elements[place] @ inverse[j]
                if component.dimension:
                    quotient = component.nearest(quotient, elements[i], _NORMAL).element
                means[i] += quotient / len(table)
        elements = means
        elements[0] = np.eye(elements.shape[-1])
    return elements


def _order(table: Table, element: int) -> int:
    power, order = element, 1
    while power != 0:
        power, order = int(table[power, element]), order + 1
    return order
