"""Pairs of consecutive states that are moved in learned coordinates, as data space shows them."""

from __future__ import annotations

from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import ElementFamily, View
from symdisc.linear_action import move_by
from symdisc.representations import Representation
from symdisc.verify.oracle import target_values


def seen_pairs(rows: Samples, view: View) -> Samples:
    """What is seen of latent points as samples of one state with a target.

    The target of a window is the change from its first to its last state, as both are seen: how
    the system goes on. Where rows have targets of their own, these are kept.

    Args:
        rows: Latent points ``(N, steps, latent size)``.
        view: What is seen of a point.
    """
    first = view(rows.states[:, 0])
    form = Representation.scalars(first.shape[1])
    targets, target_form = rows.targets, rows.target_representation
    if targets is None:
        targets, target_form = view(rows.states[:, -1]) - first, form
    return Samples(first[:, None], rows.trajectory, form, targets, target_form, source=rows.source)


class LatentMoves:
    """Moves of rows; see :class:`symdisc.verify.moves.Moves`.

    Args:
        rows: Latent points ``(N, steps, latent size)`` about the centre of the action.
        view: What is seen of a point.
        n_classes: Number of classes; 0 for other targets and for windows.
        family: What moves the rows.
    """

    dear = True

    def __init__(self, rows: Samples, view: View, n_classes: int, family: ElementFamily) -> None:
        self.family = family
        self._representation = rows.representation
        self._view = view
        self._ends = rows.states[:, [0, -1]] if rows.targets is None else rows.states[:, :1]
        seen = seen_pairs(rows, view)
        self.states = seen.states[:, 0]
        self.targets = target_values(seen, n_classes)

    def moved(self, rows: Tensor, picks: Tensor) -> tuple[Tensor, Tensor]:
        """States ``(G, B, F)`` and targets ``(G, B, m)`` after moves of the rows ``(B,)``."""
        elements = self.family.at(picks)
        ends = self._ends[rows].expand(len(elements), -1, -1, -1)
        seen = self._view(move_by(elements, ends, self._representation))
        first = seen[:, :, 0]
        if seen.shape[2] == 1:
            return first, self.targets[rows].expand(len(elements), -1, -1)
        return first, seen[:, :, 1] - first
