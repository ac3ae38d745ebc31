from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext
from symdisc.engine.selection import SelectionSettings
from symdisc.engine.streams import restore, snapshot
from symdisc.engine.training import Training
from symdisc.interfaces import (
    Artifacts,
    Batch,
    EnsembleModule,
    IterativeStage,
    Losses,
    OptimizerSettings,
    StageContext,
)
from symdisc.representations import Representation


class Linear(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layer(x.flatten(1)).squeeze(-1)
        return out


class Fit(IterativeStage):
    name = "fit"

    def __init__(self, offers: bool = False) -> None:
        self.batch_size = 4
        if offers:
            self.criterion = lambda rows, modules: torch.zeros(2)

    def n_steps(self, n_samples: int) -> int:
        return n_samples

    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        return {"line": context.ensemble("line")}

    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        return {"line": OptimizerSettings(0.1, tail_average=0.5)}

    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        error = modules["line"].forward(batch.states) - batch.states.sum((-1, -2))
        return {"line": {"square": error.square().mean(-1)}}

    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        return {}


def _context() -> RunContext:
    states = torch.randn(16, 1, 2, generator=torch.Generator().manual_seed(2))
    samples = Samples(states, torch.arange(16), Representation.vector(2))
    rng = torch.Generator().manual_seed(0)
    builders = {"line": lambda _: Linear()}
    return RunContext(samples, (0, 1), torch.device("cpu"), rng, builders, validation=samples)


def _training(context: RunContext, offers: bool = False, **settings: Any) -> Training:
    return Training(Fit(offers), context, {}, SelectionSettings(**settings))


def test_steps_are_counted_and_end() -> None:
    training = _training(_context())
    assert (training.n_steps, training.step, training.ended) == (16, 0, False)
    losses = [training.advance()["line"]["square"].sum().item() for _ in range(16)]
    assert (training.step, training.ended) == (16, True)
    assert losses[-1] < losses[0]


def test_state_goes_out_and_in() -> None:
    first, second = _context(), _context()
    one, two = _training(first), _training(second)
    for _ in range(11):
        one.advance()
    two.load(copy.deepcopy(one.state()))
    restore(second, snapshot(first))
    for training in (one, two):
        while not training.ended:
            training.advance()
        training.average()
    results = [training.result()["modules"]["line"] for training in (one, two)]
    assert results[0].keys() == results[1].keys()
    assert all(torch.equal(results[0][name], results[1][name]) for name in results[0])


def test_what_remains_of_a_stage_is_a_copy() -> None:
    training = _training(_context())
    kept = training.result()
    before = {name: tensor.clone() for name, tensor in kept["modules"]["line"].items()}
    training.advance()
    assert all(torch.equal(kept["modules"]["line"][name], before[name]) for name in before)
    training.load_result(kept)
    assert all(
        torch.equal(tensor, before[name])
        for name, tensor in training.modules["line"].named_parameters()
    )


def test_states_are_chosen_only_where_it_is_offered_and_wanted() -> None:
    assert _training(_context()).selection is None
    assert _training(_context(), offers=True).selection is None
    assert _training(_context(), evaluate_every=3).selection is None
    training = _training(_context(), offers=True, evaluate_every=3, patience=1)
    assert training.selection is not None
    for step in (0, 1):
        assert not training.ended
        training.selection.look(step)
    assert training.ended


def test_minibatches_and_validation_rows_are_prepared() -> None:
    context, stage = _context(), Fit()
    seen = []

    def criterion(rows: Samples, modules: Mapping[str, EnsembleModule]) -> Tensor:
        seen.append(rows)
        return torch.zeros(2)

    stage.criterion = criterion
    stage.prepare = lambda samples: replace(samples, states=samples.states.clamp(min=5))
    training = Training(stage, context, {}, SelectionSettings(evaluate_every=1))
    assert training._batches.next().states.min() == 5
    assert training.selection is not None
    training.selection.look(0)
    assert seen[0].states.min() == 5
    assert context.samples.states.min() < 5
