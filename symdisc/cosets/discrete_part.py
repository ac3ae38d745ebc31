"""The discrete part of a group: its cosets, how they multiply and what they are called."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from symdisc.cosets.canonical import canonical
from symdisc.cosets.component import TOLERANCE, IdentityComponent, gathered
from symdisc.cosets.element_names import Element, element_names
from symdisc.cosets.group_names import group_name
from symdisc.cosets.products import Products, closed, generated, inverses, orders

if TYPE_CHECKING:
    from symdisc.verify.element_tests import ElementTests

UNIDENTIFIED = "unidentified"


@dataclass(frozen=True, eq=False)
class DiscretePart:
    """The group G/G₀ of the components of a group, by one matrix of each.

    Attributes:
        representatives: ``(m, n, n)`` float64, the identity first.
        names: What each of them is called.
        orders: Order of each modulo the identity component; 0 where products do not close.
        table: Number of the product of elements i and j, m rows of m; ``None`` where products do
            not close.
        group: Name of the finite group, e.g. ``"D_4"``; ``"unidentified"`` without a table.
        found: Which elements were found; the others are products of these.
        shares: Share of the seeds that found each of them [1]; 0 for products.
        closure: Largest distance of a product of found elements from a coset [1]; infinite where
            products do not close.
        moved_out: How far an element moves generators out of their span, at most [1].
        tests: Tests of the elements on held-out rows; ``None`` if there were none.
    """

    representatives: Tensor
    names: tuple[str, ...]
    orders: tuple[int, ...]
    table: tuple[tuple[int, ...], ...] | None
    group: str
    found: tuple[bool, ...]
    shares: tuple[float, ...]
    closure: float
    moved_out: float
    tests: ElementTests | None = None

    def __len__(self) -> int:
        """Number of cosets, that of the identity included."""
        return len(self.names)

    @property
    def inverses(self) -> tuple[int, ...] | None:
        """Number of the inverse of each element; ``None`` where products do not close."""
        return None if self.table is None else inverses(np.array(self.table))

    @property
    def held_numbers(self) -> tuple[int, ...]:
        """Elements of the largest subgroup of which the tests confirmed all but the identity.

        Products of symmetries are symmetries, so that those confirmed should form a group; where
        the test missed some, the largest group among those that one or two of the others generate
        is taken.
        """
        if self.tests is None or self.table is None:
            return (0,)
        words = [True, *(verdict.holds for verdict in self.tests.verdicts)]
        good = frozenset(number for number, holds in enumerate(words) if holds)
        table = np.array(self.table)
        if len(generated(table, tuple(good))) == len(good):
            return tuple(sorted(good))
        pairs = itertools.combinations_with_replacement(sorted(good), 2)
        groups = [sorted(generated(table, pair)) for pair in pairs]
        largest: list[int] = max((g for g in groups if good.issuperset(g)), key=len)
        return tuple(largest)

    @property
    def held(self) -> DiscretePart:
        """The subgroup of ``held_numbers``."""
        return self.restricted(self.held_numbers)

    def restricted(self, numbers: tuple[int, ...]) -> DiscretePart:
        """The subgroup of these elements, ascending, the identity first."""
        table, tests = None, None
        if self.table is not None:
            place = {number: new for new, number in enumerate(numbers)}
            table = tuple(tuple(place[self.table[i][j]] for j in numbers) for i in numbers)
        if self.tests is not None:
            tests = self.tests.restricted(tuple(number - 1 for number in numbers[1:]))
        group = self.group if table is None else group_name(np.array(table))
        return replace(
            self,
            representatives=self.representatives[list(numbers)],
            names=tuple(self.names[number] for number in numbers),
            orders=tuple(self.orders[number] for number in numbers),
            table=table,
            group="trivial" if len(numbers) == 1 else group,
            found=tuple(self.found[number] for number in numbers),
            shares=tuple(self.shares[number] for number in numbers),
            tests=tests,
        )

    @property
    def holds(self) -> bool:
        """Whether there are elements beside the identity that are symmetries of the data."""
        return len(self.held_numbers) > 1

    def tested(self, tests: ElementTests) -> DiscretePart:
        """The same with tests of all elements but the identity."""
        return replace(self, tests=tests)

    def in_units(self, scales: Tensor) -> DiscretePart:
        """The same on coordinates that are multiplied by ``(n,)`` scales: S h S⁻¹."""
        ratio = scales[:, None] / scales[None, :]
        return replace(self, representatives=self.representatives * ratio)

    def text(self) -> str:
        """One sentence: the group and its elements, equal names counted."""
        if len(self) == 1:
            return "no discrete part: one component only"
        described = [self._described(number) for number in range(len(self))]
        counts = {words: described.count(words) for words in dict.fromkeys(described)}
        listed = ", ".join(
            words if count == 1 else f"{count} × {words}" for words, count in counts.items()
        )
        if self.table is None:
            return f"{len(self)} components whose products do not close: {listed}"
        return f"{self.group}, {len(self)} components: {listed}"

    def _described(self, number: int) -> str:
        product = "" if self.found[number] or number == 0 else " (product)"
        return f"{self.names[number]}{product}"


def discrete_part(
    candidates: Tensor,
    generators: Tensor,
    tolerance: float = TOLERANCE,
    shares: tuple[float, ...] | None = None,
) -> DiscretePart:
    """What group matrices generate, modulo the identity component.

    Candidates of one coset, and those of the identity component itself, count once. Of each coset
    the most readable matrix is shown.

    Args:
        candidates: ``(m, n, n)``, finite and not singular; none are allowed.
        generators: Of the identity component, ``(k, n, n)``; none where the group is discrete.
        tolerance: Distance within a coset, over the norm of a matrix [1].
        shares: Share of the seeds that found each candidate; that of a coset is the largest.
            ``None``: all of them found it.
    """
    component = IdentityComponent(generators)
    matrices = [np.eye(generators.shape[-1]), *(h.double().numpy() for h in candidates)]
    cosets = gathered(matrices, component, tolerance)
    each = (1.0, *((1.0,) * len(candidates) if shares is None else shares))
    shown = [canonical(coset.mean, component, tolerance) for coset in cosets[1:]]
    products = closed([matrix for matrix, _ in shown], component, tolerance)
    found_shares = [max(each[member] for member in coset.members) for coset in cosets]
    return _described(products, component, tolerance, found_shares)


def _described(
    products: Products, component: IdentityComponent, tolerance: float, shares: list[float]
) -> DiscretePart:
    elements, table = products.elements, products.table
    of_elements = (0,) * len(elements) if table is None else orders(table)
    named = [Element(np.eye(elements.shape[-1]), 1)]
    for matrix, order in zip(elements[1:], of_elements[1:], strict=True):
        readable, name = canonical(matrix, component, tolerance)
        named.append(Element(readable, order, name))
    added = len(elements) - len(shares)
    return DiscretePart(
        representatives=torch.from_numpy(np.stack([element.matrix for element in named])),
        names=element_names(named),
        orders=of_elements,
        table=None if table is None else tuple(tuple(int(p) for p in row) for row in table),
        group=UNIDENTIFIED if table is None else group_name(table),
        found=(*(True for _ in shares), *(False for _ in range(added))),
        shares=(*shares, *(0.0 for _ in range(added))),
        closure=products.closure,
        moved_out=max(component.moved_out(element.matrix) for element in named),
    )
