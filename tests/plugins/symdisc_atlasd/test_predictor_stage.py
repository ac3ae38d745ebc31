from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from symdisc.data.samples import Samples
from symdisc.errors import DataError
from symdisc.representations import Representation
from symdisc_atlasd.judge import GlobalJudge
from symdisc_atlasd.options import AtlasDOptions
from symdisc_atlasd.predictor import OraclePredictor
from symdisc_atlasd.predictor_stage import NetworkStage, OracleStage
from tests.plugins.symdisc_atlasd.films import films
from tests.plugins.symdisc_atlasd.planes import Distance, context, plane, ran, windows


def trained(samples: Samples, steps: int = 600) -> GlobalJudge:
    options = AtlasDOptions(predictor_steps=steps, predictor_width=32, batch_size=64)
    judge = ran([NetworkStage(options)], context(samples))["judge"]
    assert isinstance(judge, GlobalJudge)
    return judge


@pytest.mark.parametrize("targets", ["values", "vectors"])
def test_networks_learn_numbers(targets: str) -> None:
    samples = plane(targets)
    judge = trained(samples)
    assert samples.targets is not None
    predicted = judge.predictor(samples.states[:, 0].expand(2, -1, -1))
    loss = judge.predictor.goal.loss(predicted, samples.targets.expand(2, -1, -1))
    assert (loss < 0.02).all()


def test_networks_learn_labels() -> None:
    samples = plane("labels")
    judge = trained(samples)
    predicted = judge.predictor(samples.states[:, 0].expand(2, -1, -1))
    assert samples.targets is not None
    assert predicted.argmax(-1).eq(samples.targets).float().mean() > 0.95
    torch.testing.assert_close(predicted.exp().sum(-1), torch.ones(2, 600))


def test_networks_learn_how_states_change() -> None:
    samples = windows()
    predicted = trained(samples).predictor(samples.states[:, 0].expand(2, -1, -1))
    changed = samples.states[:, 1] - samples.states[:, 0]
    assert (predicted - changed).abs().mean() < 0.05 * changed.abs().mean()


def test_the_criterion_is_the_error_on_validation_rows() -> None:
    stage = NetworkStage(AtlasDOptions())
    run = context(plane("labels"))
    modules = stage.modules(run, {})
    assert stage.criterion is not None
    assert stage.criterion(run.samples, modules).shape == (2,)
    assert stage.criterion_unit == "nat"
    assert stage.n_steps(7) == 3000


def test_an_oracle_is_fitted_to_targets_once_for_all_seeds() -> None:
    samples = plane()
    judge = ran([OracleStage()], context(samples))["judge"]
    assert isinstance(judge.predictor, OraclePredictor)
    assert isinstance(judge.predictor.oracle, Distance)
    assert judge.predictor.oracle.fitted_to is samples.targets
    assert judge.predictor.goal.form is None


def test_an_oracle_whose_values_are_not_the_targets_has_scalars() -> None:
    judge = ran([OracleStage()], context(windows()))["judge"]
    assert judge.predictor.goal.form is None


def test_an_oracle_that_does_not_suit_the_data_is_refused() -> None:
    samples = Samples(torch.randn(9, 1, 3), torch.arange(9), Representation.vector(3))
    message = r"the oracle cannot be fitted: this is no plane; take another --oracle"
    with pytest.raises(DataError, match=message):
        ran([OracleStage()], context(samples))


def test_pictures_are_referred_to_the_local_form() -> None:
    message = r"a state is a picture \('G32x32'\), of which atlasd finds symmetries of patches: add"
    with pytest.raises(DataError, match=message):
        NetworkStage(AtlasDOptions()).modules(context(films(2)), {})


def test_what_networks_do_not_explain_is_handed_on() -> None:
    options = AtlasDOptions(predictor_steps=600, predictor_width=32, batch_size=64)
    samples = plane()
    assert samples.targets is not None
    learned = ran([NetworkStage(options)], context(samples))["unexplained"]
    assert (learned < 0.02).all()
    noise = torch.randn(samples.targets.shape, generator=torch.Generator().manual_seed(0))
    nothing = replace(samples, targets=noise)
    fresh = replace(samples, targets=noise.flip(0))
    run = replace(context(nothing), validation=fresh)
    assert (ran([NetworkStage(options)], run)["unexplained"] > 1).all()
    assert "unexplained" not in ran([OracleStage()], context(samples))
