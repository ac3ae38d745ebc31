"""What stays the same under the group found: its quadratic form, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symdisc.algebra.form_text import SMALLEST, formula, signature_words
from symdisc.algebra.forms import form_cosine
from symdisc.algebra.invariant_form import InvariantForm, invariant_form
from symdisc.latent_space import in_latent_coordinates
from symdisc.own_units import in_alike_units
from symdisc.report.html import paragraph, table
from symdisc.report.planes import state_names
from symdisc.result_text import coordinate_names, counted

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult


def kept_form(result: SymmetryResult) -> InvariantForm | None:
    """The form kept best, in units in which coordinates are alike.

    ``None`` for images, vector fields, zero and discrete groups, and where the seeds do not agree.
    """
    if result.fields is not None or len(result.generators) == 0:
        return None
    shown = in_alike_units(in_latent_coordinates(result))
    if shown.representation.grid is not None or not result.has_consensus:
        return None
    return invariant_form(shown.generators, result.blocks)


def kept_form_text(result: SymmetryResult) -> str:
    """The form, its signature, who keeps it and how well, as HTML; ``""`` if there is none."""
    form = kept_form(result)
    if form is None:
        return ""
    found = counted(form.n_generators, "generator")
    if form.n_keeping == 0:
        return paragraph(
            f"What was found ({found}) keeps no quadratic form: the best one changes by "
            f"{form.residual:.3f}, its condition is {form.condition:.3g}."
        )
    rows = {
        "Kept form, up to factor and sign": "; ".join(_formulas(form, coordinate_names(result))),
        "Signature": _signature(form),
        "Kept by": _keepers(form),
        "Changes by [1]": _changes(form),
        "Condition [1]": f"{form.condition:.2f}",
        "Truth": _truth(result, form),
    }
    several = (
        f" {form.n_solutions} independent forms are kept; this is the one closest to the sum of "
        "all squares."
        if form.n_solutions > 1
        else ""
    )
    return paragraph(
        f"A group of matrices may keep a quadratic form {_square(result)}, as rotations keep "
        f"lengths: then LᵀJ + JL = 0 for each generator L.{several}{_origin(result)} Terms "
        f"below {SMALLEST} of the first are left out."
    ) + table(rows)


def _square(result: SymmetryResult) -> str:
    return "xᵀJx" if result.latent is None else "zᵀJz of learned coordinates"


def _origin(result: SymmetryResult) -> str:
    """From where, and in what, coordinates are counted."""
    shown = in_latent_coordinates(result)
    texts = [] if shown.centre is None else ["Coordinates are counted from the group's centre."]
    if result.scales is not None:
        units = in_alike_units(result).units[: result.representation.n_moving]
        each = ", ".join(
            f"{name} in {unit}" for name, unit in zip(state_names(result), units, strict=False)
        )
        texts.append(f"Units in which the coordinates are alike: {each}.")
    return "".join(f" {text}" for text in texts)


def _formulas(form: InvariantForm, names: list[str]) -> list[str]:
    """The form written out, block by block."""
    matrix = form.matrix.numpy()
    return [
        formula(matrix[list(block)][:, list(block)], [names[i] for i in block])
        for block in form.blocks
    ]


def _signature(form: InvariantForm) -> str:
    positive, negative = form.signature
    if len(form.blocks) == 1:
        return signature_words(form.signature)
    if negative == 0:
        return "positive definite in every block, the square of a length each"
    return f"{negative} negative, {positive} positive in all blocks together"


def _keepers(form: InvariantForm) -> str:
    if form.is_kept:
        each = ", each block its own" if len(form.blocks) > 1 else ""
        return f"all that was found ({counted(form.n_generators, 'generator')}){each}"
    return (
        f"a {form.n_keeping}-dimensional part of what was found; the whole, of dimension "
        f"{form.n_generators}, changes it by {form.residual_of_all:.2f}"
    )


def _changes(form: InvariantForm) -> str:
    following = f"; the next best form by {form.next_residual:.2f}"
    return f"{form.residual:.3f}{following if form.next_residual < float('inf') else ''}"


def _truth(result: SymmetryResult, form: InvariantForm) -> str:
    """How close the form is to that of the true generators, where these keep one and only one."""
    truth = in_alike_units(in_latent_coordinates(result)).truth
    if truth is None or truth.shape[1:] != result.generators.shape[1:]:
        return ""
    true = invariant_form(truth, result.blocks)
    if true is None or not true.is_kept or max(true.n_solutions, form.n_solutions) > 1:
        return ""
    cosine = form_cosine(form.matrix.numpy(), true.matrix.numpy())
    return f"|cosine| with the form that the true generators keep: {cosine:.4f}"
