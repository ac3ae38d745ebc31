from __future__ import annotations

from dataclasses import replace

import torch

from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext
from symdisc.interfaces import Artifacts
from symdisc.representations import Representation
from symdisc_atlasd.algebra_stage import AlgebraStage
from symdisc_atlasd.coset_stage import CosetStage
from symdisc_atlasd.options import AtlasDOptions
from symdisc_atlasd.predictor_stage import OracleStage
from symdisc_basics.groups import LieAlgebra, LieAlgebraOptions
from tests.plugins.symdisc_atlasd.planes import Corners, Distance, builders, context, plane, ran


def found(run: RunContext) -> Artifacts:
    options = AtlasDOptions(algebra_steps=1, coset_steps=300)
    return ran([OracleStage(), AlgebraStage(options), CosetStage(options)], run)


def test_both_parts_of_o2_are_reached() -> None:
    artifacts = found(context(plane(), oracle=Distance))
    elements, errors = artifacts["representatives"], artifacts["representative_errors"]
    assert errors.shape == (2, 8)
    assert (errors[:, 1:] >= errors[:, :-1]).all()
    good = elements[errors < 0.02]
    assert {round(float(det)) for det in torch.linalg.det(good)} == {-1, 1}
    torch.testing.assert_close(good @ good.mT, torch.eye(2).expand_as(good), rtol=0, atol=0.05)


def test_all_quarter_turns_are_found_and_no_reflection() -> None:
    run = context(plane(), parts=builders(n_generators=0, n_representatives=32), oracle=Corners)
    artifacts = found(run)
    good = artifacts["representatives"][artifacts["representative_errors"] < 0.05]
    assert {tuple(g[0].round().int().tolist()) for g in good} == {(1, 0), (-1, 0), (0, 1), (0, -1)}
    assert (torch.linalg.det(good) > 0).all()
    torch.testing.assert_close(good, good.round(), rtol=0, atol=0.05)


def test_a_group_without_cosets_is_not_searched() -> None:
    lie = {"group": lambda shapes: LieAlgebra(LieAlgebraOptions(), shapes)}
    artifacts = found(context(plane(), parts=lie))
    assert artifacts["representatives"] is None
    assert artifacts["representative_errors"] is None


def test_generators_stay_as_the_stage_before_left_them() -> None:
    options = AtlasDOptions(algebra_steps=20, coset_steps=20)
    first = ran([OracleStage(), AlgebraStage(options)], context(plane()))
    later = ran([OracleStage(), AlgebraStage(options), CosetStage(options)], context(plane()))
    torch.testing.assert_close(
        later["group"].call("generators"), first["group"].call("generators"), rtol=0, atol=0
    )


def test_beside_the_span_of_the_inputs_representatives_are_the_identity() -> None:
    samples = plane()
    flat = torch.cat([samples.states, torch.zeros(len(samples), 1, 1)], dim=-1)
    thin = replace(samples, states=flat, representation=Representation.vector(3))

    class Near(Distance):
        @classmethod
        def unsuited(cls, samples: Samples) -> str:
            return ""

    artifacts = found(context(thin, oracle=Near))
    elements, errors = artifacts["representatives"], artifacts["representative_errors"]
    good = elements[errors < 0.02]
    assert len(good) > 8
    beside = torch.tensor([0.0, 0.0, 1.0])
    torch.testing.assert_close(good[:, 2], beside.expand(len(good), 3), rtol=0, atol=1e-5)
    torch.testing.assert_close(good @ good.mT, torch.eye(3).expand_as(good), rtol=0, atol=0.05)
