"""The report's section on learned coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symdisc.latent_text import motion, number
from symdisc.report.html import grid, paragraph
from symdisc.verify.latent_figures import CoordinateFigures, LatentLimits

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult


def latent_text(result: SymmetryResult) -> str:
    """What the coordinates are, what moves along what, and every seed's figures, as HTML.

    ``""`` where the generators act on the data themselves.
    """
    latent, figures = result.latent, result.latent_figures
    if latent is None or figures is None:
        return ""
    head = ["encoder of", "lost variance [1]", "within/total [1]", "along [1]", "condition [1]"]
    head += ["kurtosis [1]", "R² to the result [1]", "seed"]
    rows = [_row("the result", figures.consensus, f"seed {latent.seed}")]
    rows += [
        _row(f"seed {seed}", one, _state(result, place))
        for place, (seed, one) in enumerate(zip(result.seeds, figures.seeds, strict=True))
    ]
    rows += [
        _baseline("raw radius, for comparison", figures.raw_radius),
        _baseline("best ellipse of the data, for comparison", figures.raw_ellipse),
    ]
    about = (
        f"The generators act on {latent.representation.size} learned coordinates "
        f"('{latent.representation}') z = φ(x) of the encoder {latent.component}, trained with "
        f"seed {latent.seed}. Every seed has coordinates of its own; its generators were carried "
        "into these by the affine map that fits best between the latent points of the same "
        "validation rows. The seed in whose coordinates most seeds agree was taken and, of "
        "several, that with the least validation criterion or, where there is none, the least "
        "loss of variance. The figures are those of held-out rows."
    )
    texts = [about, motion(result), _meaning(), _limits(figures.limits)]
    return "".join(map(paragraph, texts)) + grid(head, rows)


def _row(name: str, figures: CoordinateFigures, state: str) -> list[str]:
    values = (
        figures.reconstruction,
        figures.within_total,
        figures.along,
        figures.condition,
        figures.kurtosis,
        figures.alignment,
    )
    return [name, *map(number, values), state]


def _baseline(name: str, share: float) -> list[str]:
    return [name, "", number(share), "", "", "", "", ""]


def _state(result: SymmetryResult, place: int) -> str:
    reason = result.failed.get(result.seeds[place])
    if reason is not None:
        return f"left out: {reason}"
    return "agrees" if result.in_consensus[place] else "found something else"


def _meaning() -> str:
    return (
        "Lost variance: mean squared error of ψ(φ(x)) over the variance of the data. Within/total: "
        "share of the variance of the kept radius that lies within trajectories; it is defined for "
        "one generator that turns, and 0 if trajectories keep the radius. Along: share of the "
        "steps between consecutive latent points that is along the orbits. Condition and kurtosis "
        "(3 for a normal law) tell latent points that are squeezed together or heavy-tailed."
    )


def _limits(limits: LatentLimits) -> str:
    within = ""
    if limits.within_total is not None:
        within = f", above {limits.within_total:g} of the radius's variance within trajectories"
    return (
        f"A seed is left out above {limits.reconstruction:g} of the variance lost, above condition "
        f"{limits.condition:g}, above kurtosis {limits.kurtosis:g}{within}, and below R² "
        f"{limits.alignment:g}; nothing is confirmed above the first of these limits."
    )
