"""From a result on standardised data to one in the data's own units."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from symdisc.data.standardise import Standardisation
from symdisc.result import SymmetryResult


def in_own_units(result: SymmetryResult, standard: Standardisation) -> SymmetryResult:
    """Undo the standardisation in everything that has units.

    Consensus, name and test are those of the standardised data: they compare generators by their
    entries, which means something only where coordinates are alike, and a change of units changes
    neither a group nor how well it holds.

    Args:
        result: What was found on standardised data.
        standard: How they were standardised.
    """
    if not standard.changes:
        return result
    truth = result.truth
    return replace(
        result,
        generators=standard.generators_restored(result.generators),
        seed_generators=standard.generators_restored(result.seed_generators),
        truth=None if truth is None else standard.generators_restored(truth),
        preview=standard.states_restored(result.preview),
        centre=standard.centre(result.representation),
        notes=(*result.notes, *_notes(result, standard)),
    )


def _notes(result: SymmetryResult, standard: Standardisation) -> list[str]:
    size = result.representation.size
    names = result.names or tuple(f"x{i + 1}" for i in range(size))
    units = result.units or ("",) * size
    about = " about the centre" if standard.how == "centre" else ""
    notes = [
        "Consensus, name and test are those of data in which each coordinate was divided by its "
        f"root mean square{about} in the training part "
        f"({_listed(names, standard.states, units)}); "
        "vectors that move alike share their scales. Generators are in the units of the data."
    ]
    centre = standard.centre(result.representation)
    if centre is not None:
        notes.append(
            "The group acts about a centre c, the mean of the training part: "
            f"x' = g(x − c) + c with c = ({_listed(names, centre, units)})."
        )
    return notes


def _listed(names: tuple[str, ...], values: Tensor, units: tuple[str, ...]) -> str:
    parts = [
        f"{name} {number:.4g}{' ' if unit else ''}{unit}"
        for name, number, unit in zip(names, values.tolist(), units, strict=True)
    ]
    return ", ".join(parts)
