"""The error of local predictors on moved patches, by which elements of one group are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import torch
from torch import Tensor

from symdisc.interfaces import Batch, DataShapes
from symdisc.representations import Representation
from symdisc_atlasd.atlas import Atlas
from symdisc_atlasd.chart_networks import LAYERS, PatchPredictor
from symdisc_atlasd.goal import known
from symdisc_atlasd.judge import Judge
from symdisc_atlasd.metric import Metric

PLANE = Representation.vector(2)


@final
@dataclass(frozen=True)
class ChartJudge(Judge):
    """The group acts on the plane about the centre of each chart alike.

    What belongs to a moved patch is known, not predicted: g moves the whole field and what becomes
    of it, and both are cut. Rows are dealt to the charts in turn.

    Attributes:
        predictor: Φ_c of each chart c.
        atlas: Where the charts are.
        shapes: Those of the plane.
        metric: How far generators move places of a disc.
        unit: Unit of errors.
    """

    predictor: PatchPredictor
    atlas: Atlas
    shapes: DataShapes
    metric: Metric
    unit: str = "1"

    @classmethod
    def on(cls, predictor: PatchPredictor, atlas: Atlas) -> Self:
        """The judge of elements that move the planes of these charts."""
        # Half the unit matrix is what places all around a centre have.
        return cls(predictor, atlas, DataShapes(1, PLANE), Metric(torch.eye(2) / 2))

    def errors(self, elements: Tensor, batch: Batch) -> Tensor:
        """See :class:`Judge`; the rows are dealt to the charts.

        The mean absolute difference, in units of the spread of what is predicted.
        """
        before, after = self.pairs(batch)
        inverses = torch.linalg.inv(elements).expand(-1, -1, before.shape[1], -1, -1)
        seen, expected = [], []
        for chart, rows in enumerate(self.atlas.dealt(before.shape[1])):
            turned = inverses[:, :, rows]
            seen.append(self._moved(before[:, rows], turned, chart, self.atlas.radius))
            inner = self.atlas.radius - LAYERS
            expected.append(self._moved(after[:, rows], turned, chart, inner))
        predicted = self.predictor(torch.stack(seen, dim=1))
        away = (predicted - torch.stack(expected, dim=1)) / self.predictor.change
        each: Tensor = away.abs().mean((-1, -2, -3))
        apart = each.reshape(*each.shape[:2], elements.shape[1], -1)
        return apart.movedim(1, -1).flatten(2)

    def level(self, batch: Batch) -> Tensor:
        """See :class:`Judge`; rows of one chart are compared."""
        _, after = self.pairs(batch)
        inner = self.atlas.radius - LAYERS
        other = after.roll(after.shape[1] // 2, 1)
        away = [
            self.atlas.cut(other - after, chart, inner).abs() for chart in range(len(self.atlas))
        ]
        relative = torch.stack(away, dim=1) / self.predictor.change
        return relative.flatten(1).mean(1)

    def pairs(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Fields, and what is predicted of them: both ``(E, B, channels, rows, columns)``."""
        before, after = batch.states[:, :, 0], known(batch)
        shape = (*before.shape[:2], -1, *self.atlas.grid)
        return before.reshape(shape), after.reshape(shape)

    def _moved(self, fields: Tensor, inverses: Tensor, chart: int, radius: int) -> Tensor:
        """Fields ``(E, R, ...)`` by m elements each: patches ``(E, m · R, channels, s, s)``."""
        seeds, m, rows = inverses.shape[:3]
        many = fields[:, None].expand(-1, m, -1, -1, -1, -1).flatten(0, 2)
        patches = self.atlas.moved(many, inverses.flatten(0, 2), chart, radius)
        return patches.reshape(seeds, m * rows, *patches.shape[1:])
