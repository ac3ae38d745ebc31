"""The error that a predictor makes on moved inputs, by which group elements are judged."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import Batch, DataShapes
from symdisc.linear_action import move_by
from symdisc_atlasd.metric import Metric
from symdisc_atlasd.predictor import Predictor

ROWS = 512
"""Rows by which what was found is judged in the end, at most [1]."""

AT_ONCE = 8
"""Elements that are judged at once on these rows, which bounds the memory it takes."""


class Judge(ABC):
    """Tells how far a predictor is from being equivariant under given group elements.

    Attributes:
        shapes: What the group is built for.
        metric: How far generators move the inputs.
        unit: Unit of errors.
    """

    shapes: DataShapes
    metric: Metric
    unit: str

    @abstractmethod
    def errors(self, elements: Tensor, batch: Batch) -> Tensor:
        """|Φ(g x) − g Φ(x)| for m elements a row, or elements that are the same for all rows.

        Args:
            elements: g, ``(E, m, B, n, n)``, or ``(E, m, 1, n, n)``.
            batch: Rows, E times B of them.

        Returns:
            ``(E, m, B)``, or some more, differentiable in the elements.
        """

    @abstractmethod
    def level(self, batch: Batch) -> Tensor:
        """The error of predicting what belongs to some other row: ``(E,)``."""

    def excess(self, elements: Tensor, batch: Batch) -> Tensor:
        """By how much mean errors exceed that of the identity.

        Args:
            elements: ``(E, m, n, n)``, each for all rows.
            batch: Rows.

        Returns:
            ``(E, m)``.
        """
        still = torch.eye(elements.shape[-1]).to(elements).expand(len(elements), 1, -1, -1)
        both = torch.cat([elements, still], dim=1)[:, :, None]
        few = [self.errors(some, batch).mean(-1) for some in torch.split(both, AT_ONCE, dim=1)]
        errors = torch.cat(few, dim=1)
        return errors[:, :-1] - errors[:, -1:]

    def relative(self, elements: Tensor, batch: Batch) -> Tensor:
        """:meth:`excess` of elements ``(E, m, n, n)`` over :meth:`level`: ``(E, m)`` [1]."""
        return self.excess(elements, batch) / self.level(batch)[:, None]


@final
@dataclass(frozen=True)
class GlobalJudge(Judge):
    """Inputs are vectors, which the group moves as their representation says.

    Attributes:
        predictor: Φ.
        shapes: Those of the data.
        metric: How far generators move these data.
    """

    predictor: Predictor
    shapes: DataShapes
    metric: Metric

    @property
    def unit(self) -> str:  # type: ignore[override]
        """See :class:`Judge`."""
        return self.predictor.goal.unit

    def errors(self, elements: Tensor, batch: Batch) -> Tensor:
        """See :class:`Judge`."""
        x = batch.states[:, :, 0]
        many = elements.expand(-1, -1, x.shape[1], -1, -1)
        wide = x[:, None].expand(-1, many.shape[1], -1, -1)
        moved = move_by(many, wide, self.shapes.representation)
        predicted = self.predictor(moved.flatten(1, 2)).reshape(*many.shape[:3], -1)
        values = self._values(x)[:, None].expand(-1, many.shape[1], -1, -1)
        return self.predictor.goal.error(predicted, self.predictor.goal.moved(many, values))

    def level(self, batch: Batch) -> Tensor:
        """See :class:`Judge`."""
        values = self._values(batch.states[:, :, 0])
        return self.predictor.goal.error(values.roll(values.shape[1] // 2, 1), values).mean(-1)

    @torch.no_grad()
    def _values(self, x: Tensor) -> Tensor:
        """What is predicted of the inputs as they are; elements are what is judged, not this."""
        return self.predictor(x)


def evenly(samples: Samples, seeds: int) -> Batch:
    """At most :data:`ROWS` evenly spaced rows, the same for every seed."""
    count = min(ROWS, len(samples))
    some = samples.rows(torch.linspace(0, len(samples) - 1, count).long().to(samples.states.device))
    states = some.states.expand(seeds, *some.states.shape)
    targets = some.targets
    return Batch(states, None if targets is None else targets.expand(seeds, *targets.shape))
