"""Learned coordinates in words: what was found in them, and how good they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from symdisc.algebra.tolerances import percent
from symdisc.verify.latent_figures import ALONG, LatentFigures

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

KEPT = 0.1
"""Share of the variance within trajectories up to which a radius is said to be kept [1]."""


def latent_line(result: SymmetryResult) -> str:
    """The figures of learned coordinates in one line; ``""`` where there are none."""
    figures = result.latent_figures
    if figures is None:
        return ""
    found = figures.consensus
    parts = [
        f"{percent(found.reconstruction)} of the variance lost",
        _within(figures),
        f"condition {number(found.condition)}",
        f"kurtosis {number(found.kurtosis)}",
    ]
    if result.failed:
        parts.append(f"{len(result.failed)} of {len(result.seeds)} seeds left out")
    return ", ".join(part for part in parts if part)


def motion(result: SymmetryResult) -> str:
    """Which way the group moves states and what trajectories keep, in plain words."""
    figures = result.latent_figures
    if figures is None or not result.has_consensus:
        return ""
    found, name = figures.consensus, result.group.partition(" ")[0]
    if math.isnan(found.along) or found.along < ALONG:
        return ""
    every = (
        "Every autonomous flow commutes with itself, so that a symmetry along the trajectories is "
        "no surprise; what it says is how they run"
    )
    if math.isnan(found.within_total):
        return f"{every}. Found: a one-parameter group that moves along the trajectories."
    kept = "keeps" if found.within_total <= KEPT else "does not keep well"
    return (
        f"{every}. Found: {name}, which moves along the trajectories and {kept} the invariant r, "
        f"the radius that its matrices keep: {percent(found.within_total)} of the variance of r "
        "lies within trajectories."
    )


def number(value: float) -> str:
    """Three digits, and a dash for what is not defined."""
    return f"{value:.3g}" if math.isfinite(value) else "–"


def _within(figures: LatentFigures) -> str:
    share = figures.consensus.within_total
    if math.isnan(share):
        return ""
    others = [
        f"{name} {number(value)}"
        for name, value in (
            ("raw radius", figures.raw_radius),
            ("best raw ellipse", figures.raw_ellipse),
        )
        if not math.isnan(value)
    ]
    return f"within/total {number(share)}" + (f" ({', '.join(others)})" if others else "")
