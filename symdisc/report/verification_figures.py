"""Figures of the test on held-out rows: the statistic among random generators, and the power."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.figure import Figure

from symdisc.report.style import BLUE, GREEN, GREY, ORANGE, VERMILION, new_figure
from symdisc.verify.defect import FIELD
from symdisc.verify.power import LIKELY, power, visible
from symdisc.verify.verification import Verification

_RANDOM = {True: "random fields", False: "random generators"}
_COLOURS = {True: GREEN, False: VERMILION}


def references_figure(tested: Verification) -> Figure:
    """T of the random generators as a histogram, with that of each found one as a line."""
    figure, (ax,) = new_figure(1, 1, (6.0, 3.2))
    found = [d.statistic for d in tested.defects if not math.isnan(d.statistic)]
    elements = [d.statistic for d in tested.elements if not math.isnan(d.statistic)]
    values = [0.0, *tested.references, *found, *elements]
    bins = np.linspace(min(values), max(values) * 1.02, 24).tolist()
    defect = tested.defects[0]
    field = defect.statement == FIELD
    ax.hist(list(tested.references), bins=bins, color=GREY, label=_RANDOM[field])
    for number, value in enumerate(elements):
        label = "random elements of the span" if number == 0 else None
        ax.axvline(value, color=ORANGE, lw=1.2, ls=":", label=label)
    for number, value in enumerate(found):
        label = "found" if number == 0 else None
        ax.axvline(value, color=_COLOURS[tested.holds], lw=2.2, label=label)
    meaning = "mean square change of F" if field else "how well moved rows are recognised"
    ax.set_xlabel(f"T, {meaning} [{defect.unit}]")
    ax.set_ylabel(f"{_RANDOM[field]} [1]")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    return figure


def power_figure(tested: Verification) -> Figure:
    """Probability to see a relative defect against its size, for the test that was made."""
    worst = tested.worst
    figure, (ax,) = new_figure(1, 1, (6.0, 3.2))
    largest = min(1.0, max(2.5 * visible(worst), 1.3 * worst.high))
    sizes = np.linspace(0, largest, 200)
    ax.plot(sizes, [power(worst, float(size)) for size in sizes], color=BLUE, lw=1.8)
    ax.axhline(LIKELY, color=ORANGE, lw=1.2, ls="--", label=f"{100 * LIKELY:.0f} %")
    low, high = min(worst.low, largest), min(worst.high, largest)
    ax.axvspan(low, high, color=_COLOURS[tested.holds], alpha=0.2, lw=0, label="found")
    ax.set_xlim(0, largest)
    ax.set_ylim(0, 1.03)
    ax.set_xlabel("true relative defect [1]")
    ax.set_ylabel("probability to see it [1]")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    return figure
