"""Learned coordinates in one line and in plain words."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from latent_toy import found_in, trajectories

from symdisc.latent_space import in_latent_coordinates
from symdisc.latent_text import latent_line, motion, number
from symdisc.report.words import finding
from symdisc.result import SymmetryResult
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.verdict import Verdict
from symdisc.verify.verification import Verification


@pytest.fixture(scope="module")
def result() -> SymmetryResult:
    return found_in(trajectories(), "by seed", seeds=4)[0]


def changed(result: SymmetryResult, **consensus: Any) -> SymmetryResult:
    figures = result.latent_figures
    assert figures is not None
    found = replace(figures.consensus, **consensus)
    return replace(result, latent_figures=replace(figures, consensus=found))


def test_the_line_has_all_figures_beside_their_baselines(result: SymmetryResult) -> None:
    shown = changed(result, reconstruction=0.004, within_total=0.0123)
    assert latent_line(shown) == (
        "0.4 % of the variance lost, within/total 0.0123 (raw radius 0.779, best raw ellipse "
        "0.0152), condition 1.65, kurtosis 1.95, 2 of 4 seeds left out"
    )


def test_what_is_not_defined_is_left_out(result: SymmetryResult) -> None:
    bare = replace(changed(result, within_total=math.nan, condition=math.nan), failed={})
    assert latent_line(bare) == "0.01 % of the variance lost, condition –, kurtosis 1.95"
    assert latent_line(replace(result, latent_figures=None)) == ""
    assert number(math.inf) == "–"


def test_every_flow_commutes_with_itself_and_what_was_found_says_more(
    result: SymmetryResult,
) -> None:
    kept = motion(changed(result, within_total=0.004))
    assert kept.startswith("Every autonomous flow commutes with itself")
    assert (
        "Found: SO(2), which moves along the trajectories and keeps the invariant r, the radius "
        "that its matrices keep: 0.4 % of the variance of r lies within trajectories."
    ) in kept
    assert "does not keep well the invariant r" in motion(changed(result, within_total=0.5))
    without = motion(changed(result, within_total=math.nan))
    assert without.endswith("Found: a one-parameter group that moves along the trajectories.")


def test_where_coordinates_lose_the_data_the_verdict_says_so(result: SymmetryResult) -> None:
    """A relative defect of 0 beside "not supported" would explain nothing."""
    why = "encoding and decoding loses 0.06 of the data's variance, at most 0.01 is allowed"
    verdict = Verdict("not supported", why)
    defect = RelativeDefect("latent", 0.0, 0.0, 0.05, 0.0, 0.4, 0.5, 0.98, 900, 20)
    lost = replace(result, verification=Verification((defect,), (), (0.4,), (verdict,), verdict))
    assert f"is not supported ({why}), 900 held-out rows" in lost.summary()
    assert finding(lost).endswith(f"the verdict is: not supported since {why}.")
    assert lost.verification is not None
    still = RelativeDefect.untested("latent", "it is still", n_rows=900, alpha=0.05)
    none = replace(lost, verification=replace(lost.verification, defects=(still,)))
    assert finding(none).endswith(f"it is still; the verdict is: not supported since {why}.")
    assert f"is not supported ({why})" in none.summary()


def test_nothing_is_said_of_what_moves_across_or_is_not_agreed_on(result: SymmetryResult) -> None:
    assert motion(changed(result, along=0.3)) == ""
    assert motion(changed(result, along=math.nan)) == ""
    assert motion(replace(result, has_consensus=False)) == ""
    assert motion(replace(in_latent_coordinates(result), latent_figures=None)) == ""
