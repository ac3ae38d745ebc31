"""What all trained encoders promise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
import torch
from torch import Tensor, nn

from symdisc.derivatives import derivative_along
from symdisc.engine.ensemble import Ensemble
from symdisc.errors import DataError, OptionError
from symdisc.interfaces import DataShapes
from symdisc.options import parse_options
from symdisc.representations import Representation
from symdisc.testing import check_encoder, check_ensemble, check_stacked
from symdisc_basics.encoders.conv1d import Conv1dEncoder
from symdisc_basics.encoders.conv2d import Conv2dEncoder
from symdisc_basics.encoders.coupling import CouplingEncoder
from symdisc_basics.encoders.learned import LearnedEncoder, LearnedEncoderOptions
from symdisc_basics.encoders.mlp import MLPEncoder

SHAPES = DataShapes(1, Representation.vector(16))
KINDS: dict[str, tuple[type[LearnedEncoder], dict[str, Any]]] = {
    "mlp": (MLPEncoder, {"width": 8, "depth": 2}),
    "conv1d": (Conv1dEncoder, {"width": 8, "hidden": 6, "levels": 2}),
    "conv2d": (Conv2dEncoder, {"width": 8, "hidden": 6, "levels": 2, "image": (4, 4)}),
    "coupling": (CouplingEncoder, {"width": 8, "blocks": 2}),
}
EVERYTHING = {"activation": "tanh", "orthogonal": True, "normalise": "whiten", "latent": "V2 + S"}

Build = Callable[..., LearnedEncoder]


@pytest.fixture(params=sorted(KINDS))
def build(request: pytest.FixtureRequest) -> Build:
    """Makes an encoder of each kind, of a seed and with some options."""
    component, own = KINDS[request.param]

    def make(seed: int = 0, **options: Any) -> LearnedEncoder:
        torch.manual_seed(seed)
        model = parse_options(component.Options, {**own, **options}, "encoder")
        return component(cast("LearnedEncoderOptions", model), SHAPES)

    return make


def points(*leading: int, seed: int = 9) -> Tensor:
    """Data in units of their own, on a surface of two dimensions."""
    rng = torch.Generator().manual_seed(seed)
    u = torch.randn(*leading, 2, generator=rng)
    mix = torch.randn(4, 16, generator=torch.Generator().manual_seed(1))
    return 50 * (torch.cat([u, u.sin()], dim=-1) @ mix) + 200


@pytest.mark.parametrize("options", [{}, EVERYTHING])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_it_passes_the_suite(kind: str, options: dict[str, Any]) -> None:
    component, own = KINDS[kind]
    check_encoder(
        component, {**own, **options}, shapes=[SHAPES, DataShapes(3, SHAPES.representation)]
    )


class Inside(nn.Module):
    """Somebody else's module around an encoder, without a form for ensembles."""

    def __init__(self, encoder: LearnedEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, x: Tensor) -> Tensor:
        return self.encoder.decode(self.encoder.encode(x))


def test_stacked_vmapped_and_alone_agree_after_updates(build: Build) -> None:
    members = [build(seed, **EVERYTHING) for seed in range(3)]
    for member in members:
        member.fit(torch.randn(60, 16) + 1)
        member.update_statistics(torch.randn(60, 16))
    x = torch.randn(3, 5, 2, 16)
    check_stacked(members, x, method="encode")
    check_stacked(members, torch.randn(3, 5, 2, 3), method="decode")
    check_ensemble([Inside(member) for member in members], x)


def test_statistics_of_an_ensemble_are_those_of_its_members(build: Build) -> None:
    members = [build(seed, **EVERYTHING) for seed in range(3)]
    ensemble, x = Ensemble(members), points(3, 40, 1)
    scales = ensemble.call("fit", x)
    now = ensemble.call("update_statistics", x)
    ensemble.call("update_statistics", x / 2)
    assert ensemble.strategy == "stacked"
    for i, member in enumerate(members):
        assert torch.allclose(scales[i], member.fit(x[i]))
        assert torch.allclose(now[i], member.update_statistics(x[i]), atol=2e-4)
        member.update_statistics(x[i] / 2)
        one = ensemble.member(i)
        assert isinstance(one, LearnedEncoder)
        assert torch.allclose(one.encode(x[i]), member.encode(x[i]), atol=2e-3)
        assert one.n_updates == 2


@pytest.mark.parametrize("method", ["encode", "decode"])
def test_velocities_can_be_learned_from(build: Build, method: str) -> None:
    """J dx, and the gradient of |J dx|², against differences in double precision."""
    encoder, x, h = build(**EVERYTHING).double(), points(6).double(), 1e-5
    encoder.fit(x)
    encoder.update_statistics(x)
    run = getattr(encoder, method)
    at = x if method == "encode" else encoder.encode(x).detach()
    along = torch.randn_like(at)
    _, velocity = derivative_along(run, at, along)
    difference = (run(at + h * along) - run(at - h * along)) / (2 * h)
    assert torch.allclose(velocity, difference, rtol=1e-5, atol=1e-6)

    weights = list(encoder.parameters())
    gradients = torch.autograd.grad(velocity.square().sum(), weights, allow_unused=True)
    largest = max(zip(weights, gradients, strict=True), key=lambda pair: _norm(pair[1]))
    weight, size = largest[0], _norm(largest[1])
    direction = torch.zeros_like(weight) if largest[1] is None else largest[1] / size
    values = []
    for step in (h, -2 * h):
        with torch.no_grad():
            weight.add_(step * direction)
        values.append(float(derivative_along(run, at, along)[1].detach().square().sum()))
    assert (values[0] - values[1]) / (2 * h) == pytest.approx(size, rel=1e-4)


def _norm(gradient: Tensor | None) -> float:
    return 0.0 if gradient is None else float(gradient.norm())


class Encoding(Inside):
    """The same, but into latent space."""

    def encode(self, x: Tensor) -> Tensor:
        return self.encoder.encode(x)


@pytest.mark.parametrize("vmapped", [False, True])
def test_velocities_of_an_ensemble(build: Build, vmapped: bool) -> None:
    members = [build(seed, **EVERYTHING) for seed in range(2)]
    ensemble = Ensemble([Encoding(m) for m in members] if vmapped else members)
    x, dx = points(2, 5) / 200, points(2, 5, seed=3) / 200
    z, dz = derivative_along(lambda at: ensemble.call("encode", at), x, dx)
    assert dz.shape == z.shape == (2, 5, 3)
    for i, member in enumerate(members):
        _, alone = derivative_along(member.encode, x[i], dx[i])
        assert torch.allclose(dz[i], alone, atol=1e-5)
    assert ensemble.strategy == ("vmap" if vmapped else "stacked")
    loss = dz.square().sum()
    gradients = torch.autograd.grad(loss, list(ensemble.parameters()), allow_unused=True)
    assert any(g is not None and bool(g.any()) for g in gradients)


def test_updates_whiten_and_decoding_undoes_it(build: Build) -> None:
    encoder, x = build(normalise="whiten", momentum=1.0, latent_dim=2), points(300)
    encoder.fit(x)
    before = encoder.decode(encoder.encode(x))
    z = encoder.update_statistics(x)
    assert torch.equal(z, encoder.encode(x))
    assert torch.allclose(z.mean(0), torch.zeros(2), atol=1e-3)
    assert torch.allclose(z.T.cov(correction=0), torch.eye(2), atol=1e-2)
    assert torch.allclose(encoder.decode(z), before, atol=0.1)  # of data near 200


def test_encoding_changes_no_statistics(build: Build) -> None:
    encoder = build(**EVERYTHING)
    before = {name: tensor.clone() for name, tensor in encoder.state_dict().items()}
    encoder.decode(encoder.encode(points(20)))
    assert all(torch.equal(before[name], now) for name, now in encoder.state_dict().items())


def test_a_frozen_encoder_keeps_its_statistics(build: Build) -> None:
    encoder, x = build(**EVERYTHING), points(20)
    encoder.update_statistics(x)
    encoder.requires_grad_(False)
    before = {name: tensor.clone() for name, tensor in encoder.state_dict().items()}
    assert torch.equal(encoder.update_statistics(3 * x), encoder.encode(3 * x))
    assert all(torch.equal(before[name], now) for name, now in encoder.state_dict().items())


def test_whether_there_are_statistics_that_move(build: Build) -> None:
    x = points(20)
    for normalise, moves in (("none", False), ("centre", True), ("whiten", True)):
        encoder = build(normalise=normalise)
        assert encoder.has_running_statistics == moves
        before = encoder.encode(x)
        encoder.update_statistics(x)
        assert torch.equal(encoder.encode(x), before) != moves


def test_early_updates_weigh_alike(build: Build) -> None:
    encoder = build(normalise="centre", momentum=0.25)
    means = [encoder.to_latent(x).mean(0).detach() for x in (points(9) / 200, points(9) / 100)]
    encoder.update_statistics(points(9) / 200)
    assert torch.allclose(encoder.latent_scale.mean[0], means[0], atol=1e-5)
    encoder.update_statistics(points(9) / 100)
    assert torch.allclose(encoder.latent_scale.mean[0], (means[0] + means[1]) / 2, atol=1e-5)
    for _ in range(3):
        before = encoder.latent_scale.mean.clone()
        encoder.update_statistics(points(9) / 100)
    assert torch.allclose(encoder.latent_scale.mean, before.lerp(means[1], 0.25), atol=1e-5)


def test_training_lowers_the_reconstruction_error(build: Build) -> None:
    encoder, x = build(activation="silu", orthogonal=True, normalise="whiten"), points(200)
    encoder.fit(x)
    optimizer = torch.optim.Adam(encoder.parameters(), lr=1e-2)
    losses = []
    for _ in range(60):
        encoder.update_statistics(x)
        loss = (encoder.decode(encoder.encode(x)) - x).square().mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.5 * losses[0]


def test_how_latent_coordinates_transform(build: Build) -> None:
    for options, form in (
        ({}, "V2"),
        ({"latent_dim": 3}, "V3"),
        ({"latent": "2*V2 + S"}, "2*V2 + S"),
    ):
        encoder = build(**options)
        assert str(encoder.latent_representation) == form
        size = encoder.latent_representation.size
        assert encoder.encode(torch.zeros(4, 2, 16)).shape == (4, 2, size)
        assert encoder.decode(torch.zeros(size)).shape == (16,)
    both = build(latent_dim=9, latent="3*V3")
    assert str(both.latent_representation) == "3*V3"


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            {"latent_dim": 2, "latent": "3*V3"},
            r"latent_dim=2, but latent='3\*V3' has 9 coordinates; leave out latent_dim, or give "
            r"latent='V2'",
        ),
        ({"latent": "W3"}, r"option 'encoder.latent' = 'W3': .*'W3' is not a term"),
        ({"latent": "G4x4"}, r"encoder.latent.*latent coordinates are vectors and scalars, e.g."),
        ({"latent": "0*S"}, r"encoder.latent.*latent coordinates are vectors and scalars, e.g."),
        ({"latent_dim": 0}, r"option 'encoder.latent_dim' = 0: .*greater than or equal to 1"),
        ({"momentum": 0}, r"option 'encoder.momentum' = 0: .*greater than 0"),
        ({"normalise": "batch"}, r"option 'encoder.normalise' = 'batch': .*'centre' or 'whiten'"),
    ],
)
def test_options_that_contradict_or_are_unknown(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(OptionError, match=problem):
        parse_options(LearnedEncoderOptions, options, "encoder")


def test_points_of_another_size_are_refused(build: Build) -> None:
    encoder = build()
    with pytest.raises(
        DataError,
        match=r"the data have 16 coordinates \('V16'\) in this encoder, but a tensor of shape "
        r"\(5, 4\) has 4; give points of 16 coordinates, or train an encoder on data of this shape",
    ):
        encoder.encode(torch.zeros(5, 4))
    with pytest.raises(DataError, match=r"the latent space has 2 coordinates \('V2'\) .* has 3;"):
        encoder.decode(torch.zeros(5, 3))
    for method in (encoder.fit, encoder.update_statistics):
        with pytest.raises(DataError, match=r"the data have 16 coordinates"):
            method(torch.zeros(5, 4))


def test_coordinates_changed_by_a_matrix_are_decoded_as_before(build: Build) -> None:
    encoder, x = build(latent="V2 + S", frame=True), points(7)
    before = encoder.encode(x)
    decoded = encoder.decode(before)
    origin, matrix = torch.tensor([[1.0, 0.0, -2.0]]), torch.eye(3) + 0.5 * torch.ones(3, 3)
    assert torch.equal(encoder.change_coordinates(origin, matrix), matrix)
    after = encoder.encode(x)
    torch.testing.assert_close(after, (before - origin) @ matrix, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(encoder.decode(after), decoded, atol=1e-4, rtol=1e-4)


def test_without_the_option_coordinates_stay(build: Build) -> None:
    with pytest.raises(OptionError, match=r"set encoder\.frame=true, or method\.frame=0"):
        build().change_coordinates(torch.zeros(1, 2), torch.eye(2))


def test_a_stack_changes_the_coordinates_of_each_member(build: Build) -> None:
    members = Ensemble([build(seed, frame=True) for seed in range(2)])
    x = points(2, 5)
    before = members.call("encode", x)
    matrices = torch.stack([2 * torch.eye(2), torch.tensor([[0.0, 1.0], [-1.0, 0.0]])])
    members.call("change_coordinates", torch.zeros(2, 1, 2), matrices)
    torch.testing.assert_close(members.call("encode", x), before @ matrices, atol=1e-5, rtol=1e-4)
