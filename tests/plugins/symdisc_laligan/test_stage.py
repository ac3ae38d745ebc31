"""The stage: what it builds, keeps and hands on, and a short real training."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest
import torch
from torch import Tensor

from symdisc.engine.batches import BatchSampler
from symdisc.engine.context import RunContext
from symdisc.engine.loop import run_stages
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.module_state import put_tensors, tensors_of
from symdisc.engine.progress import Silent
from symdisc.errors import OptionError
from symdisc.interfaces import Artifacts, Batch, EnsembleModule
from symdisc.options import Options
from symdisc.verify.within_total import kept_radius_form, radius, within_total
from symdisc_basics.direct_sum import DirectSum, DirectSumOptions
from symdisc_basics.encoders.identity import Identity
from symdisc_basics.encoders.mlp import MLPEncoder, MLPEncoderOptions
from symdisc_laligan.options import LaLiGANOptions
from symdisc_laligan.stage import LatentStage
from tests.plugins.symdisc_laligan.rings import builders, built, context, rings


def trained(steps: int, seeds: int = 2, parts: dict[str, Any] | None = None, **o: Any) -> Artifacts:
    run = context(rings(), seeds, parts)
    stage = LatentStage(LaLiGANOptions(steps=steps, **o))
    return run_stages([stage], run, MetricsFiles(None, run.seeds), Silent()).artifacts


@pytest.mark.slow
def test_it_finds_the_rotation_of_bent_rings() -> None:
    artifacts = trained(600, seeds=3, parts=builders(width=32))
    samples = rings()
    speeds = torch.linalg.eigvals(artifacts["generators"][:, 0])
    assert (speeds.real.abs() < 0.1 * speeds.imag.abs()).all()
    codes = artifacts["encoders"].call("encode", samples.states.expand(3, *samples.states.shape))
    for points, generator in zip(codes.detach(), artifacts["generators"][:, 0], strict=True):
        form = kept_radius_form(generator)
        assert form is not None
        assert within_total(radius(points[:, 0, None], form), samples.trajectory) < 0.08


def test_steps_or_epochs_tell_the_length() -> None:
    samples = rings()  # 30 trajectories of 59 windows
    stage, _, _ = built(samples, steps=7)
    assert stage.n_steps(1000) == 7
    stage, _, _ = built(samples, steps=None, epochs=2.0)
    assert stage.n_steps(160) == 20
    assert stage.n_steps(8) == 2


def test_the_scale_of_the_data_is_told_to_the_encoder() -> None:
    samples = rings()
    _, modules, _ = built(samples)
    scale = tensors_of(modules["encoder"])["body.data_scale.scale"]
    deviation = samples.states.flatten(0, 1).std(0, correction=0)
    torch.testing.assert_close(scale[1, 0], deviation, rtol=1e-3, atol=0)


def test_statistics_move_until_the_encoder_is_frozen() -> None:
    parts = builders(normalise="whiten")
    run = context(rings(), parts=parts)
    stage, modules, _ = built(rings(), run, frozen_share=0.5)
    batch = BatchSampler(run.samples, 2, 16, run.rng).next()
    means = []
    for step in (4, 4, 5, 9):
        stage.losses(batch, modules, step)
        means.append(tensors_of(modules["encoder"])["body.n_updates"].clone())
    assert [int(mean[0]) for mean in means] == [1, 2, 2, 2]


def test_without_parameters_an_encoder_is_not_trained() -> None:
    run = context(rings(), parts={"encoder": lambda shapes: Identity(Options(), shapes)})
    stage, modules, _ = built(rings(), run)
    assert "encoder" not in stage.optimizers()
    batch = BatchSampler(run.samples, 2, 16, run.rng).next()
    assert set(stage.losses(batch, modules, 0)) == {"generator", "predictor"}


def test_known_generators_are_not_trained_but_the_encoder_is() -> None:
    known = {"group": lambda s: DirectSum(DirectSumOptions(parts="so(2)"), s)}
    artifacts = trained(3, parts=known)
    turn = torch.tensor([[0.0, -1.0], [1.0, 0.0]])
    assert torch.allclose(artifacts["generators"][0, 0].abs(), turn.abs())


def test_weights_of_the_encoder_alone_decay() -> None:
    stage, _, _ = built(rings(), weight_decay=0.3)
    decays = {name: settings.weight_decay for name, settings in stage.optimizers().items()}
    assert decays == {"encoder": 0.3, "generator": 0.0, "predictor": 0.0}


def test_what_is_handed_on() -> None:
    artifacts = trained(3)
    assert artifacts["generators"].shape == (2, 1, 2, 2)
    assert not artifacts["generators"].requires_grad
    assert str(artifacts["representation"]) == "V2"
    assert artifacts["centres"].tolist() == [[0.0, 0.0]] * 2
    assert artifacts["encoders"].size == 2
    assert artifacts["notes"] == []
    assert not artifacts["discrete"]


def test_thresholds_are_applied_on_time_and_reported() -> None:
    artifacts = trained(9, threshold=0.9, threshold_every=4)
    assert (artifacts["generators"] == 0).any()
    assert any("below the threshold that seed" in note for note in artifacts["notes"])
    assert trained(4, threshold=0.9, threshold_every=4)["notes"] == []


def test_equations_are_learned_cut_and_reported() -> None:
    artifacts = trained(9, sindy=1.0, sindy_threshold=10.0, sindy_every=4)
    assert [note.split(": ")[1] for note in artifacts["notes"]] == ["dz1/dt = 0; dz2/dt = 0."] * 2


def test_a_stage_that_goes_on_is_the_same() -> None:
    samples = rings()
    stage, modules, run = built(samples, threshold=0.5, threshold_every=1)
    batch = BatchSampler(samples, 2, 16, torch.Generator().manual_seed(3)).next()
    stage.losses(batch, modules, 1)
    again, restored, other = built(samples, threshold=0.5, threshold_every=1)
    for name, module in restored.items():
        put_tensors(module, {k: v.clone() for k, v in tensors_of(modules[name]).items()})
    expected = _next_losses(stage, modules, run, batch)
    torch.testing.assert_close(
        _next_losses(again, restored, other, batch), expected, rtol=0, atol=0
    )


def _next_losses(
    stage: LatentStage, modules: Mapping[str, EnsembleModule], run: RunContext, batch: Batch
) -> list[Tensor]:
    run.rng.manual_seed(7)
    found = stage.losses(batch, modules, 0)
    return [value for terms in found.values() for value in terms.values()]


def test_scalars_alone_cannot_be_moved() -> None:
    encoder = {"encoder": lambda s: MLPEncoder(MLPEncoderOptions(latent="2*S"), s)}
    with pytest.raises(OptionError, match=r"latent points are '2\*S', of which no group moves"):
        built(rings(), context(rings(), parts=encoder))


def test_velocities_need_two_states() -> None:
    with pytest.raises(OptionError, match=r"method\.sindy needs velocities, so samples of two or"):
        built(rings(steps=1), sindy=1.0)


def test_losses_stay_finite_where_a_generator_is_zero() -> None:
    samples = rings()
    stage, modules, run = built(samples)
    for parameter in modules["generator"].parameters():
        parameter.data.zero_()
    batch = BatchSampler(samples, 2, 16, run.rng).next()
    found = stage.losses(batch, modules, 0)
    assert all(math.isfinite(v.sum().item()) for terms in found.values() for v in terms.values())


def test_nested_errors_need_a_decoder_of_parts() -> None:
    with pytest.raises(
        OptionError,
        match=r"method\.nested needs a decoder that is a sum over two or more latent parts; set "
        r"encoder\.additive=true with encoder\.parts or several latent vectors, or "
        r"method\.nested=0",
    ):
        built(rings(), nested=1.0)


def test_the_frame_is_looked_for_once_at_its_step() -> None:
    run = context(rings(), parts=builders(latent="2*V2", frame=True))
    stage, modules, _ = built(rings(), run, frame=1.0, frame_share=0.5)
    batch = BatchSampler(run.samples, 2, 16, run.rng).next()
    matrices = []
    for step in (4, 5, 6):
        stage.losses(batch, modules, step)
        matrices.append(tensors_of(modules["encoder"])["body.latent_frame.matrix"].clone())
    torch.testing.assert_close(matrices[0], torch.eye(4).expand(2, 4, 4))
    assert (matrices[1] - matrices[0]).abs().amax((1, 2)).min() > 0.01
    assert torch.equal(matrices[1], matrices[2])


def test_a_frame_needs_films() -> None:
    with pytest.raises(OptionError, match=r"method\.frame needs changes of states"):
        built(rings(steps=1), frame=1.0)
