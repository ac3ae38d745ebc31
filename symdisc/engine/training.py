"""An iterative stage at some step: all that moves while it trains, out and in again."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor

from symdisc.engine.batches import BatchSampler
from symdisc.engine.checkpoint import Tree
from symdisc.engine.context import RunContext
from symdisc.engine.module_state import put_tensors, tensors_of
from symdisc.engine.optimizers import ParameterGroup, update
from symdisc.engine.selection import Selection, SelectionSettings
from symdisc.interfaces import Artifacts, IterativeStage, Losses


@final
class Training:
    """Modules, optimisers, minibatches and the choice of states of one stage.

    Args:
        stage: What is trained.
        context: The run.
        artifacts: What earlier stages handed on.
        settings: When to evaluate and what to keep.

    Attributes:
        step: Steps done.
        n_steps: Steps there are.
        modules: What the stage built.
        selection: The choice of states, where the stage offers a criterion and it is wanted.
    """

    def __init__(
        self,
        stage: IterativeStage,
        context: RunContext,
        artifacts: Artifacts,
        settings: SelectionSettings,
    ) -> None:
        self.stage = stage
        self.step = 0
        self.modules = stage.modules(context, artifacts)
        self.n_steps = stage.n_steps(len(context.samples))
        self._groups = {
            name: ParameterGroup(self.modules[name], options, self.n_steps)
            for name, options in stage.optimizers().items()
        }
        samples = context.samples if stage.prepare is None else stage.prepare(context.samples)
        self._batches = BatchSampler(samples, len(context.seeds), stage.batch_size, context.rng)
        self.selection: Selection | None = None
        if settings.evaluate_every is not None and stage.criterion is not None:
            self.selection = Selection(
                stage.criterion, self.modules, context, settings, stage.name, stage.prepare
            )

    @property
    def ended(self) -> bool:
        """Whether all steps are done or the patience is at its end."""
        early = self.selection is not None and self.selection.exhausted
        return early or self.step >= self.n_steps

    def advance(self) -> Losses:
        """One step; its losses are those before the step."""
        losses = self.stage.losses(self._batches.next(), self.modules, self.step)
        update(self._groups, losses)
        self.step += 1
        return losses

    def is_sound(self) -> bool:
        """Whether at least one seed has finite parameters throughout."""
        parameters = [p.detach() for module in self.modules.values() for p in module.parameters()]
        each = [p.isfinite().reshape(len(p), -1).all(1) for p in parameters if p.ndim]
        return not each or bool(torch.stack(each).all(0).any())

    def average(self) -> None:
        """Put the tail averages, if there are any, in place."""
        for group in self._groups.values():
            group.finish()

    def result(self) -> Tree:
        """What remains of the stage once it is over: copies, since later stages may go on."""
        modules = {
            name: {key: tensor.detach().clone() for key, tensor in tensors.items()}
            for name, tensors in self._tensors().items()
        }
        return {"modules": modules}

    def state(self) -> Tree:
        """Everything that it takes to go on from here, but for the random streams."""
        return {
            "modules": self._tensors(),
            "step": self.step,
            "groups": {name: group.state() for name, group in self._groups.items()},
            "batches": self._batches.state(),
            "selection": None if self.selection is None else self.selection.state(),
        }

    def _tensors(self) -> dict[str, dict[str, Tensor]]:
        return {name: tensors_of(module) for name, module in self.modules.items()}

    def load_result(self, record: Tree) -> None:
        """Put the modules in the state they were in when the stage ended."""
        for name, module in self.modules.items():
            put_tensors(module, record["modules"][name])

    def load(self, record: Tree) -> None:
        """Go on where :meth:`state` was."""
        self.load_result(record)
        self.step = record["step"]
        for name, group in self._groups.items():
            group.load(record["groups"][name])
        self._batches.load(record["batches"])
        if self.selection is not None:
            self.selection.load(record["selection"])
