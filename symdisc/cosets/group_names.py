"""Names of finite groups, from their multiplication tables."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np

from symdisc.cosets.products import Table, generated, inverses, orders

_BY_ORDERS: dict[tuple[tuple[int, int], ...], str] = {
    ((1, 1), (2, 1), (4, 6)): "Q_8",
    ((1, 1), (2, 3), (3, 8)): "A_4",
    ((1, 1), (2, 1), (3, 2), (4, 6), (6, 2)): "Dic_3",
    ((1, 1), (2, 9), (3, 8), (4, 6)): "S_4",
}
"""Groups that are not abelian, by how many elements there are of each order, which decides among
all groups of up to 12 elements, and among those of 24 for S_4 (Conway, Curtis, Norton, Parker,
Wilson: Atlas of Finite Groups, 1985; Coxeter, Moser: Generators and Relations, table 1)."""


def group_name(table: Table) -> str:
    """Name of a finite group: ``C_n``, ``Z2``, ``V4``, ``D_n`` (of 2n elements) and so on.

    Abelian groups are products of cyclic ones, of orders each of which divides the one before.
    S_3 is called ``D_3 ≅ S_3``. Also named: Q_8, A_4, Dic_3, S_4 and direct products of a named
    group with Z2. All groups of up to 12 elements have a name.

    Args:
        table: Number of the product of elements i and j, ``(m, m)``, with the identity number 0.

    Returns:
        The name; ``"group of order m"`` where it is none of these.
    """
    if (table == table.T).all():
        return _abelian_name(table)
    name = _dihedral_name(table) or _BY_ORDERS.get(_profile(table)) or _product_name(table)
    return name or f"group of order {len(table)}"


def _profile(table: Table) -> tuple[tuple[int, int], ...]:
    """Pairs of an order and how many elements have it."""
    return tuple(sorted(Counter(orders(table)).items()))


def _abelian_name(table: Table) -> str:
    factors = _invariant_factors(table)
    if not factors:
        return "trivial"
    if factors == [2, 2]:
        return "V4"
    return " × ".join("Z2" if factor == 2 else f"C_{factor}" for factor in factors)


def _invariant_factors(table: Table) -> list[int]:
    """Orders of cyclic factors of an abelian group, the largest first.

    An element of the largest order generates a direct factor (Frobenius and Stickelberger, J.
    reine angew. Math. 86 (1879) 217).
    """
    if len(table) == 1:
        return []
    all_orders = orders(table)
    largest = int(np.argmax(all_orders))
    return [all_orders[largest], *_invariant_factors(_quotient(table, (largest,)))]


def _quotient(table: Table, chosen: tuple[int, ...]) -> Table:
    """Table of the quotient by the normal subgroup that some elements generate."""
    subgroup = sorted(generated(table, chosen))
    heads: list[int] = []
    coset = np.full(len(table), -1)
    for element in range(len(table)):
        if coset[element] < 0:
            coset[table[element, subgroup]] = len(heads)
            heads.append(element)
    found: Table = coset[table[np.ix_(heads, heads)]]
    return found


def _dihedral_name(table: Table) -> str:
    """D_n: a turn r of order n and a reflection s outside its powers with s r s = r⁻¹."""
    size = len(table)
    all_orders, inverse = orders(table), inverses(table)
    turns = [r for r in range(size) if 2 * all_orders[r] == size]
    for r, s in itertools.product(turns, range(size)):
        outside = all_orders[s] == 2 and s not in generated(table, (r,))
        if outside and table[table[s, r], s] == inverse[r]:
            return "D_3 ≅ S_3" if size == 6 else f"D_{size // 2}"
    return ""


def _product_name(table: Table) -> str:
    """H × Z2: a subgroup H of index 2 and an element of order 2 outside that commutes with all."""
    centre = [c for c in range(1, len(table)) if (table[c] == table[:, c]).all()]
    centre = [c for c in centre if table[c, c] == 0]
    for half, c in itertools.product(_halves(table), centre):
        if c not in half:
            return f"{group_name(_restricted(table, half))} × Z2"
    return ""


def _halves(table: Table) -> list[list[int]]:
    """All subgroups of index 2: kernels of maps onto {1, −1}."""
    chosen = _generators(table)
    found = []
    for signs in itertools.product((1, -1), repeat=len(chosen)):
        sign = _extended(table, dict(zip(chosen, signs, strict=True)))
        if sign is not None and -1 in sign:
            found.append([element for element, value in enumerate(sign) if value == 1])
    return found


def _generators(table: Table) -> tuple[int, ...]:
    chosen: tuple[int, ...] = ()
    for element in range(1, len(table)):
        if element not in generated(table, chosen):
            chosen = (*chosen, element)
    return chosen


def _extended(table: Table, signs: dict[int, int]) -> list[int] | None:
    """The multiplicative map with these values on generators; ``None`` where there is none."""
    found, border = {0: 1}, [0]
    while border:
        element = border.pop()
        for factor, sign in signs.items():
            product = int(table[element, factor])
            if product not in found:
                border.append(product)
            if found.setdefault(product, found[element] * sign) != found[element] * sign:
                return None
    return [found[element] for element in range(len(table))]


def _restricted(table: Table, subgroup: list[int]) -> Table:
    """Table of a subgroup; its elements are numbered in their order, the identity first."""
    place = {element: number for number, element in enumerate(subgroup)}
    return np.array([[place[int(table[i, j])] for j in subgroup] for i in subgroup])
