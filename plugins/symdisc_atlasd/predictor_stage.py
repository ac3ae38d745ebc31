"""Stage 1: the predictor, a network of each seed that is trained or an oracle that is fitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, final

from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.errors import DataError
from symdisc.interfaces import (
    Artifacts,
    Batch,
    ClosedFormStage,
    EnsembleModule,
    IterativeStage,
    Losses,
    OptimizerSettings,
    StageContext,
)
from symdisc_atlasd.goal import Goal, changes, known
from symdisc_atlasd.judge import GlobalJudge, evenly
from symdisc_atlasd.metric import Metric
from symdisc_atlasd.options import AtlasDOptions
from symdisc_atlasd.predictor import NetworkPredictor, OraclePredictor, Predictor, networks


@final
class NetworkStage(IterativeStage):
    """A network of each seed learns to predict targets or changes of state."""

    name: ClassVar[str] = "predictor"

    def __init__(self, options: AtlasDOptions) -> None:
        self.batch_size = options.batch_size
        self._options = options

    def n_steps(self, n_samples: int) -> int:
        """See :class:`IterativeStage`."""
        return self._options.predictor_steps

    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        """See :class:`IterativeStage`."""
        options, goal = self._options, Goal.of(context.samples)
        size = (options.predictor_width, options.predictor_depth)
        found = networks(context.seeds, context.shapes.size, goal.size, size, context.device)
        self._predictor = NetworkPredictor.on(context.samples.states[:, 0], found, goal)
        self._judge = judge(self._predictor, context)
        self._some = evenly(context.validation or context.samples, len(context.seeds))
        self.units = {"error": goal.unit}
        self.criterion, self.criterion_unit = self._on_validation, goal.unit
        return {"predictor": found}

    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        """See :class:`IterativeStage`."""
        rate, decay = self._options.predictor_rate, self._options.decay
        return {"predictor": OptimizerSettings(rate, decay=decay)}

    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        """See :class:`IterativeStage`."""
        predicted = self._predictor(batch.states[:, :, 0])
        return {"predictor": {"error": self._predictor.goal.loss(predicted, known(batch))}}

    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        """See :class:`IterativeStage`."""
        predicted = self._predictor(self._some.states[:, :, 0])
        unexplained = self._predictor.goal.unexplained(predicted, known(self._some))
        return {"judge": self._judge, "unexplained": unexplained}

    def _on_validation(self, validation: Samples, modules: Mapping[str, EnsembleModule]) -> Tensor:
        pairs, size = changes(validation), modules["predictor"].size
        x, y = (_repeated(values, size) for values in (pairs.x, pairs.y) if values is not None)
        return self._predictor.goal.loss(self._predictor(x), y)


@final
class OracleStage(ClosedFormStage):
    """The chosen oracle is fitted once; every seed uses it."""

    name: ClassVar[str] = "oracle"

    def solve(self, context: StageContext, artifacts: Artifacts) -> Artifacts:
        """See :class:`ClosedFormStage`.

        Raises:
            DataError: The oracle cannot be fitted to these data.
        """
        oracle = context.oracle()
        if reason := type(oracle).unsuited(context.samples):
            raise DataError(f"the oracle cannot be fitted: {reason}; take another --oracle")
        pairs = changes(context.samples)
        oracle.fit(pairs.x, pairs.y, context.rng)
        values = oracle.value(pairs.x.double()).to(pairs.x)
        form = pairs.y_representation
        moves = form is not None and form.size == values.shape[1]
        goal = Goal.of_values(values, form if moves else None)
        return {"judge": judge(OraclePredictor(oracle, goal), context)}


def judge(predictor: Predictor, context: StageContext) -> GlobalJudge:
    """The judge of group elements that move the states of this run.

    Raises:
        DataError: The states are pictures.
    """
    shapes = context.shapes
    if shapes.representation.grid is not None:
        raise DataError(
            f"a state is a picture ('{shapes.representation}'), of which atlasd finds symmetries "
            "of patches: add --preset local, which sets method.charts"
        )
    metric = Metric.of(context.samples.states[:, 0], shapes.representation)
    return GlobalJudge(predictor, shapes, metric)


def _repeated(values: Tensor, size: int) -> Tensor:
    """The same rows for every seed."""
    return values.expand(size, *values.shape)
