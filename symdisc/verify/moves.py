"""How rows and their targets look before and after moves: what the features of (C) are made of."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import ElementFamily
from symdisc.linear_action import move_by
from symdisc.verify.oracle import target_values


class Moves(Protocol):
    """Rows with targets, and what moves them."""

    @property
    def family(self) -> ElementFamily:
        """What moves the rows, G generators."""

    @property
    def dear(self) -> bool:
        """Whether a move costs so much that it is made once and kept."""

    @property
    def states(self) -> Tensor:
        """The rows as they are, flat: ``(N, F)``."""

    @property
    def targets(self) -> Tensor:
        """Their targets as numbers, ``(N, m)``."""

    def moved(self, rows: Tensor, picks: Tensor) -> tuple[Tensor, Tensor]:
        """Rows ``(B,)`` after the moves ``(G, B)``: ``(G, B, F)`` and targets ``(G, B, m)``."""


class SampleMoves:
    """Samples moved by matrices, as their representation says; see :class:`Moves`.

    Args:
        samples: Rows with targets.
        n_classes: Number of classes; 0 for float targets.
        family: What moves the rows.
    """

    dear = False

    def __init__(self, samples: Samples, n_classes: int, family: ElementFamily) -> None:
        self.family = family
        self.states = samples.states.flatten(1)
        self.targets = target_values(samples, n_classes)
        self._samples = samples

    def moved(self, rows: Tensor, picks: Tensor) -> tuple[Tensor, Tensor]:
        """See :class:`Moves`."""
        elements = self.family.at(picks)
        states, targets = self._samples.states[rows], self.targets[rows]
        many = states.expand(len(elements), *states.shape)
        moved = move_by(elements, many, self._samples.representation)
        moved_targets = targets.expand(len(elements), *targets.shape)
        if self._samples.target_representation is not None:
            moved_targets = move_by(elements, moved_targets, self._samples.target_representation)
        return moved.flatten(2), moved_targets
