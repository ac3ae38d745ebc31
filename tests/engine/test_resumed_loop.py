"""Going on from any checkpoint ends in the same bits as never having stopped."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from symdisc.data.samples import Samples
from symdisc.engine.checkpoint import Tree, read_checkpoint, write_checkpoint
from symdisc.engine.context import RunContext
from symdisc.engine.keeping import Checkpoints
from symdisc.engine.loop import Outcome, Watchers, positions, run_stages
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.notices import Notices
from symdisc.engine.progress import Silent
from symdisc.engine.selection import SelectionSettings
from symdisc.errors import DataError
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

SEEDS = (3, 4, 5)


class Noisy(nn.Module):
    """Draws from the global stream, keeps a running mean, and cannot be vmapped in one method."""

    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)
        self.dropout = nn.Dropout(0.2)
        self.register_buffer("mean", torch.zeros(()), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layer(self.dropout(x.flatten(1))).squeeze(-1)
        return out

    def branching(self, x: Tensor) -> Tensor:
        out: Tensor = self(x)
        return -out if out.sum() > 1e9 else out


class Train(IterativeStage):
    """Trains what it builds, or goes on with what an earlier stage trained."""

    def __init__(self, name: str, steps: int, inherits: str = "", branching_from: int = 99) -> None:
        self.name = name  # type: ignore[misc]
        self.batch_size = 7
        self.criterion = self._error
        self._steps = steps
        self._inherits = inherits
        self._branching_from = branching_from

    def n_steps(self, n_samples: int) -> int:
        return self._steps

    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        self._rng = context.rng
        self._shift = torch.randn((), generator=context.rng)
        kept = artifacts.get(self._inherits)
        return {"net": context.ensemble("net") if kept is None else kept}

    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        return {"net": OptimizerSettings(0.05, decay=0.4, tail_average=0.3)}

    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        net = modules["net"]
        noise = 0.1 * torch.randn(batch.states.shape, generator=self._rng) + 0.01 * self._shift
        method = "branching" if step >= self._branching_from else "forward"
        error = net.call(method, batch.states + noise) - batch.states.sum((-1, -2))
        (mean,) = [value for name, value in net.named_buffers() if name.endswith("mean")]
        mean.lerp_(error.detach().mean(-1), 0.1)
        return {"net": {"square": error.square().mean(-1), "drift": mean.square()}}

    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        state = [tensor.flatten(1) for tensor in modules["net"].parameters()]
        buffers = [tensor.reshape(len(SEEDS), 1) for tensor in modules["net"].buffers()]
        noise = torch.randn(2, generator=self._rng)
        return {
            self.name: modules["net"],
            f"{self.name} values": torch.cat([*state, *buffers], 1),
            f"{self.name} noise": noise,
        }

    def _error(self, validation: Samples, modules: Mapping[str, EnsembleModule]) -> Tensor:
        states = validation.states.expand(len(SEEDS), *validation.states.shape)
        torch.randn(3, generator=self._rng)  # what it draws must not matter
        return (modules["net"].forward(states) - states.sum((-1, -2))).square().mean(-1)


class Noise(ClosedFormStage):
    """Its artifact depends on the run's stream and on an earlier network, which drops out."""

    name = "noise"

    def solve(self, context: StageContext, artifacts: Artifacts) -> Artifacts:
        states = context.samples.states.expand(len(SEEDS), *context.samples.states.shape)
        with torch.no_grad():
            seen = artifacts["first"].forward(states).mean(-1)
        return {"noise": torch.randn(len(SEEDS), generator=context.rng) + seen}


def _stages(third: int) -> list[Stage]:
    return [
        Train("first", 9, branching_from=4),
        Noise(),
        Train("second", 6, inherits="first"),
        Train("third", third),
    ]


def _context() -> RunContext:
    states = torch.randn(60, 1, 2, generator=torch.Generator().manual_seed(9))
    samples = Samples(states, torch.arange(60), Representation.vector(2))
    return RunContext(
        samples.rows(torch.arange(40)),
        SEEDS,
        torch.device("cpu"),
        torch.Generator().manual_seed(8),
        {"net": lambda _shapes: Noisy()},
        validation=samples.rows(torch.arange(40, 60)),
    )


def _copying(folder: Path, copies: Path, monkeypatch: pytest.MonkeyPatch) -> Checkpoints:
    """Checkpoints at every step; the whole folder is copied at each."""
    copies.mkdir()

    def write_and_copy(path: Path, tree: Mapping[str, Any]) -> None:
        write_checkpoint(path, tree)
        shutil.copytree(folder, copies / f"{len(list(copies.iterdir())):03}")

    monkeypatch.setattr("symdisc.engine.keeping.write_checkpoint", write_and_copy)
    return Checkpoints(folder / "checkpoint", 0.0, {}, dict, Notices(Silent()))


def _run(
    folder: Path,
    settings: SelectionSettings,
    checkpoints: Checkpoints | None = None,
    saved: Sequence[Tree] = (),
    third: int = 14,
) -> tuple[Outcome, list[str]]:
    metrics = MetricsFiles(folder / "metrics", SEEDS)
    metrics.cut(positions(saved))
    folder.mkdir(exist_ok=True)
    notices = Notices(Silent())
    outcome = run_stages(
        _stages(third),
        _context(),
        metrics,
        Silent(),
        watchers=Watchers(notices, checkpoints),
        selecting=settings,
        saved=saved,
    )
    return outcome, notices.told


def _values(outcome: Outcome) -> dict[str, Tensor]:
    return {name: v for name, v in outcome.artifacts.items() if isinstance(v, Tensor)}


def _metrics(folder: Path) -> dict[str, list[dict[str, str]]]:
    """All rows of all files, without the times."""
    found = {}
    for path in sorted((folder / "metrics").glob("*.csv")):
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        found[path.name] = [{k: v for k, v in r.items() if k != "cpu_time [s]"} for r in rows]
    return found


@pytest.mark.parametrize(
    "settings",
    [
        SelectionSettings(),
        SelectionSettings(4, "best"),
        SelectionSettings(3, "last", patience=2),
    ],
    ids=["plain", "best", "patience"],
)
def test_going_on_from_every_checkpoint_gives_the_same_bits(
    settings: SelectionSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, copies = tmp_path / "run", tmp_path / "copies"
    folder.mkdir()
    monkeypatch.setattr("os.fsync", lambda _: None)  # it is slow, and no power is cut here
    with monkeypatch.context() as patch:
        outcome, told = _run(folder, settings, _copying(folder, copies, patch))
    expected, metrics = _values(outcome), _metrics(folder)
    assert len(expected) == 7
    plain, _ = _run(tmp_path / "plain", settings)
    assert all(torch.equal(plain.artifacts[name], value) for name, value in expected.items())
    places = sorted(copies.iterdir())
    assert len(places) > 20
    for place in places:
        saved = read_checkpoint(place / "checkpoint")["stages"]
        again, told_again = _run(place, settings, saved=saved)
        assert _values(again).keys() == expected.keys()
        for name, value in expected.items():
            assert torch.equal(again.artifacts[name], value), (place.name, name)
        assert (again.criteria, told_again) == (outcome.criteria, told), place.name
        assert _metrics(place) == metrics, place.name


def test_a_run_that_goes_on_never_saves_less_than_there_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be killed again at once: the stages before are made again but not saved again."""
    folder, copies = tmp_path / "run", tmp_path / "copies"
    folder.mkdir()
    with monkeypatch.context() as patch:
        _run(folder, SelectionSettings(), _copying(folder, copies, patch))
    last = sorted(copies.iterdir())[-3]
    before = read_checkpoint(last / "checkpoint")["stages"]
    assert [record["stage"] for record in before] == ["first", "noise", "second", "third"]
    written: list[Mapping[str, Any]] = []
    monkeypatch.setattr(
        "symdisc.engine.keeping.write_checkpoint", lambda _, tree: written.append(tree)
    )
    again = Checkpoints(last / "checkpoint", 0.0, {}, dict, Notices(Silent()))
    _run(last, SelectionSettings(), again, saved=before)
    assert len(written) >= 2
    assert all(len(tree["stages"]) == 4 for tree in written)


def test_the_records_of_another_method_are_refused(tmp_path: Path) -> None:
    saved = [{"stage": "other", "start": {}, "over": True}]
    message = (
        r"^the checkpoint is of a method whose stage 'other' is 'first' now; install the versions "
        r"that began this run, or start it anew$"
    )
    with pytest.raises(DataError, match=message):
        _run(tmp_path, SelectionSettings(), saved=saved)


def test_the_state_that_is_chosen_is_seen_by_later_stages(tmp_path: Path) -> None:
    last, _ = _run(tmp_path / "a", SelectionSettings(1))
    best, _ = _run(tmp_path / "b", SelectionSettings(1, "best"))
    assert last.criteria["first"] == best.criteria["first"]
    assert not torch.equal(last.artifacts["first values"], best.artifacts["first values"])


def test_looking_changes_nothing(tmp_path: Path) -> None:
    blind, _ = _run(tmp_path / "a", SelectionSettings())
    looked, _ = _run(tmp_path / "b", SelectionSettings(1))
    for name, value in _values(blind).items():
        assert torch.equal(looked.artifacts[name], value), name
    assert sorted(path.name for path in (tmp_path / "b" / "metrics").iterdir()) == [
        "first-validation.csv",
        "first.csv",
        "second-validation.csv",
        "second.csv",
        "third-validation.csv",
        "third.csv",
    ]


def test_a_stage_that_ends_early_says_so(tmp_path: Path) -> None:
    outcome, told = _run(tmp_path, SelectionSettings(1, "last", patience=1), third=60)
    (note,) = [text for text in told if text.startswith("third")]
    assert note.endswith("of 60 steps; evaluations in a row that improved no seed: 1.")
    rows = _metrics(tmp_path)["third-validation.csv"]
    assert len(rows) < 3 * 60
    assert max(outcome.criteria["third"]["step"]) < 60
