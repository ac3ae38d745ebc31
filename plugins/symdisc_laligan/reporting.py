"""Sentences of the report about what only this method knows."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from symdisc.interfaces import DataShapes, EnsembleModule
from symdisc_laligan.generators import ActingGenerators
from symdisc_laligan.sindy.equation import equation_text


def construction_notes(shapes: DataShapes) -> list[str]:
    """Whether data of these shapes have a nonlinear symmetry whatever they are like."""
    values, size = shapes.n_targets or max(shapes.n_classes - 1, 0), shapes.size
    if not 0 < values < size:
        return []
    return [
        f"That there is a symmetry holds by construction: where {size} coordinates decide on "
        f"{values} value{'' if values == 1 else 's'}, bent coordinates exist in which states move "
        "and the values stay. Which motion was found describes how the values depend on states."
    ]


def threshold_notes(acting: ActingGenerators, seeds: Sequence[int]) -> list[str]:
    """The generators of each seed before small entries were set to zero."""
    gone = acting.n_removed.tolist()
    whole = acting.unthresholded().detach().cpu()
    return [
        f"Entries below the threshold that seed {seed} set to zero: {count}; without that its "
        f"generators are {_matrices(values)}."
        for seed, count, values in zip(seeds, gone, whole, strict=True)
        if count
    ]


def equation_notes(
    equation: EnsembleModule, names: Sequence[str], seeds: Sequence[int]
) -> list[str]:
    """The sparse equation that each seed ended with."""
    found = equation.call("coefficients").detach().cpu()
    return [
        f"Equation that seed {seed} learned with its coordinates: {equation_text(values, names)}."
        for seed, values in zip(seeds, found, strict=True)
    ]


def _matrices(values: Tensor) -> str:
    rows = [
        "[" + ", ".join("[" + ", ".join(f"{x:.3g}" for x in row) + "]" for row in one) + "]"
        for one in values.tolist()
    ]
    return " and ".join(rows)
