"""From the vector fields that a method found to a result, before verification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symdisc.algebra.tolerances import percent
from symdisc.assembly import preview
from symdisc.data.samples import Samples
from symdisc.fields.action import as_points
from symdisc.fields.brackets import closure
from symdisc.fields.vector_fields import VectorFields
from symdisc.interfaces import Discovery, FieldClaim
from symdisc.result import SymmetryResult
from symdisc.result_text import counted

CLOSED = 0.05
"""Largest share of a bracket outside of the span with which fields count as an algebra [1]."""

_POINTS = 2000


def assemble_fields(
    found: Discovery,
    claim: FieldClaim,
    seeds: tuple[int, ...],
    held_out: Samples,
    config: Mapping[str, Any],
) -> SymmetryResult:
    """A result whose action is a flow; its matrices are the linear parts of the fields.

    Args:
        found: What the method found; one member.
        claim: The fields.
        seeds: The seeds of the run, of which the first counts.
        held_out: Samples that the method never saw.
        config: The resolved settings.
    """
    generators = found.generators[0].detach().double().cpu()
    return SymmetryResult(
        generators=generators,
        seed_generators=generators[None],
        seeds=seeds[:1],
        in_consensus=(True,),
        agreement=1.0,
        has_consensus=True,
        group=_group(claim.fields),
        evidence=_evidence(claim, held_out),
        mask=found.mask.double().cpu(),
        representation=held_out.representation,
        target_representation=held_out.target_representation,
        preview=preview(held_out),
        names=held_out.names,
        units=held_out.units,
        truth=None if held_out.truth is None else held_out.truth.double(),
        notes=found.notes,
        config=dict(config),
        fields=claim.fields,
        target_generators=claim.matrices,
    )


def _group(fields: VectorFields) -> str:
    library = fields.library.spec
    where = library if isinstance(library, str) else "a library of its own"
    return f"the flow of {counted(len(fields), 'vector field')} in {where}"


def _evidence(claim: FieldClaim, held_out: Samples) -> str:
    """Whether the fields span an algebra."""
    if len(claim.fields) == 1 or claim.representation.grid is not None:
        return "one field is an algebra by itself" if len(claim.fields) == 1 else ""
    states = held_out.states.flatten(0, 1).double().cpu()
    points = as_points(states, claim.representation).flatten(0, 1)
    step = max(1, len(points) // _POINTS)
    residual = closure(claim.fields, points[::step]).residual
    how = "lie in their span within" if residual <= CLOSED else "leave their span by up to"
    return f"brackets of the fields {how} {percent(residual)} of their size"
