from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from symdisc.engine.batches import BatchSampler
from symdisc.engine.context import RunContext
from symdisc.engine.ensemble import Ensemble
from symdisc.interfaces import Artifacts, CoefficientDistribution
from symdisc_atlasd.algebra_stage import AlgebraStage, parameterization
from symdisc_atlasd.options import AtlasDOptions
from symdisc_atlasd.predictor_stage import OracleStage
from symdisc_basics.coefficients import IntegerGrid, IntegerGridOptions
from tests.plugins.symdisc_atlasd.planes import TURN, Corners, builders, context, plane, ran


def found(run: RunContext, steps: int = 400, **options: Any) -> Artifacts:
    given = AtlasDOptions(algebra_steps=steps, batch_size=128, **options)
    return ran([OracleStage(), AlgebraStage(given)], run)


def test_the_rotation_is_the_one_generator_with_a_small_error() -> None:
    artifacts = found(context(plane(), seeds=3))
    first = artifacts["generators"][:, 0]
    torch.testing.assert_close(
        first * first[:, 1, 0, None, None], TURN.expand(3, 2, 2), rtol=0, atol=0.03
    )
    assert (artifacts["errors"][:, 0] < 0.02).all()
    assert (artifacts["errors"][:, 1:] > 0.4).all()


def test_quarter_turns_are_no_continuous_group() -> None:
    artifacts = found(context(plane(), oracle=Corners))
    assert (artifacts["errors"] > 0.25).all()


def test_published_regularisers_keep_generators_apart_and_from_zero() -> None:
    run = context(plane(), parts=builders(n_generators=2))
    stage = AlgebraStage(AtlasDOptions(orthonormal=False, overlap=0.5, growth=0.25))
    modules = stage.modules(run, ran([OracleStage()], run))
    batch = BatchSampler(run.samples, 2, 16, run.rng).next()
    terms = stage.losses(batch, modules, 0)["generators"]
    assert set(terms) == {"error", "overlap", "growth"}
    assert all(term.shape == (2,) for term in terms.values())
    assert (terms["growth"] < 0).all()
    assert (terms["overlap"] > 0).all()


def test_orthonormal_generators_need_no_regularisers() -> None:
    run = context(plane())
    stage = AlgebraStage(AtlasDOptions())
    modules = stage.modules(run, ran([OracleStage()], run))
    batch = BatchSampler(run.samples, 2, 16, run.rng).next()
    assert set(stage.losses(batch, modules, 0)["generators"]) == {"error"}


@pytest.mark.parametrize("together", [False, True])
def test_inputs_move_by_one_generator_or_by_all(together: bool) -> None:
    run = context(plane())
    stage = AlgebraStage(AtlasDOptions(together=together))
    stage.modules(run, ran([OracleStage()], run))
    moving = (stage._coefficients(torch.Size((2, 40)), 3) != 0).sum(-1)
    assert (moving == (3 if together else 1)).all()


def test_known_generators_are_not_trained_but_judged() -> None:
    artifacts = found(context(plane(), parts=builders(parts="so(2)")))
    assert artifacts["errors"].shape == (2, 1)
    assert (artifacts["errors"] < 1e-3).all()
    assert not artifacts["surplus"]


def test_a_discrete_group_has_no_generators() -> None:
    artifacts = found(context(plane(), parts=builders(n_generators=0)))
    assert artifacts["generators"].shape == (2, 0, 2, 2)
    assert artifacts["errors"].shape == (2, 0)


def test_whole_coefficients_keep_the_size_of_generators() -> None:
    def whole(count: int) -> CoefficientDistribution:
        return IntegerGrid(IntegerGridOptions(largest=1), count)

    run = context(plane(), parts=builders(n_generators=1))
    run.make_coefficients = whole
    group = run.ensemble("group")
    artifacts = found(run, steps=1, generator_rate=1e-9)
    assert artifacts["discrete"]
    torch.testing.assert_close(artifacts["generators"], group.call("generators").detach())


def test_what_is_no_group_is_told() -> None:
    with pytest.raises(TypeError, match="expected a GroupParameterization; got Linear"):
        parameterization(Ensemble([nn.Linear(1, 1)]))
