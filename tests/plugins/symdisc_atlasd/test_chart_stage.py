from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch

from symdisc.errors import DataError
from symdisc.representations import Representation
from symdisc_atlasd.algebra_stage import AlgebraStage
from symdisc_atlasd.chart_stage import ChartStage, check_fields
from symdisc_atlasd.judge import evenly
from symdisc_atlasd.options import AtlasDOptions
from tests.plugins.symdisc_atlasd.films import films
from tests.plugins.symdisc_atlasd.planes import builders, context, ran


def options(**given: Any) -> AtlasDOptions:
    small = {"charts": 1, "radius": 8, "batch_size": 12, "predictor_rate": 1e-2}
    return AtlasDOptions(**{**small, "predictor_steps": 300, **given})


@pytest.mark.slow
def test_the_turn_of_patches_of_heat_is_found() -> None:
    samples, given = films(), options(predictor_steps=600, algebra_steps=150)
    run = context(samples, seeds=1, parts=builders(n_generators=2))
    artifacts = ran([ChartStage(given), AlgebraStage(given)], run)
    ((turn, other),) = artifacts["generators"]
    assert (turn + turn.T).abs().max() < 0.15 * turn.abs().max()
    assert artifacts["errors"][0, 0] < 0.1 < 0.5 < artifacts["errors"][0, 1]
    elements = torch.stack([torch.linalg.matrix_exp(turn), torch.linalg.matrix_exp(other)])[None]
    quiet, loud = artifacts["judge"].relative(elements, evenly(samples, 1))[0]
    assert quiet < 0.2 * loud


def test_networks_learn_what_becomes_of_patches() -> None:
    samples = films()
    stage, run = ChartStage(options(charts=2, radius=6)), context(samples)
    modules = stage.modules(run, {})
    batch = evenly(samples, 2)
    before = stage.losses(batch, modules, 0)["predictor"]["error"]
    missed = ran([trained := ChartStage(options(charts=2, radius=6))], run)["unexplained"]
    untrained = stage.finish(modules)["unexplained"]
    assert missed.shape == (2,)
    assert (missed < 0.3 * untrained).all()
    after = trained.losses(batch, {}, 0)["predictor"]["error"]
    assert before.shape == (2,)
    assert (after < 0.3 * before).all()


def test_its_length_and_what_it_trains() -> None:
    stage = ChartStage(options())
    assert stage.n_steps(5) == 300
    assert set(stage.optimizers()) == {"predictor"}


def test_pictures_as_targets_are_predicted_too() -> None:
    samples = films()
    form = samples.representation
    pairs = replace(
        samples,
        states=samples.states[:, :1],
        targets=samples.states[:, 1],
        target_representation=form,
    )
    check_fields(pairs)
    stage = ChartStage(options())
    stage.modules(context(pairs), {})
    loss = stage.losses(evenly(pairs, 2), {}, 0)["predictor"]["error"]
    assert loss.isfinite().all()


@pytest.mark.parametrize("given", ["nothing", "labels", "'2*S'"])
def test_only_pictures_can_be_predicted(given: str) -> None:
    samples = films()
    one = replace(samples, states=samples.states[:, :1])
    if given == "labels":
        one = replace(one, targets=torch.zeros(len(one), dtype=torch.int64))
    elif given != "nothing":
        form = Representation.scalars(2)
        one = replace(one, targets=torch.zeros(len(one), 2), target_representation=form)
    message = rf"here {given} would be predicted: .*data\.target_representation=G32x32$"
    with pytest.raises(DataError, match=message.replace("2*S", r"2\*S")):
        check_fields(one)


def test_a_field_that_stays_has_finite_scales() -> None:
    samples = films()
    still = replace(samples, states=samples.states[:, :1].expand(-1, 2, -1))
    stage = ChartStage(options())
    stage.modules(context(still), {})
    assert stage.losses(evenly(still, 2), {}, 0)["predictor"]["error"].isfinite().all()
