"""The loop: on a small stage of its own, so that only the loop is under test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from symdisc.data.samples import Samples
from symdisc.engine.checkpoint import read_checkpoint
from symdisc.engine.context import RunContext
from symdisc.engine.keeping import Checkpoints
from symdisc.engine.loop import LOG_EVERY, Outcome, Watchers, run_stages
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.notices import Notices
from symdisc.engine.progress import Reporter, Silent
from symdisc.errors import TrainingError
from symdisc.interfaces import (
    Artifacts,
    Batch,
    ClosedFormStage,
    EnsembleModule,
    IterativeStage,
    Losses,
    OptimizerSettings,
    Stage,
    StageContext,
)
from symdisc.representations import Representation

Spoil = Callable[[int, Tensor], Tensor]


class Line(nn.Module):
    """Dropout makes it depend on the global random stream too."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)
        self.dropout = nn.Dropout(0.2)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layer(self.dropout(x.flatten(1))).squeeze(-1)
        return out


class Fit(IterativeStage):
    """Fits the sum of the coordinates; ``spoil`` may do anything to the loss of a step."""

    units: Mapping[str, str] = {"square": "m^2"}

    def __init__(
        self, steps: int = 30, spoil: Spoil | None = None, name: str = "fit", tail: float = 0.0
    ) -> None:
        self.name = name  # type: ignore[misc]
        self.batch_size = 8
        self._steps = steps
        self._tail = tail
        self._spoil: Spoil = spoil or (lambda _step, loss: loss)
        self.n_samples = 0

    def n_steps(self, n_samples: int) -> int:
        self.n_samples = n_samples
        return self._steps

    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        return {"line": context.ensemble("line")}

    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        return {"line": OptimizerSettings(0.1, tail_average=self._tail)}

    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        error = modules["line"].forward(batch.states) - batch.states.sum((-1, -2))
        return {"line": {"square": self._spoil(step, error.square().mean(-1))}}

    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        return {self.name: torch.cat([p.flatten(1) for p in modules["line"].parameters()], 1)}


class Count(ClosedFormStage):
    name = "count"

    def solve(self, context: StageContext, artifacts: Artifacts) -> Artifacts:
        return {"seen": sorted(artifacts), "n": len(context.samples), "fit": artifacts["fit"] * 0}


class Recorder(Reporter):
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def start(self, name: str, n_steps: int) -> None:
        self.told.append(("start", name, n_steps))

    def advance(self, step: int, text: str) -> None:
        self.told.append((step, text))

    def stop(self) -> None:
        self.told.append("stop")

    def say(self, text: str) -> None:
        self.told.append(text)


def run(
    *stages: Stage,
    seed: int = 0,
    folder: Path | None = None,
    reporter: Reporter | None = None,
    checkpoints: Checkpoints | None = None,
) -> Outcome:
    states = torch.randn(40, 1, 2, generator=torch.Generator().manual_seed(9))
    samples = Samples(states, torch.arange(40), Representation.vector(2))
    seeds = (seed, seed + 1, seed + 2)
    rng = torch.Generator().manual_seed(seed)
    builders = {"line": lambda _shapes: Line()}
    context = RunContext(samples, seeds, torch.device("cpu"), rng, builders)
    reporter = reporter or Silent()
    watchers = Watchers(Notices(reporter), checkpoints)
    return run_stages(stages, context, MetricsFiles(folder, seeds), reporter, watchers=watchers)


def interrupt_at(step: int) -> Spoil:
    def spoil(now: int, loss: Tensor) -> Tensor:
        if now == step:
            raise KeyboardInterrupt
        return loss

    return spoil


def test_training_does_what_it_should() -> None:
    outcome = run(Fit(300))
    assert outcome.interrupted == ""
    weights = outcome.artifacts["fit"][:, :2]
    assert weights.shape == (3, 2)
    assert ((weights - 1).abs() < 0.4).all()


def test_stages_see_the_artifacts_of_those_before_them_and_may_replace_them() -> None:
    artifacts = run(Fit(3), Fit(3, name="second"), Count()).artifacts
    assert artifacts["seen"] == ["fit", "second"]
    assert artifacts["n"] == 40
    assert (artifacts["fit"] == 0).all()
    assert (artifacts["second"] != 0).any()


def test_a_stage_is_told_the_number_of_samples() -> None:
    stage = Fit(3)
    run(stage)
    assert stage.n_samples == 40


def test_same_seed_same_result_to_the_last_bit() -> None:
    first = run(Fit()).artifacts["fit"]
    torch.manual_seed(123)  # the state of the rest of the program must not matter
    torch.randn(7)
    assert torch.equal(run(Fit()).artifacts["fit"], first)


def test_other_seed_other_result() -> None:
    assert not torch.equal(run(Fit(), seed=5).artifacts["fit"], run(Fit()).artifacts["fit"])


def test_global_random_states_stay_as_they_are() -> None:
    before = torch.get_rng_state(), repr(np.random.get_state())
    run(Fit())
    assert torch.equal(torch.get_rng_state(), before[0])
    assert repr(np.random.get_state()) == before[1]


def test_global_random_states_survive_an_error() -> None:
    before = torch.get_rng_state()
    with pytest.raises(KeyboardInterrupt):
        run(Fit(spoil=interrupt_at(0)))
    assert torch.equal(torch.get_rng_state(), before)


def test_interrupt_before_the_first_step_propagates() -> None:
    recorder = Recorder()
    with pytest.raises(KeyboardInterrupt):
        run(Fit(spoil=interrupt_at(0)), reporter=recorder)
    assert recorder.told == [("start", "fit", 30), "stop"]


def test_a_later_interrupt_keeps_the_state() -> None:
    recorder = Recorder()
    outcome = run(Fit(30, interrupt_at(12)), Count(), reporter=recorder)
    assert outcome.interrupted == "fit stopped after 12 of 30 steps"
    assert outcome.artifacts["n"] == 40
    assert recorder.told[-1] == "stop"
    kept = run(Fit(30, interrupt_at(12))).artifacts["fit"]
    assert torch.equal(kept, run(Fit(12)).artifacts["fit"])


def test_two_interrupts_are_both_told() -> None:
    outcome = run(Fit(30, interrupt_at(12)), Fit(20, interrupt_at(3), name="second"))
    assert outcome.interrupted == (
        "fit stopped after 12 of 30 steps; second stopped after 3 of 20 steps"
    )


def nan_for_member(member: int) -> Spoil:
    def spoil(step: int, loss: Tensor) -> Tensor:
        factor = torch.ones(3)
        factor[member] = torch.nan if step >= 5 else 1
        return loss * factor

    return spoil


def test_a_broken_member_leaves_the_others_as_they_are() -> None:
    healthy = run(Fit(120)).artifacts["fit"]
    broken = run(Fit(120, nan_for_member(1))).artifacts["fit"]
    assert broken[1].isnan().all()
    assert torch.equal(broken[[0, 2]], healthy[[0, 2]])


def test_all_members_broken_is_an_error() -> None:
    message = (
        rf"fit: no seed has a finite loss any more at step {LOG_EVERY} "
        r"\(not finite: line.square\); lower the learning rates \(`symdisc show method NAME` "
        r"lists them\) or the scale of the data; losses of the first seed: line.square nan$"
    )
    recorder = Recorder()
    with pytest.raises(TrainingError, match=message):
        run(Fit(120, lambda step, loss: loss / float(step < 5)), reporter=recorder)
    assert recorder.told[-1] == "stop"


def test_the_last_checkpoint_with_finite_values_is_named(tmp_path: Path) -> None:
    """Checkpoints at every step; from step 6 on all parameters are NaN and none is written."""
    path = tmp_path / "checkpoint"
    checkpoints = Checkpoints(path, 0.0, {}, dict, Notices(Silent()))
    message = (
        rf"; losses of the first seed: line.square nan; the last checkpoint with finite values is "
        rf"{path}, at step 5 of fit$"
    )
    with pytest.raises(TrainingError, match=message):
        run(Fit(120, lambda step, loss: loss / float(step < 5)), checkpoints=checkpoints)
    (record,) = read_checkpoint(path)["stages"]
    assert all(tensor.isfinite().all() for tensor in record["modules"]["line"].values())


def test_where_memory_runs_out_the_message_says_what_to_lower() -> None:
    def spoil(step: int, loss: Tensor) -> Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(TrainingError, match="fit: out of memory on cpu at step 0, with 3 seeds"):
        run(Fit(3, spoil))


def test_the_tail_average_is_what_a_stage_ends_with() -> None:
    last, mean = run(Fit(30)).artifacts["fit"], run(Fit(30, tail=0.5)).artifacts["fit"]
    assert not torch.equal(last, mean)
    assert torch.allclose(last, mean, atol=0.5)


def test_metrics_have_a_row_for_each_look_and_seed(tmp_path: Path) -> None:
    run(Fit(2 * LOG_EVERY + 10), seed=4, folder=tmp_path / "metrics")
    lines = (tmp_path / "metrics" / "fit.csv").read_text().splitlines()
    assert lines[0] == "step [1],seed [1],cpu_time [s],line.square [m^2]"
    steps = [line.split(",")[:2] for line in lines[1:]]
    expected = (0, LOG_EVERY, 2 * LOG_EVERY, 2 * LOG_EVERY + 9)
    assert steps == [[str(step), str(seed)] for step in expected for seed in (4, 5, 6)]


def test_progress_is_told_how_it_stands() -> None:
    recorder = Recorder()
    run(Fit(LOG_EVERY + 10, nan_for_member(0)), reporter=recorder)
    assert recorder.told[0] == ("start", "fit", LOG_EVERY + 10)
    assert [told[0] for told in recorder.told[1:-1]] == [1, LOG_EVERY + 1, LOG_EVERY + 10]
    # the mean over the members that are still finite
    assert all(told[1].startswith("line.square 0.") for told in recorder.told[2:-1])


def test_gradients_are_switched_off_at_the_end() -> None:
    assert not run(Fit(3)).artifacts["fit"].requires_grad


def test_metrics_that_cannot_be_written_are_told_and_training_goes_on(tmp_path: Path) -> None:
    (tmp_path / "metrics").write_text("no folder")
    recorder = Recorder()
    outcome = run(Fit(2 * LOG_EVERY), folder=tmp_path / "metrics", reporter=recorder)
    assert torch.equal(outcome.artifacts["fit"], run(Fit(2 * LOG_EVERY)).artifacts["fit"])
    (told,) = [text for text in recorder.told if isinstance(text, str) and "metrics" in text]
    assert told.startswith("metrics end at step 0 of fit: cannot write ")
