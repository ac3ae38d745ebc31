"""The training loop: runs the stages of a method one after the other, and goes on where it was.

A checkpoint holds one record for each stage that has begun: the random streams at its start, and
the tensors of its modules. To go on, a stage that was over builds its modules again from the same
streams, is given their tensors and names its artifacts anew; a closed-form stage is solved again.
So artifacts are never stored, and the run of any method can go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import torch
from torch import Tensor

from symdisc.engine.checkpoint import Tree
from symdisc.engine.context import RunContext, derived_seed
from symdisc.engine.keeping import Checkpoints
from symdisc.engine.loggers import Loggers
from symdisc.engine.memory import telling_what_to_lower
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.notices import Notices
from symdisc.engine.progress import Reporter
from symdisc.engine.selection import Selection, SelectionSettings
from symdisc.engine.streams import restore, snapshot
from symdisc.engine.training import Training
from symdisc.errors import DataError, OutputError, TrainingError
from symdisc.interfaces import Artifacts, ClosedFormStage, IterativeStage, Losses, Stage

LOG_EVERY = 50
"""Steps between two rows of the metrics file, two looks at the losses and two progress marks."""


@final
@dataclass
class Outcome:
    """How a run of stages ended.

    Attributes:
        artifacts: Everything the stages handed on.
        interrupted: What was cut short by Ctrl-C, in words; ``""`` if nothing was.
        criteria: For each stage that was evaluated, the least criterion of every seed and the
            step it belongs to.
    """

    artifacts: Artifacts
    interrupted: str = ""
    criteria: dict[str, Any] = field(default_factory=dict)


@final
@dataclass(frozen=True)
class Watchers:
    """Who follows a run, besides its reporter and metrics.

    Attributes:
        notices: Takes what the result has to tell.
        checkpoints: Saves the run, or ``None``.
        loggers: The chosen loggers, or ``None``.
    """

    notices: Notices
    checkpoints: Checkpoints | None = None
    loggers: Loggers | None = None


def positions(saved: Sequence[Tree]) -> dict[str, int | None]:
    """Which metrics files belong to a checkpoint, and the step at which each goes on.

    ``None`` stands for a file that stays whole, since its stage is over.
    """
    found: dict[str, int | None] = {}
    for record in saved:
        step = None if record["over"] else record.get("step", 0)
        found |= {record["stage"]: step, validation_file(record["stage"]): step}
    return found


def validation_file(stage: str) -> str:
    """Name of the metrics file of a stage's criterion."""
    return f"{stage}-validation"


def run_stages(
    stages: Sequence[Stage],
    context: RunContext,
    metrics: MetricsFiles,
    reporter: Reporter,
    *,
    watchers: Watchers | None = None,
    selecting: SelectionSettings | None = None,
    saved: Sequence[Tree] = (),
) -> Outcome:
    """Run every stage; each sees the artifacts of those before it.

    Ctrl-C ends an iterative stage early: its present state is kept and later stages still run.

    Args:
        stages: What to run, in order.
        context: The run.
        metrics: Takes the losses.
        reporter: Is told how it stands.
        watchers: Whoever else follows the run.
        selecting: When stages are evaluated and what they keep.
        saved: The records of a checkpoint of the same run, to go on from.

    Raises:
        DataError: The records are of another method, or of another version of it.
        TrainingError: No seed has finite losses any more.
        KeyboardInterrupt: Ctrl-C before the first step was done.
    """
    watchers = watchers or Watchers(Notices(reporter))
    loop = _Loop(context, metrics, reporter, watchers, selecting or SelectionSettings())
    device_index = [context.device] if context.device.type == "cuda" else []
    with torch.random.fork_rng(devices=device_index):
        # Modules that draw random numbers of their own (dropout) use the global stream.
        torch.manual_seed(derived_seed(context.seeds[0], "global stream"))
        return loop.run(stages, list(saved))


class _Loop:
    """The stages of one run and the records of those that have begun."""

    def __init__(
        self,
        context: RunContext,
        metrics: MetricsFiles,
        reporter: Reporter,
        watchers: Watchers,
        selecting: SelectionSettings,
    ) -> None:
        self._context = context
        self._metrics: MetricsFiles | None = metrics
        self._reporter = reporter
        self._watchers = watchers
        self._selecting = selecting
        self._outcome = Outcome({})
        self._records: list[Tree] = []

    def run(self, stages: Sequence[Stage], saved: list[Tree]) -> Outcome:
        if not saved:
            self._save()
        for number, stage in enumerate(stages):
            record = saved[number] if number < len(saved) else None
            if record is None:
                record = {"stage": stage.name, "start": snapshot(self._context), "over": False}
            else:
                _check_same(record, stage)
                restore(self._context, record["start"])
            self._records.append(record)
            if isinstance(stage, ClosedFormStage):
                artifacts = stage.solve(self._context, self._outcome.artifacts)
                self._outcome.artifacts.update(artifacts)
                if not record["over"]:
                    self._end(record, {})
            elif isinstance(stage, IterativeStage):
                self._iterate(stage, record)
        return self._outcome

    def _iterate(self, stage: IterativeStage, record: Tree) -> None:
        training = Training(stage, self._context, self._outcome.artifacts, self._selecting)
        if record["over"]:
            training.load_result(record)
            restore(self._context, record["now"])
        else:
            if "now" in record:
                training.load(record)
                restore(self._context, record["now"])
            self._train(training, record)
            self._choose(training, record)
            self._end(record, {**training.result(), "now": snapshot(self._context)})
        self._recall(record)
        with torch.no_grad():
            self._outcome.artifacts.update(stage.finish(training.modules))

    def _train(self, training: Training, record: Tree) -> None:
        stage = training.stage
        self._reporter.start(stage.name, training.n_steps)
        try:
            while not training.ended:
                step = training.step
                with telling_what_to_lower(stage, self._context, step):
                    losses = training.advance()
                if step % LOG_EVERY == 0 or training.step == training.n_steps:
                    self._log(stage, step, losses)
                self._evaluate(training, step)
                if self._is_time() and training.is_sound():
                    record |= {**training.state(), "now": snapshot(self._context)}
                    self._save()
        except KeyboardInterrupt:
            if training.step == 0:
                raise
            cut = f"{stage.name} stopped after {training.step} of {training.n_steps} steps"
            before = self._outcome.interrupted
            self._outcome.interrupted = f"{before}; {cut}" if before else cut
        finally:
            self._reporter.stop()

    def _evaluate(self, training: Training, step: int) -> None:
        every = self._selecting.evaluate_every
        if training.selection is not None and every is not None and training.step % every == 0:
            self._note_values(training.stage, step, training.selection)

    def _choose(self, training: Training, record: Tree) -> None:
        """Put in place what the stage ends with; the averaged state is a candidate too."""
        training.average()
        selection = training.selection
        if selection is None:
            return
        if selection.exhausted and training.step < training.n_steps:
            record["note"] = (
                f"{training.stage.name} ended early, after {training.step} of {training.n_steps} "
                f"steps; evaluations in a row that improved no seed: {selection.waited}."
            )
        self._note_values(training.stage, training.n_steps, selection)
        selection.finish()
        record["criterion"] = selection.summary()

    def _note_values(self, stage: IterativeStage, step: int, selection: Selection) -> None:
        values = {"validation": {"criterion": selection.look(step)}}
        self._write(validation_file(stage.name), step, values, {"criterion": stage.criterion_unit})

    def _recall(self, record: Tree) -> None:
        if "criterion" in record:
            self._outcome.criteria[record["stage"]] = record["criterion"]
        if "note" in record:
            self._watchers.notices.tell(record["note"])

    def _end(self, record: Tree, remains: Tree) -> None:
        """Drop from the record what the stage needs no more."""
        wanted = ("stage", "start", "criterion", "note")
        kept = {key: record[key] for key in wanted if key in record}
        record.clear()
        record |= {**kept, **remains, "over": True}
        self._save()

    def _is_time(self) -> bool:
        checkpoints = self._watchers.checkpoints
        return checkpoints is not None and not self._outcome.interrupted and checkpoints.due()

    def _save(self) -> None:
        # Ctrl-C may have come in the middle of a step: what follows is no state to go on from.
        if self._watchers.checkpoints is not None and not self._outcome.interrupted:
            self._watchers.checkpoints.save(self._records)

    def _log(self, stage: IterativeStage, step: int, losses: Losses) -> None:
        self._write(stage.name, step, losses, stage.units)
        values = _named(losses)
        bad = [name for name, value in values.items() if not value.isfinite().any()]
        if bad:
            raise TrainingError(
                f"{stage.name}: no seed has a finite loss any more at step {step} "
                f"(not finite: {', '.join(bad)}); lower the learning rates "
                "(`symdisc show method NAME` lists them) or the scale of the data; "
                f"{_losses_text(values)}{self._last_good}"
            )
        means = {name: value[value.isfinite()].mean().item() for name, value in values.items()}
        self._reporter.advance(step + 1, ", ".join(f"{name} {m:.3f}" for name, m in means.items()))

    @property
    def _last_good(self) -> str:
        checkpoints = self._watchers.checkpoints
        if checkpoints is None or not checkpoints.latest:
            return ""
        return f"; the last checkpoint with finite values is {checkpoints.latest}"

    def _write(self, name: str, step: int, losses: Losses, units: Mapping[str, str]) -> None:
        """Write a row of metrics; where that fails, training goes on without them."""
        if self._watchers.loggers is not None:
            self._watchers.loggers.log(name, step, _named(losses))
        if self._metrics is None:
            return
        try:
            self._metrics.write(name, step, losses, units)
        except OutputError as error:
            self._metrics = None
            self._watchers.notices.tell(f"metrics end at step {step} of {name}: {error.args[0]}")


def _check_same(record: Tree, stage: Stage) -> None:
    if record["stage"] != stage.name:
        raise DataError(
            f"the checkpoint is of a method whose stage {record['stage']!r} is {stage.name!r} now; "
            "install the versions that began this run, or start it anew"
        )


def _losses_text(values: Mapping[str, Tensor]) -> str:
    """Every loss of the first seed."""
    listed = ", ".join(f"{name} {value[0].item():.3g}" for name, value in values.items())
    return f"losses of the first seed: {listed}"


def _named(losses: Losses) -> dict[str, Tensor]:
    return {
        f"{group}.{term}": value.detach()
        for group, terms in losses.items()
        for term, value in terms.items()
    }
