from __future__ import annotations

import pytest

from symdisc.algebra.brackets import structure_constants
from symdisc.algebra.conjugation import orthonormal
from symdisc.algebra.known import known_algebra
from symdisc.algebra.structure import structure
from symdisc.algebra.table import (
    TABLE,
    Abstract,
    abelian,
    algebras_of_dimension,
    invariants,
    sum_invariants,
)

WITH_OTHERS = [(name, text) for name, entry in TABLE.items() for text in entry.others]


@pytest.mark.parametrize(("name", "text"), WITH_OTHERS)
def test_other_matrices_are_of_the_same_algebra(name: str, text: str) -> None:
    basis = orthonormal(known_algebra(text))
    assert structure(structure_constants(basis)).invariants == invariants(name)


def test_no_name_is_used_twice() -> None:
    names = [*TABLE, *(synonym for entry in TABLE.values() for synonym in entry.synonyms)]
    assert len(names) == len(set(names)) > 50


@pytest.mark.parametrize(
    ("algebra", "name", "synonyms"),
    [
        (Abstract(("so(3)",)), "so(3)", ("su(2)",)),
        (
            Abstract(("so(1,2)",)),
            "so(1,2)",
            ("so(2,1)", "sl(2,R)", "sp(2,R)", "su(1,1)"),
        ),
        (Abstract(("so(1,3)",)), "so(1,3)", ("so(3,1)", "sl(2,C)")),
        (Abstract(("so(3)",)) + Abstract(("so(3)",)), "so(4)", ("so(3) ⊕ so(3)",)),
        (Abstract(("so(1,2)",)) + abelian(1), "gl(2,R)", ("so(1,2) ⊕ R",)),
        (Abstract(("so(1,3)",)) + abelian(1), "so(1,3) ⊕ R", ()),
        (abelian(1), "R", ()),
        (abelian(3), "R^3", ()),
        (Abstract(("so(3)", "se(2)")), "so(3) ⊕ se(2)", ()),
    ],
)
def test_names(algebra: Abstract, name: str, synonyms: tuple[str, ...]) -> None:
    assert (algebra.name, algebra.synonyms) == (name, synonyms)


def test_sums_do_not_depend_on_their_order() -> None:
    first, second = Abstract(("so(3)",)), Abstract(("se(2)",))
    assert first + second == second + first
    assert (first + second).dimension == 6


def test_algebras_of_a_dimension() -> None:
    three = {algebra.name for algebra in algebras_of_dimension(3)}
    assert three == {
        "R^3", "so(3)", "so(1,2)", "se(2)", "iso(1,1)", "heisenberg(3)", "aff(1,R) ⊕ R",
    }  # fmt: skip
    six = algebras_of_dimension(6)
    assert Abstract(("so(1,2)", "so(3)")) in six
    assert all(algebra.dimension == 6 for algebra in six)


@pytest.mark.parametrize("dimension", [2, 3, 4, 5, 6])
def test_small_algebras_have_different_invariants(dimension: int) -> None:
    found = [sum_invariants(algebra) for algebra in algebras_of_dimension(dimension)]
    assert len(found) == len(set(found))
