"""Sentences of the report about what only this method knows."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from symdisc.interfaces import EnsembleModule
from symdisc_laligan.generators import ActingGenerators
from symdisc_laligan.sindy.equation import equation_text


def threshold_notes(acting: ActingGenerators) -> list[str]:
    """The generators of each seed before small entries were set to zero."""
    gone = acting.n_removed.tolist()
    whole = acting.unthresholded().detach().cpu()
    return [
        f"{count} entries below the threshold were set to zero in member {member} (counted from "
        f"0) of the ensemble; without that its generators are {_matrices(values)}."
        for member, (count, values) in enumerate(zip(gone, whole, strict=True))
        if count
    ]


def equation_notes(equation: EnsembleModule, names: Sequence[str]) -> list[str]:
    """The sparse equation that each seed ended with."""
    found = equation.call("coefficients").detach().cpu()
    return [
        f"Equation that member {member} (counted from 0) learned with its coordinates: "
        f"{equation_text(values, names)}."
        for member, values in enumerate(found)
    ]


def _matrices(values: Tensor) -> str:
    rows = [
        "[" + ", ".join("[" + ", ".join(f"{x:.3g}" for x in row) + "]" for row in one) + "]"
        for one in values.tolist()
    ]
    return " and ".join(rows)
