"""The table of Lie algebras that have a name; a new one is added here, and only here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from symdisc.algebra.brackets import structure_constants
from symdisc.algebra.conjugation import orthonormal
from symdisc.algebra.known import known_algebra
from symdisc.algebra.structure import (
    Invariants,
    abelian_invariants,
    structure,
    sum_of,
)

LARGEST = 8
"""Matrices of up to this many rows are in the table."""


@dataclass(frozen=True)
class Entry:
    """One algebra that is no direct sum.

    Attributes:
        name: Its name, e.g. "sl(2,R)".
        matrices: What :func:`symdisc.algebra.known.known_algebra` calls its standard matrices.
        synonyms: Other names of the same algebra.
        others: Standard matrices of the same algebra in other sizes.
    """

    name: str
    matrices: str
    synonyms: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Abstract:
    """A direct sum of entries of the table and of R^j.

    Attributes:
        parts: Names of the entries, sorted.
        abelian: j [1].
    """

    parts: tuple[str, ...] = ()
    abelian: int = 0

    def __add__(self, other: Abstract) -> Abstract:
        parts = tuple(sorted((*self.parts, *other.parts)))
        return Abstract(parts, self.abelian + other.abelian)

    @property
    def dimension(self) -> int:
        """Dimension of the algebra."""
        return sum_invariants(self).dimension

    @property
    def name(self) -> str:
        """Its usual name, for instance "so(4)" or "so(1,3) ⊕ R"."""
        return _names(self)[0]

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Other names of the same algebra."""
        return _names(self)[1:]


def _entries() -> Iterator[Entry]:
    yield Entry("so(3)", "so(3)", ("su(2)",))
    yield Entry("so(1,2)", "so(1,2)", ("so(2,1)", "sl(2,R)", "sp(2,R)", "su(1,1)"), ("sl(2)",))
    yield Entry("so(1,3)", "so(1,3)", ("so(3,1)", "sl(2,C)"))
    yield Entry("so(5)", "so(5)", ("usp(4)",))
    yield Entry("so(1,4)", "so(1,4)", ("so(4,1)", "usp(2,2)"))
    yield Entry("so(2,3)", "so(2,3)", ("so(3,2)", "sp(4,R)"), ("sp(4)",))
    yield Entry("so(6)", "so(6)", ("su(4)",))
    yield Entry("so(1,5)", "so(1,5)", ("so(5,1)", "sl(2,H)"))
    yield Entry("so(2,4)", "so(2,4)", ("so(4,2)", "su(2,2)"))
    yield Entry("so(3,3)", "so(3,3)", ("sl(4,R)",), ("sl(4)",))
    for n in (7, 8):
        yield Entry(f"so({n})", f"so({n})")
        for p in range(1, n // 2 + 1):
            swapped = () if 2 * p == n else (f"so({n - p},{p})",)
            yield Entry(f"so({p},{n - p})", f"so({p},{n - p})", swapped)
    for n in (3, 5, 6, 7, 8):
        yield Entry(f"sl({n},R)", f"sl({n})")
    for n in (6, 8):
        yield Entry(f"sp({n},R)", f"sp({n})")
    for n in range(2, LARGEST):
        yield Entry(f"se({n})", f"se({n})", (f"iso({n})",))
        for p in range(1, n // 2 + 1):
            yield Entry(f"iso({p},{n - p})", f"se({p},{n - p})", (f"se({p},{n - p})",))
    for n in range(1, LARGEST):
        yield Entry(f"aff({n},R)", f"aff({n})", (f"aff({n})",))
    for n in range(3, 2 * LARGEST - 2, 2):
        yield Entry(f"heisenberg({n})", f"heisenberg({n})", (f"h({n})",))


TABLE = {entry.name: entry for entry in _entries()}

SUMS = {
    Abstract(("so(3)", "so(3)")): "so(4)",
    Abstract(("so(1,2)", "so(1,2)")): "so(2,2)",
    Abstract(("so(1,2)",), 1): "gl(2,R)",
    Abstract(("so(3,3)",), 1): "gl(4,R)",
    **{Abstract((f"sl({n},R)",), 1): f"gl({n},R)" for n in (3, 5, 6, 7, 8)},
}
"""Direct sums with a name of their own."""


def abelian(dimension: int) -> Abstract:
    """R^k."""
    return Abstract((), dimension)


@cache
def invariants(name: str) -> Invariants:
    """Invariants of one entry, from its standard matrices."""
    basis = orthonormal(known_algebra(TABLE[name].matrices))
    return structure(structure_constants(basis)).invariants


def sum_invariants(algebra: Abstract) -> Invariants:
    """Invariants of a direct sum."""
    return sum_of([invariants(part) for part in algebra.parts], abelian_invariants(algebra.abelian))


@cache
def algebras_of_dimension(dimension: int) -> tuple[Abstract, ...]:
    """R^k, every entry and every sum of two entries, each with as much of R^j as is missing."""
    sizes = {name: len(known_algebra(entry.matrices)) for name, entry in TABLE.items()}
    found = {abelian(dimension)}
    for first, size in sizes.items():
        if size <= dimension:
            found.add(Abstract((first,), dimension - size))
        for second, other in sizes.items():
            if first <= second and size + other <= dimension:
                found.add(Abstract((first, second), dimension - size - other))
    return tuple(sorted(found, key=lambda algebra: (algebra.parts, algebra.abelian)))


def _names(algebra: Abstract) -> tuple[str, ...]:
    """The usual name first, then synonyms."""
    rest = (f"R^{algebra.abelian}" if algebra.abelian > 1 else "R",) if algebra.abelian else ()
    spelled = " ⊕ ".join((*algebra.parts, *rest)) or "0"
    if algebra in SUMS:
        return (SUMS[algebra], spelled)
    if len(algebra.parts) == 1 and not rest:
        return (spelled, *TABLE[spelled].synonyms)
    return (spelled,)
