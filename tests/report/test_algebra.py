from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import numpy as np
import torch

from symdisc.algebra.known import known_algebra
from symdisc.report.algebra import algebra_text
from symdisc.representations import Representation
from symdisc.result import SymmetryResult


def words(result: SymmetryResult) -> str:
    return unescape(algebra_text(result))


def having(result: SymmetryResult, *matrices: np.ndarray) -> SymmetryResult:
    """The result with other generators, on which both seeds agree."""
    generators = torch.tensor(np.concatenate(matrices))
    n = generators.shape[-1]
    return replace(
        result,
        generators=generators,
        seed_generators=torch.stack([generators, generators]),
        seeds=(0, 1),
        in_consensus=(True, True),
        representation=Representation.vector(n),
        blocks=None,
        names=(),
        units=(),
        truth=None,
    )


def test_rotations(result: SymmetryResult) -> None:
    text = words(having(result, known_algebra("so(3)")))
    assert "so(3) ≅ su(2)" in text
    assert "3: singular values of the generators, each scaled to norm 1, above 0.03 of" in text
    assert (
        "brackets leave the span found by up to 0.01 % of their size; the identified closed "
        "algebra is 0.00 degrees away"
    ) in text
    assert "0 positive, 3 negative, 0 zero directions" in text
    assert "semisimple" in text
    assert "dimensions 0, 0, 3" in text
    assert "In a basis C of the closed algebra, that of the standard matrices, the brackets" in text
    assert "<td>[C1, C2]</td><td>C3</td>" in text
    assert "<td>[C1, C3]</td><td>− C2</td>" in text
    assert re.search(r"Of \d known actions compared, the most likely:", text)
    assert "<td>SO(3)</td><td>so(3)</td><td>0.01 %</td><td>1.00</td>" in text


def test_lorentz_and_a_scaling(result: SymmetryResult) -> None:
    text = words(having(result, known_algebra("so(1,3)"), np.eye(4)[None]))
    assert "so(1,3) ⊕ R" in text
    assert "neither solvable nor semisimple" in text
    assert "dimensions 7 → 6" in text
    assert "dimensions 1, 1, 6" in text


def test_commuting_generators(result: SymmetryResult) -> None:
    shifts = known_algebra("se(3)")[3:]
    text = words(having(result, shifts))
    assert "All brackets vanish." in text
    assert "abelian, nilpotent, solvable" in text
    assert "the nearest closed algebra is 0.00 degrees away" in text


def test_a_basis_that_is_not_the_standard_one(result: SymmetryResult) -> None:
    spiral = known_algebra("se(2)").copy()
    spiral[0, :2, :2] += 0.4 * np.eye(2)
    text = words(having(result, spiral))
    assert "unidentified, dimension 3" in text
    assert "In a basis C of the closed algebra, the brackets are, as far as" in text
    assert "0.26 C" in text or "0.36 C" in text or "0.37 C" in text


def test_generators_that_are_near_no_algebra(result: SymmetryResult) -> None:
    stray = np.random.default_rng(0).normal(size=(4, 5, 5))
    text = words(having(result, stray))
    assert "; no closed algebra is near" in text
    assert "Killing" not in text
    assert "[C1" not in text


def test_large_algebras_have_no_table_of_brackets(result: SymmetryResult) -> None:
    text = words(having(result, known_algebra("so(6)")))
    assert "so(6) ≅ su(4)" in text
    assert "[C1, C2]" not in text


def test_nothing_is_said_of_one_generator_or_without_consensus(result: SymmetryResult) -> None:
    several = having(result, known_algebra("so(3)"))
    assert algebra_text(several)
    assert algebra_text(result) == ""
    assert algebra_text(replace(several, has_consensus=False)) == ""
    assert algebra_text(replace(several, order=5)) == ""
    assert algebra_text(having(result, np.zeros((2, 3, 3)))) == ""
