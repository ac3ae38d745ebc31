"""The training loop: runs the stages of a method one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import torch

from symdisc.engine.batches import BatchSampler
from symdisc.engine.context import RunContext, derived_seed
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.optimizers import ParameterGroup, update
from symdisc.engine.progress import Reporter
from symdisc.errors import TrainingError
from symdisc.interfaces import (
    Artifacts,
    ClosedFormStage,
    EnsembleModule,
    IterativeStage,
    Losses,
    Stage,
)

LOG_EVERY = 50
"""Steps between two rows of the metrics file, two looks at the losses and two progress marks."""


@final
@dataclass
class Outcome:
    """How a run of stages ended.

    Attributes:
        artifacts: Everything the stages handed on.
        interrupted: What was cut short by Ctrl-C, in words; ``""`` if nothing was.
    """

    artifacts: Artifacts
    interrupted: str = ""


def run_stages(
    stages: Sequence[Stage], context: RunContext, metrics: MetricsFiles, reporter: Reporter
) -> Outcome:
    """Run every stage; each sees the artifacts of those before it.

    Ctrl-C ends an iterative stage early: its present state is kept and later stages still run.

    Raises:
        TrainingError: No seed has finite losses any more.
        KeyboardInterrupt: Ctrl-C before the first step was done.
    """
    outcome = Outcome({})
    device_index = [context.device] if context.device.type == "cuda" else []
    with torch.random.fork_rng(devices=device_index):
        # Modules that draw random numbers of their own (dropout) use the global stream.
        torch.manual_seed(derived_seed(context.seeds[0], "global stream"))
        for stage in stages:
            if isinstance(stage, ClosedFormStage):
                outcome.artifacts.update(stage.solve(context, outcome.artifacts))
            elif isinstance(stage, IterativeStage):
                _train(stage, context, outcome, metrics, reporter)
    return outcome


def _train(
    stage: IterativeStage,
    context: RunContext,
    outcome: Outcome,
    metrics: MetricsFiles,
    reporter: Reporter,
) -> None:
    n_steps = stage.n_steps(len(context.samples))
    modules = stage.modules(context, outcome.artifacts)
    groups = {
        name: ParameterGroup(modules[name], settings, n_steps)
        for name, settings in stage.optimizers().items()
    }
    batches = BatchSampler(context.samples, len(context.seeds), stage.batch_size, context.rng)
    step = 0
    reporter.start(stage.name, n_steps)
    try:
        for step in range(n_steps):
            losses = stage.losses(batches.next(), modules, step)
            update(groups, losses)
            if step % LOG_EVERY == 0 or step == n_steps - 1:
                _log(stage, step, losses, metrics, reporter)
    except KeyboardInterrupt:
        if step == 0:
            raise
        cut = f"{stage.name} stopped after {step} of {n_steps} steps"
        outcome.interrupted = f"{outcome.interrupted}; {cut}" if outcome.interrupted else cut
    finally:
        reporter.stop()
    _finish(stage, groups, modules, outcome)


def _finish(
    stage: IterativeStage,
    groups: Mapping[str, ParameterGroup],
    modules: Mapping[str, EnsembleModule],
    outcome: Outcome,
) -> None:
    for group in groups.values():
        group.finish()
    with torch.no_grad():
        outcome.artifacts.update(stage.finish(modules))


def _log(
    stage: IterativeStage, step: int, losses: Losses, metrics: MetricsFiles, reporter: Reporter
) -> None:
    metrics.write(stage.name, step, losses, stage.units)
    values = {
        f"{group}.{term}": value.detach()
        for group, terms in losses.items()
        for term, value in terms.items()
    }
    bad = [name for name, value in values.items() if not value.isfinite().any()]
    if bad:
        raise TrainingError(
            f"{stage.name}: no seed has a finite loss any more at step {step} "
            f"(not finite: {', '.join(bad)}); lower the learning rates "
            "(`symdisc show method NAME` lists them) or the scale of the data"
        )
    means = {name: value[value.isfinite()].mean().item() for name, value in values.items()}
    reporter.advance(step + 1, ", ".join(f"{name} {mean:.3f}" for name, mean in means.items()))
