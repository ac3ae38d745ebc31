"""The report's section on learned coordinates."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from latent_toy import found_in, trajectories

from symdisc.latent_space import in_latent_coordinates
from symdisc.report.latent import latent_text
from symdisc.result import SymmetryResult


@pytest.fixture(scope="module")
def result() -> SymmetryResult:
    return found_in(trajectories(), "by seed", seeds=4)[0]


def test_every_seed_has_its_figures_and_its_reason(result: SymmetryResult) -> None:
    text = latent_text(result)
    assert "encoder toy:hidden-plane, trained with seed 0" in text
    assert text.count("<tr>") == 1 + 1 + 4 + 2
    assert text.count("<td>agrees</td>") == 2
    assert text.count("<td>left out: no affine map takes its latent points to those of seed 0") == 2
    assert "raw radius, for comparison</td><td></td><td>0.779</td>" in text
    assert "Every autonomous flow commutes with itself" in text


def test_limits_are_stated(result: SymmetryResult) -> None:
    assert (
        "A seed is left out above 0.01 of the variance lost, above condition 20, above kurtosis "
        "12, and below R² 0.9; nothing is confirmed above the first of these limits."
    ) in latent_text(result)
    figures = result.latent_figures
    assert figures is not None
    limits = replace(figures.limits, within_total=0.2)
    strict = replace(result, latent_figures=replace(figures, limits=limits))
    assert "above 0.2 of the radius&#x27;s variance within trajectories" in latent_text(strict)


def test_what_is_not_defined_is_a_dash(result: SymmetryResult) -> None:
    figures = result.latent_figures
    assert figures is not None
    found = replace(figures.consensus, within_total=math.nan)
    text = latent_text(replace(result, latent_figures=replace(figures, consensus=found)))
    assert "<td>–</td>" in text


def test_a_seed_that_found_something_else_is_named(result: SymmetryResult) -> None:
    shown = replace(result, failed={}, in_consensus=(True, False, True, True))
    assert latent_text(shown).count("<td>found something else</td>") == 1


def test_linear_results_have_no_such_section(result: SymmetryResult) -> None:
    assert latent_text(in_latent_coordinates(result)) == ""
