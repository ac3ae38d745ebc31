"""The one stage: fit an oracle, add up the extended matrix, take its null space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from symdisc.data.pairs import Pairs
from symdisc.data.samples import Samples
from symdisc.errors import DataError
from symdisc.fields.action import as_points, plane_points
from symdisc.fields.library import Library
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields
from symdisc.interfaces import Artifacts, ClosedFormStage, FieldClaim, Oracle, StageContext
from symdisc.representations import Representation
from symdisc.verify.certainty import row_weights
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.field_defect import field_defects
from symdisc_vector_field.chunks import chunks
from symdisc_vector_field.construction import by_construction
from symdisc_vector_field.counting import GapRule, ShareRule, sparse_unknowns, without_copies
from symdisc_vector_field.extended import Extended
from symdisc_vector_field.moments import Moments, Scales, moments
from symdisc_vector_field.options import AS_DATA, VectorFieldOptions
from symdisc_vector_field.spectrum import FLOOR, Spectrum, spectrum
from symdisc_vector_field.stiefel import smallest_absolute

SHOWN = 6
"""Values of the spectrum that a note lists beyond the gap."""

_ALIKE = 0.1
"""Share of the defect that no symmetry surely exceeds, below which values are alike [1]."""

MOST_ROWS = 20_000
"""Rows of the extended matrix whose absolute values are made small."""


@dataclass(frozen=True, eq=False)
class Found:
    """What the stage found.

    Attributes:
        claim: The fields and the oracle.
        spectrum: Relative defects of all directions on training rows.
        by_gap: How many of them count as symmetries.
        rule: How that was told, in words.
        warning: What is known to be wrong with this rule; or ``""``.
        by_defect: How many of these validation rows do not speak against.
        defects: Of these on validation rows.
        construction: Whether they hold by construction, in words; or ``""``.
        alike: Whether values of F, being next states, move as states do in spite of the options.
    """

    claim: FieldClaim
    spectrum: Spectrum
    by_gap: int
    rule: str
    warning: str
    by_defect: int
    defects: tuple[RelativeDefect, ...]
    construction: str
    alike: bool = False

    @property
    def doubt(self) -> str:
        """Why nothing is claimed; ``""`` where something is."""
        if self.by_gap == 0:
            return f"among the relative defects of the library there are no {self.rule}"
        if self.by_defect == 0:
            return "what counts as symmetries has too large a relative defect on validation rows"
        return ""


class FieldStage(ClosedFormStage):
    """Fields along which a fitted function stays the same."""

    name: ClassVar[str] = "vector-field"

    def __init__(self, options: VectorFieldOptions) -> None:
        self._options = options

    def solve(self, context: StageContext, artifacts: Artifacts) -> Artifacts:
        """See :class:`symdisc.interfaces.ClosedFormStage`.

        Raises:
            DataError: The oracle cannot be fitted to these data, or nothing can be solved for.
        """
        # In float64 throughout, for which a CPU is the better place.
        samples, oracle, rng = context.samples.to("cpu"), context.oracle(), _cpu_rng(context.rng)
        if reason := type(oracle).unsuited(samples):
            raise DataError(f"the oracle cannot be fitted: {reason}; take --oracle density")
        rows = Pairs.of(samples)
        oracle.fit(rows.x, rows.y, rng)
        extended = self._extended(rows, oracle, samples.steps > 1)
        scales = Scales.of(oracle, rows.x)
        weights = row_weights(oracle, rows, rng) if self._options.weigh else None
        sums = moments(extended, oracle, _portions(rows.x), scales, weights)
        if self._options.scale == "none":
            sums = Moments(sums.square, torch.eye(extended.n_unknowns).double(), sums.n_rows)
        every = spectrum(sums)
        by_gap = self._count(every)
        solved = self._solved(extended, sums, every, by_gap, rows.x)
        if self._options.norm == "absolute":
            solved = self._absolute(extended, oracle, scales, sums, solved, rows.x)
        claim = self._claim(extended, oracle, solved, samples.names)
        defects, kept = self._checked(claim, context.validation, rng)
        held = solved[:, kept] if bool(kept.any()) else solved[:, :1]
        if self._options.sparse and held.shape[1]:
            held = sparse_unknowns(held)
        found = Found(
            self._claim(extended, oracle, held, samples.names),
            every,
            by_gap,
            self._rule,
            self._warning(every),
            int(kept.sum()),
            defects,
            by_construction(extended, oracle),
            alike=samples.steps > 1 and self._options.output != AS_DATA,
        )
        return {**artifacts, "found": found}

    def _extended(self, rows: Pairs, oracle: Oracle, are_steps: bool) -> Extended:
        form = rows.representation
        if form.n_vectors == 0:
            raise DataError(f"nothing moves in the representation '{form}'; it has only scalars")
        size = 2 if form.grid is not None else form.dimension
        functions = library(self._options.library, size)
        outputs = oracle.value(rows.x[:1].double()).shape[1]
        # A pair of different matrices for states and next states is no symmetry of the motion.
        output = AS_DATA if are_steps else self._options.output
        target = rows.y_representation
        return Extended(functions, form, target, output, outputs)

    def _count(self, every: Spectrum) -> int:
        options = self._options
        if options.n_generators is not None:
            return min(options.n_generators, len(every.values))
        if options.count == "share":
            return ShareRule(options.share).count(every)
        floor = max(FLOOR, _ALIKE * options.defect)
        return GapRule(options.gap, options.largest, floor).count(every)

    @property
    def _rule(self) -> str:
        """How the number of symmetries is told, in words."""
        options = self._options
        if options.n_generators is not None:
            return "as many as were asked for"
        if options.count == "share":
            return f"values up to {options.share:g} of the sum of all"
        return f"values before a gap of at least {options.gap:g}, up to {options.largest:g}"

    def _warning(self, every: Spectrum) -> str:
        """What is known to be wrong with the published rule."""
        share, total = self._options.share, len(every.values)
        rule = self._options.count == "share" and self._options.n_generators is None
        if not rule or total * share <= 1:
            return ""
        return (
            f"This published rule counts too many of {total} fields, since an average value is "
            f"1/{total} of the sum, below {share:g}. Which of them are symmetries is told by the "
            "verdict on each."
        )

    def _solved(
        self, extended: Extended, sums: Moments, every: Spectrum, count: int, x: Tensor
    ) -> Tensor:
        """Unknowns ``(P, k)``; those of the smallest defect where nothing counts as a symmetry."""
        values_move = extended.moves_values or extended.n_unknowns > extended.n_field
        if count == 0 or values_move or not self._options.quotient:
            return every.vectors[:, : max(count, 1)]
        points = _places(x, extended.representation, extended.library)
        return without_copies(sums, every, count, extended.library, points)

    def _absolute(
        self,
        extended: Extended,
        oracle: Oracle,
        scales: Scales,
        sums: Moments,
        solved: Tensor,
        x: Tensor,
    ) -> Tensor:
        """The same number of unknowns, with small mean absolute values."""
        some = x[:: max(1, len(x) * extended.n_outputs // MOST_ROWS)].double()
        table = extended.rows(some, oracle.jacobian(some), oracle.value(some))
        basis = spectrum(sums).vectors
        start = torch.linalg.qr(torch.linalg.pinv(basis) @ solved)[0]
        flat = (table / scales.rows[:, None]).flatten(0, 1) @ basis
        return basis @ smallest_absolute(flat, start)

    def _claim(
        self, extended: Extended, oracle: Oracle, unknowns: Tensor, names: tuple[str, ...]
    ) -> FieldClaim:
        coefficients, matrices = extended.coefficients(unknowns)
        form = extended.representation
        single = form.grid is None and form.n_vectors == 1 and len(names) == form.size
        own = tuple(names[: form.dimension]) if single else ()
        fields = VectorFields(extended.library, coefficients, own)
        carried = extended.target_representation if extended.moves_values else None
        return FieldClaim(fields, oracle, form, carried, matrices)

    def _checked(
        self, claim: FieldClaim, validation: Samples | None, rng: torch.Generator
    ) -> tuple[tuple[RelativeDefect, ...], Tensor]:
        """Relative defects on rows that nothing was fitted to, and which fields they leave."""
        if validation is None:
            return (), torch.ones(len(claim.fields), dtype=torch.bool)
        defects, _ = field_defects(claim, Pairs.of(validation).cpu(), rng, DefectOptions())
        kept = [not defect.testable or defect.low <= self._options.defect for defect in defects]
        return tuple(defects), torch.tensor(kept)


def notes(found: Found) -> tuple[str, ...]:
    """Sentences for the report."""
    values, count = found.spectrum.values.tolist(), found.by_gap
    counted = ", ".join(f"{value:.2g}" for value in values[:count])
    others = ", ".join(f"{value:.2g}" for value in values[count : count + SHOWN])
    others += ", …" if len(values) > count + SHOWN else ""
    told = f"{counted}, which count as symmetries; {others or 'no more'}" if counted else others
    against = len(found.defects) - found.by_defect
    shown = len(found.claim.fields)
    lines = [
        f"Relative defects of the {len(values)} independent fields of the library on training "
        f"rows: {told}.",
        f"Symmetries are {found.rule}: {count}, copies h·X included. Validation rows speak against "
        f"{against} of those that were looked at; {shown} {'is' if shown == 1 else 'are'} shown.",
    ]
    lines += [line for line in (found.warning, found.construction if count else "") if line]
    if found.alike:
        lines.append("States and next states move alike, as a symmetry of their motion has to.")
    if found.claim.oracle.derivatives != "exact":
        lines.append(f"Derivatives of F are {found.claim.oracle.derivatives}.")
    if not found.claim.oracle.quick:
        lines.append(
            "F is one fitted function, which the test on held-out rows takes as it is: what is "
            "tested is whether this function has the symmetry."
        )
    return tuple(lines)


def _cpu_rng(rng: torch.Generator) -> torch.Generator:
    seed = torch.randint(2**31, (1,), generator=rng, device=rng.device)
    return torch.Generator().manual_seed(int(seed))


def _portions(x: Tensor) -> list[Tensor]:
    return [x[rows] for rows in chunks(len(x), x.shape[1])]


def _places(x: Tensor, form: Representation, functions: Library) -> Tensor:
    """Points at which functions are compared, more than there are functions."""
    if form.grid is not None:
        return plane_points(x[:1].double(), form)
    step = max(1, len(x) // (4 * len(functions) + 1000))
    return as_points(x[::step].double(), form).flatten(0, 1).cpu()
