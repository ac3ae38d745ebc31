"""Stage 1 in the local form: a predictor of patches for each chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.errors import DataError
from symdisc.interfaces import (
    Artifacts,
    Batch,
    EnsembleModule,
    IterativeStage,
    Losses,
    OptimizerSettings,
    StageContext,
)
from symdisc_atlasd.atlas import Atlas
from symdisc_atlasd.chart_judge import ChartJudge
from symdisc_atlasd.chart_networks import LAYERS, PatchPredictor, chart_networks
from symdisc_atlasd.goal import known
from symdisc_atlasd.judge import evenly
from symdisc_atlasd.options import AtlasDOptions

_SOME = 200
"""Pictures that tell the scales of fields, at most."""


@final
class ChartStage(IterativeStage):
    """The networks of each seed learn what becomes of patches."""

    name: ClassVar[str] = "predictor"

    def __init__(self, options: AtlasDOptions) -> None:
        self.batch_size = options.batch_size
        self._options = options
        self.units = {"error": "1"}

    def n_steps(self, n_samples: int) -> int:
        """See :class:`IterativeStage`."""
        return self._options.predictor_steps

    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        """See :class:`IterativeStage`."""
        form = context.shapes.representation
        charts, radius = self._options.charts, self._options.radius
        if charts is None:
            raise ValueError("the local form needs charts")
        atlas = Atlas.of(charts, radius, form)
        check_fields(context.samples)
        networks = chart_networks(context.seeds, len(atlas), form.n_vectors, context.device)
        self._some = evenly(context.validation or context.samples, len(context.seeds))
        self._judge = ChartJudge.on(_scaled(networks, context.samples, atlas.grid), atlas)
        return {"predictor": networks}

    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        """See :class:`IterativeStage`."""
        rate, decay = self._options.predictor_rate, self._options.decay
        return {"predictor": OptimizerSettings(rate, decay=decay)}

    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        """See :class:`IterativeStage`."""
        predicted, goal = self._told(batch)
        return {"predictor": {"error": (predicted - goal).square().flatten(1).mean(1)}}

    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        """See :class:`IterativeStage`."""
        predicted, goal = (values.flatten(1) for values in self._told(self._some))
        unexplained = (predicted - goal).square().mean(1) / goal.var(1, correction=0)
        return {"judge": self._judge, "unexplained": unexplained}

    def _told(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """What is predicted of the patches of a batch, and what becomes of them, in its spread."""
        judge, atlas = self._judge, self._judge.atlas
        before, after = judge.pairs(batch)
        inner = atlas.radius - LAYERS
        dealt = list(enumerate(atlas.dealt(before.shape[1])))
        seen = [atlas.cut(before[:, rows], chart, atlas.radius) for chart, rows in dealt]
        goal = [atlas.cut(after[:, rows], chart, inner) for chart, rows in dealt]
        predicted = judge.predictor(torch.stack(seen, dim=1))
        change = judge.predictor.change
        return predicted / change, torch.stack(goal, dim=1) / change


def check_fields(samples: Samples) -> None:
    """Raise unless pictures are predicted of pictures.

    Raises:
        DataError: Says what is predicted in place of them.
    """
    form, target = samples.representation, samples.target_representation
    if samples.targets is None and samples.steps > 1:
        return
    if samples.float_targets is not None and target is not None and target.grid == form.grid:
        return
    given = "nothing" if samples.targets is None else f"'{target}'" if target else "labels"
    raise DataError(
        "with method.charts atlasd predicts pictures from pictures, the next of a film or targets "
        f"of the same grid; here {given} would be predicted: for vectors leave --preset local and "
        "method.charts out; that targets are pictures is said by e.g. "
        f"--set data.target_representation={form}"
    )


def _scaled(networks: EnsembleModule, samples: Samples, grid: tuple[int, int]) -> PatchPredictor:
    some = samples.rows(torch.arange(0, len(samples), -(-len(samples) // _SOME)))
    targets = None if some.targets is None else some.targets[None]
    fields, goals = (
        values.reshape(len(some), -1, grid[0] * grid[1])
        for values in (some.states[:, 0], known(Batch(some.states[None], targets))[0])
    )
    return PatchPredictor(
        networks, fields.mean((0, 2))[:, None, None], _spread(fields), _spread(goals)
    )


def _spread(values: Tensor) -> Tensor:
    """Standard deviation of each channel of ``(N, channels, pixels)``, 1 where it is 0."""
    spread = values.transpose(0, 1).flatten(1).std(1, correction=0)
    return torch.where(spread > 0, spread, torch.ones_like(spread))[:, None, None]
