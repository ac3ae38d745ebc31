"""From a result on standardised data to one in the data's own units, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from symdisc.data.standardise import Standardisation, rescaled

if TYPE_CHECKING:
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
    if result.latent is not None:
        # What was standardised is what the encoder sees; its coordinates have no units.
        return replace(
            result,
            latent=result.latent.in_units_of(standard.mean, standard.states),
            preview=standard.states_restored(result.preview),
            notes=(*result.notes, _seen(result, standard)),
        )
    truth, discrete = result.truth, result.discrete
    return replace(
        result,
        generators=standard.generators_restored(result.generators),
        seed_generators=standard.generators_restored(result.seed_generators),
        truth=None if truth is None else standard.generators_restored(truth),
        discrete=None if discrete is None else discrete.in_units(standard.vector),
        preview=standard.states_restored(result.preview),
        centre=standard.centre(result.representation),
        scales=standard.vector,
        notes=(*result.notes, *_notes(result, standard)),
    )


def in_alike_units(result: SymmetryResult) -> SymmetryResult:
    """The result in units in which the coordinates are alike; itself if it has no scales.

    Lengths and angles between generators, and pictures, mean something there only. The unit of a
    coordinate becomes its scale, such as ``985 km``; scalars keep theirs.

    Args:
        result: What was found, in the data's own units.
    """
    scales = result.scales
    if scales is None:
        return result
    form, truth, centre = result.representation, result.truth, result.centre
    discrete = result.discrete
    states = torch.cat([scales.repeat(form.n_vectors), scales.new_ones(form.n_scalars)])
    units = result.units or ("",) * form.size
    moving = zip(states.tolist()[: form.n_moving], units, strict=False)
    return replace(
        result,
        generators=rescaled(result.generators, 1 / scales),
        seed_generators=rescaled(result.seed_generators, 1 / scales),
        truth=None if truth is None else rescaled(truth, 1 / scales),
        preview=(result.preview.double() / states).to(result.preview.dtype),
        discrete=None if discrete is None else discrete.in_units(1 / scales),
        centre=None if centre is None else centre / states,
        units=(*(f"{scale:.3g} {unit}".strip() for scale, unit in moving), *units[form.n_moving :]),
        scales=None,
    )


def _notes(result: SymmetryResult, standard: Standardisation) -> list[str]:
    notes = [
        f"Consensus, name and test are those of data {_divided(result, standard)}; vectors that "
        "move alike share their scales. Generators are in the units of the data, pictures in those "
        "of the scales."
    ]
    centre = standard.centre(result.representation)
    if centre is not None:
        notes.append(
            "The group acts about a centre c, the mean of the training part: "
            f"x' = g(x − c) + c with c = ({_listed(result, centre)})."
        )
    return notes


def _seen(result: SymmetryResult, standard: Standardisation) -> str:
    return (
        f"The encoder sees data {_divided(result, standard)}. Generators act on its coordinates, "
        "which have no units."
    )


def _divided(result: SymmetryResult, standard: Standardisation) -> str:
    about = " about the centre" if standard.how == "centre" else ""
    return (
        f"in which each coordinate was divided by its root mean square{about} in the training part "
        f"({_listed(result, standard.states)})"
    )


def _listed(result: SymmetryResult, values: Tensor) -> str:
    size = result.representation.size
    names = result.names or tuple(f"x{i + 1}" for i in range(size))
    units = result.units or ("",) * size
    parts = [
        f"{name} {number:.4g}{' ' if unit else ''}{unit}"
        for name, number, unit in zip(names, values.tolist(), units, strict=True)
    ]
    return ", ".join(parts)
