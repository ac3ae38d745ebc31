"""What a discovery gives back; verification, reports and downstream use accept nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from symdisc.representations import Representation
from symdisc.verify.defect import RelativeDefect


@dataclass(frozen=True, eq=False)
class SymmetryResult:
    """The generators found, what group they are and how well they fit unseen data.

    Attributes:
        generators: Consensus of the seeds, ``(k, n, n)`` float64, scaled so that the largest
            eigenvalue of each has modulus 1 (a rotation by t turns by t radians).
        seed_generators: As each seed ended, ``(E, k, n, n)`` float64, unscaled.
        seeds: The seed of each member of the ensemble.
        in_consensus: Which members the consensus is made of.
        agreement: Share of the seeds in the consensus [1].
        has_consensus: Whether at least half of the seeds agree.
        group: Name of the group and its representation, e.g. "SO(2) on vectors of dimension 2".
        evidence: One sentence: why it has that name.
        defects: Relative defect of each generator on held-out rows; empty if not tested.
        mask: Entries of a generator that could differ from zero, ``(n, n)``.
        blocks: Index groups between which generators vanish, or ``None``.
        representation: How a state transforms.
        target_representation: How float targets transform, or ``None``.
        preview: Held-out states for pictures, ``(P, steps, size)`` float32.
        names: Name of each coordinate of a state.
        units: Unit of each coordinate.
        truth: True generators where the maker of the data knows them.
        failed: Members left out and why, by seed.
        notes: Sentences for the report.
        config: The resolved settings of the run.
        provenance: Versions, machine, times, numbers of rows.
    """

    generators: Tensor
    seed_generators: Tensor
    seeds: tuple[int, ...]
    in_consensus: tuple[bool, ...]
    agreement: float
    has_consensus: bool
    group: str
    evidence: str
    mask: Tensor
    representation: Representation
    preview: Tensor
    defects: tuple[RelativeDefect, ...] = ()
    blocks: tuple[tuple[int, ...], ...] | None = None
    target_representation: Representation | None = None
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    truth: Tensor | None = None
    failed: dict[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    config: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
