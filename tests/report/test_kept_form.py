from __future__ import annotations

from dataclasses import replace
from html import unescape

import torch

from symdisc.report.kept_form import kept_form, kept_form_text
from symdisc.representations import Representation
from symdisc.result import SymmetryResult

METRIC = torch.diag(torch.tensor([-1.0, 1.0, 1.0, 1.0], dtype=torch.float64))


def lorentz(full_algebra: SymmetryResult, *more: torch.Tensor) -> SymmetryResult:
    """Rotations and boosts of pairs of momenta, and more generators."""
    skew = torch.zeros(6, 4, 4, dtype=torch.float64)
    for place, (i, j) in enumerate([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]):
        skew[place, i, j], skew[place, j, i] = 1.0, -1.0
    generators = METRIC @ skew
    return replace(
        full_algebra,
        generators=torch.cat([generators, *(matrix[None] for matrix in more)]),
        representation=Representation.parse("2*V4"),
        names=("E1", "px1", "py1", "pz1", "E2", "px2", "py2", "pz2"),
        truth=generators,
    )


def words(result: SymmetryResult) -> str:
    return unescape(kept_form_text(result))


def test_lengths_are_kept_block_by_block(result: SymmetryResult) -> None:
    text = words(result)
    assert "q_x² + " in text
    assert "; p_x² + " in text
    assert "all that was found (1 generator), each block its own" in text
    assert "positive definite in every block, the square of a length each" in text
    assert "|cosine| with the form that the true generators keep: 1.0000" in text


def test_blocks_of_other_signatures(result: SymmetryResult) -> None:
    mixed = result.generators.clone()
    mixed[0, 2:, 2:] = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    assert "1 negative, 3 positive in all blocks together" in words(
        replace(result, generators=mixed)
    )


def test_the_minkowski_form_with_names_that_both_momenta_share(
    full_algebra: SymmetryResult,
) -> None:
    text = words(lorentz(full_algebra))
    assert "E² − px² − py² − pz²" in text
    assert "1 negative, 3 positive: a Minkowski form" in text
    assert "all that was found (6 generators)" in text
    assert "true generators keep: 1.0000" in text
    assert "0.000; the next best form by 0.82" in text
    assert "independent forms" not in text


def test_a_part_of_what_was_found_keeps_it(full_algebra: SymmetryResult) -> None:
    text = words(lorentz(full_algebra, torch.eye(4, dtype=torch.float64)))
    assert "E² − px² − py² − pz²" in text
    assert (
        "a 6-dimensional part of what was found; the whole, of dimension 7, changes it by 0.38"
    ) in text


def test_several_kept_forms_and_a_centre_are_said(full_algebra: SymmetryResult) -> None:
    about = torch.ones(3, dtype=torch.float64)
    one = replace(full_algebra, generators=full_algebra.generators[:1], centre=about)
    text = words(one)
    assert "2 independent forms are kept; this is the one closest to the sum of all" in text
    assert "Coordinates are counted from the group's centre." in text
    assert "x² + y² + z²" in text


def test_no_form_is_kept(full_algebra: SymmetryResult) -> None:
    scaling = replace(full_algebra, generators=torch.eye(3, dtype=torch.float64)[None])
    text = words(scaling)
    assert "What was found (1 generator) keeps no quadratic form: the best one changes by" in text
    assert "<table" not in text


def test_where_nothing_is_claimed(full_algebra: SymmetryResult, images: SymmetryResult) -> None:
    assert kept_form_text(replace(full_algebra, has_consensus=False)) == ""
    assert kept_form(images) is None
    zero = replace(full_algebra, generators=torch.zeros(1, 3, 3, dtype=torch.float64))
    assert kept_form_text(zero) == ""


def test_a_truth_that_cannot_be_compared_is_left_out(full_algebra: SymmetryResult) -> None:
    for truth in (torch.eye(2)[None], torch.zeros(1, 3, 3), full_algebra.generators[:1]):
        assert "Truth" not in words(replace(full_algebra, truth=truth))
