"""Results in words."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from made_results import BOOST, DEFECT, TURN, judged, make

from symdisc.representations import Representation
from symdisc.result import SymmetryResult
from symdisc.result_text import coordinate_names, generator_text


@pytest.fixture
def result() -> SymmetryResult:
    return make()


def test_large_matrices_are_told_by_their_size() -> None:
    sizes = {n: generator_text(make(torch.eye(n, dtype=torch.float64)[None])) for n in (16, 17)}
    assert sizes[16].startswith("L =\n")
    assert len(sizes[16].splitlines()) == 17
    assert sizes[17] == "1 generator of 17 × 17 entries: see the report, or result.generators"


class TestWords:
    def test_summary(self, result: SymmetryResult) -> None:
        assert result.summary() == (
            "SO(2) on vectors of dimension 2, 1 generator, confirmed: relative defect 0.04 (95 % ≤ "
            "0.11), 2,900 held-out rows; 16 of 16 seeds agree"
        )

    def test_summary_of_several_generators_names_the_largest_defect(self) -> None:
        other = replace(DEFECT, value=0.5, low=0.4, high=0.6)
        both = make(torch.stack([TURN, BOOST]), verification=judged(DEFECT, other)).summary()
        assert ", 2 generators, approximate (strength 0.50): largest relative defect 0.50 (" in both

    def test_summary_without_consensus(self) -> None:
        result = make(has_consensus=False, in_consensus=(True,) * 5 + (False,) * 11)
        assert result.summary() == (
            "no symmetry found: no consensus between seeds, 1 generator from the largest cluster "
            "(5 of 16 seeds); confirmed: relative defect 0.04 (95 % ≤ 0.11), 2,900 held-out rows"
        )

    def test_summary_without_test(self) -> None:
        assert make(verification=None).summary() == (
            "candidate: SO(2) on vectors of dimension 2, 1 generator, not tested on held-out rows; "
            "16 of 16 seeds agree"
        )
        stopped = make(verification=None, interrupted="liegan stopped after 5 of 10 steps")
        assert "held-out rows (liegan stopped after 5 of 10 steps);" in stopped.summary()

    def test_summary_where_nothing_could_be_decided(self) -> None:
        unknown = replace(DEFECT, value=math.nan, reason="too few rows")
        assert make(verification=judged(unknown)).summary() == (
            "no symmetry shown; the candidate SO(2) on vectors of dimension 2, 1 generator, is "
            "untestable here (too few rows), 2,900 held-out rows; 16 of 16 seeds agree"
        )
        generators = torch.stack([TURN, BOOST])
        partly = make(generators, verification=judged(unknown, DEFECT)).summary()
        assert "untestable here (1 of 2 tested elements of the span: too few rows)" in partly
        wide = make(verification=judged(replace(DEFECT, high=0.4))).summary()
        assert "anything from 0 to 0.40; about 11,600 rows to test on would do), 2,900" in wide

    def test_summary_of_what_is_no_symmetry(self) -> None:
        bad = make(verification=judged(replace(DEFECT, value=0.9, low=0.8, high=1.0))).summary()
        assert bad.startswith(
            "no symmetry found; the candidate SO(2) on vectors of dimension 2, 1 generator, is not "
            "supported: relative defect 0.90 (95 %: 0.80 to 1.00), 2,900 held-out rows; 16 of"
        )
        still = replace(DEFECT, value=math.nan, displacement=0.01, reason="it hardly moves")
        assert "is trivial (it hardly moves), 2,900" in make(verification=judged(still)).summary()

    def test_summary_of_one_seed(self) -> None:
        one = make(seeds=(0,), in_consensus=(True,), seed_generators=TURN[None, None])
        assert one.summary().endswith("; 1 seed, so agreement is unknown")

    def test_repr(self, result: SymmetryResult) -> None:
        assert repr(result) == f"<SymmetryResult: {result.summary()}>"

    def test_generator_text(self) -> None:
        generators = torch.tensor([[[0.0, -1.0], [1.0, -0.001]]], dtype=torch.float64)
        text = make(generators, mask=torch.tensor([[0.0, 1.0], [1.0, 1.0]])).generator_text()
        assert text == "L =\n       ·  -1.00\n    1.00   0.00"
        assert "L_2 =" in make(torch.stack([TURN, BOOST])).generator_text()

    def test_html_is_escaped(self) -> None:
        html = make(group="<b>G</b>", names=("<i>", "y"))._repr_html_()
        assert "&lt;b&gt;G&lt;/b&gt;" in html
        assert "&lt;i&gt;" in html
        assert "<b>" not in html
        assert html.count("<td>1.00</td>") == 1


@pytest.mark.parametrize(
    ("representation", "names", "expected"),
    [
        ("2*V2", ("E1", "p_1", "E2", "p_2"), ["E", "p"]),
        ("2*V2 + S", ("E1", "p_1", "E2", "p_2", "m"), ["E", "p"]),
        ("2*V2", ("x1", "x2", "x3", "x4"), ["x1", "x2"]),
        ("2*V2", ("a1", "a2", "b1", "b2"), ["x1", "x2"]),
        ("2*V2", (), ["x1", "x2"]),
        ("V2", ("a", "b"), ["a", "b"]),
        ("G4x4", (), ["x", "y", "1"]),
    ],
)
def test_names_of_the_coordinates_of_a_generator(
    representation: str, names: tuple[str, ...], expected: list[str]
) -> None:
    found = make(representation=Representation.parse(representation), names=names)
    assert coordinate_names(found) == expected
