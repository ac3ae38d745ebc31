"""Stage 3: representatives of cosets, by the error that the predictor makes on moved inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, final

import torch
from torch import Tensor

from symdisc.interfaces import (
    Artifacts,
    Batch,
    CosetParameterization,
    EnsembleModule,
    IterativeStage,
    Losses,
    OptimizerSettings,
    StageContext,
)
from symdisc_atlasd.judge import Judge, evenly
from symdisc_atlasd.options import AtlasDOptions


@final
class CosetStage(IterativeStage):
    """All representatives of all seeds learn at once, from unlike starts; the algebra is known."""

    name: ClassVar[str] = "cosets"

    def __init__(self, options: AtlasDOptions) -> None:
        self.batch_size = options.candidate_batch
        self._options = options

    def n_steps(self, n_samples: int) -> int:
        """See :class:`IterativeStage`."""
        return self._options.coset_steps if self._searches else 0

    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        """See :class:`IterativeStage`."""
        group: EnsembleModule = artifacts["group"]
        self._judge: Judge = artifacts["judge"]
        self._searches = isinstance(group.prototype, CosetParameterization)
        self._span = self._judge.metric.span()
        self._some = evenly(context.validation or context.samples, len(context.seeds))
        self.units = {"error": self._judge.unit}
        return {"group": group}

    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        """See :class:`IterativeStage`."""
        if not self._searches:
            return {}
        options = self._options
        return {
            "group": OptimizerSettings(
                options.candidate_rate, decay=options.decay, tail_average=options.tail_average
            )
        }

    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        """See :class:`IterativeStage`."""
        elements = self._elements(modules["group"])[:, :, None]
        # A sum: no candidate's step depends on how many others there are.
        return {"group": {"error": self._judge.errors(elements, batch).mean(-1).sum(-1)}}

    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        """See :class:`IterativeStage`."""
        if not self._searches:
            return {"representatives": None, "representative_errors": None}
        found = self._elements(modules["group"])
        errors = self._judge.relative(found, self._some)
        best = errors.argsort(1)
        return {
            "representatives": torch.take_along_dim(found, best[..., None, None], 1),
            "representative_errors": errors.gather(1, best),
        }

    def _elements(self, group: EnsembleModule) -> Tensor:
        """Representatives ``(E, m, n, n)`` within the span of the inputs; beside it they are 1.

        What they do elsewhere no predictor knows, and each would do something else.
        """
        rest = torch.eye(len(self._span)).to(self._span) - self._span
        elements: Tensor = self._span @ group.call("representatives") @ self._span + rest
        return elements
