"""Figures of learned coordinates, and which of them leave a seed out."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import pytest
import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.latent_figures import (
    Coded,
    CoordinateFigures,
    LatentFigures,
    LatentLimits,
    coordinate_figures,
    raw_shares,
    reconstruction_error,
)

TURN = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]], dtype=torch.float64)
LIMITS = LatentLimits.of(DefectOptions())
GOOD = CoordinateFigures(1e-4, 1.2, 2.0, 0.01, 1.0, 1.0)


def circling(units: tuple[str, ...] = ()) -> Samples:
    """Pairs of states on circles of different radii, twenty trajectories."""
    size = torch.linspace(0.5, 1.5, 20)[:, None]
    angle = 0.3 * torch.arange(31) + torch.arange(20)[:, None]
    path = torch.stack([size * angle.cos(), size * angle.sin()], dim=-1)
    pairs = torch.stack([path[:, :-1], path[:, 1:]], dim=2).flatten(0, 1)
    trajectory = torch.arange(20).repeat_interleave(30)
    return Samples(pairs, trajectory, Representation.vector(2), units=units)


def coded(codes: Tensor | None = None, decoded: Tensor | None = None) -> Coded:
    samples = circling()
    return Coded(
        samples,
        samples.states if codes is None else codes,
        samples.states if decoded is None else decoded,
        Representation.vector(2),
    )


def test_perfect_coordinates() -> None:
    found = coordinate_figures(coded(), TURN, 0.97)
    assert found.reconstruction == 0
    assert found.condition == pytest.approx(1, abs=0.03)
    assert 1.5 < found.kurtosis < 2.5
    assert found.within_total == pytest.approx(0, abs=1e-9)
    assert found.along == pytest.approx(1, abs=1e-6)
    assert found.alignment == 0.97
    assert LIMITS.problem(found) == ""


def test_a_generator_across_the_trajectories_is_not_along_them() -> None:
    stretch = torch.eye(2).double()[None]
    found = coordinate_figures(coded(), stretch)
    assert found.along == pytest.approx(0, abs=1e-6)
    assert math.isnan(found.within_total)


def test_several_generators_have_no_radius() -> None:
    found = coordinate_figures(coded(), torch.cat([TURN, TURN.abs()]))
    assert math.isnan(found.within_total)
    assert math.isnan(found.along)


def test_steps_are_measured_as_the_generator_measures_lengths() -> None:
    basis = torch.tensor([[1.0, 0.3], [0.0, 0.1]], dtype=torch.float64)
    skew = basis @ TURN @ torch.linalg.inv(basis)
    codes = (coded().codes.double() @ basis.T).float()
    assert coordinate_figures(coded(codes), skew).along == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        (lambda c: 0 * c, "spread inf times as far in one direction as in another, at most 20"),
        (lambda c: c * torch.tensor([1.0, 0.01]), r"spread 9\d\.?\d* times as far"),
        (lambda c: c**9, r"kurtosis \d+\.?\d*, at most 12 is allowed"),
        (lambda c: c * math.nan, "spread nan times as far"),
    ],
    ids=["constant", "flat", "heavy tails", "not finite"],
)
def test_degenerate_coordinates_are_told(codes: object, reason: str) -> None:
    assert callable(codes)
    found = coordinate_figures(coded(codes(coded().codes)), TURN)
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(LIMITS.problem(found))


def test_all_reasons_are_given() -> None:
    bad = CoordinateFigures(0.3, 50.0, 20.0, 0.9)
    limits = replace(LIMITS, within_total=0.2)
    assert limits.problem(bad) == (
        "encoding and decoding loses 0.3 of the data's variance, at most 0.01 is allowed; "
        "the latent points spread 50 times as far in one direction as in another, at most 20 times "
        "is allowed; the latent points have kurtosis 20, at most 12 is allowed; 0.9 of the "
        "variance of the kept radius lies within trajectories, at most 0.2 is allowed"
    )
    assert LIMITS.problem(replace(GOOD, within_total=0.9)) == ""
    assert limits.problem(GOOD) == ""
    assert limits.problem(replace(GOOD, within_total=math.nan)) == ""


def test_what_is_lost_is_measured_in_each_unit_by_itself() -> None:
    samples = circling(("m", "s"))
    wide = replace(samples, states=samples.states * torch.tensor([1.0, 1000.0]))
    wrong = wide.states.clone()
    wrong[..., 0] = wide.states[..., 0].mean()
    assert reconstruction_error(wide, wrong) == pytest.approx(0.5, abs=0.01)
    alike = replace(wide, units=())
    assert reconstruction_error(alike, wrong) < 1e-5
    still = replace(samples, states=torch.zeros_like(samples.states))
    assert math.isnan(reconstruction_error(still, still.states))


def test_baselines() -> None:
    """Circles about the mean of the data, which is not quite their centre."""
    radius, ellipse = raw_shares(circling())
    assert 0 < radius < 0.01
    assert ellipse < 1e-6


def test_they_are_kept_in_files() -> None:
    figures = LatentFigures((GOOD, replace(GOOD, along=math.nan)), GOOD, 0.7, math.nan, LIMITS)
    content = asdict(figures)
    content["raw_ellipse"] = content["seeds"][1]["along"] = None
    again = LatentFigures.from_saved(content)
    assert again.seeds[0] == again.consensus == GOOD
    assert math.isnan(again.seeds[1].along)
    assert math.isnan(again.raw_ellipse)
    assert (again.raw_radius, again.limits) == (0.7, LIMITS)
