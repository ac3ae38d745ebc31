"""Principal axes, unit vectors and sums of parts, in encoders of two networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
import torch
from torch import Tensor

from symdisc.derivatives import derivative_along
from symdisc.engine.ensemble import Ensemble
from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes, DecodesInParts
from symdisc.options import parse_options
from symdisc.representations import Representation
from symdisc.testing import check_encoder, check_stacked
from symdisc_basics.encoders.conv1d import Conv1dEncoder
from symdisc_basics.encoders.conv2d import Conv2dEncoder
from symdisc_basics.encoders.coupling import CouplingEncoder, CouplingEncoderOptions
from symdisc_basics.encoders.mlp import MLPEncoder
from symdisc_basics.encoders.network_pair import (
    NetworkPairEncoder,
    NetworkPairOptions,
    part_masks,
    unit_lengths,
)

SHAPES = DataShapes(1, Representation.vector(16))
KINDS: dict[str, tuple[type[NetworkPairEncoder], dict[str, Any]]] = {
    "mlp": (MLPEncoder, {"width": 8, "depth": 2}),
    "conv1d": (Conv1dEncoder, {"width": 8, "hidden": 8, "levels": 2}),
    "conv2d": (Conv2dEncoder, {"width": 8, "hidden": 8, "levels": 2, "image": (4, 4)}),
}
ALL = {"principal": True, "unit_length": True, "additive": True, "latent": "2*V2 + S"}

Build = Callable[..., NetworkPairEncoder]


@pytest.fixture(params=sorted(KINDS))
def build(request: pytest.FixtureRequest) -> Build:
    """Makes an encoder of each kind with some options."""
    component, own = KINDS[request.param]

    def make(seed: int = 0, **options: Any) -> NetworkPairEncoder:
        torch.manual_seed(seed)
        parsed = parse_options(component.Options, {**own, **options}, "encoder")
        return component(cast("Any", parsed), SHAPES)

    return make


def points(*leading: int) -> Tensor:
    rng = torch.Generator().manual_seed(3)
    x = torch.randn(*leading, 16, generator=rng) * torch.linspace(2, 0.1, 16)
    return x - x.mean(-2, keepdim=True)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_it_passes_the_suite(kind: str) -> None:
    component, own = KINDS[kind]
    check_encoder(component, {**own, **ALL}, shapes=[SHAPES])


def test_stacked_and_alone_agree(build: Build) -> None:
    members = [build(seed, **ALL) for seed in range(3)]
    for member in members:
        member.fit(points(60))
    check_stacked(members, points(3, 5), method="encode")
    check_stacked(members, torch.randn(3, 5, 5), method="decode")
    check_stacked(members, torch.randn(3, 5, 5), method="decode_parts")


def test_principal_components_are_where_training_starts(build: Build) -> None:
    x = points(200)
    encoder = build(principal=True, latent_dim=3)
    encoder.fit(x)
    with torch.no_grad():
        for parameter in encoder.parameters():
            parameter.zero_()
    z = encoder.encode(x)
    assert torch.allclose(z.T.cov(correction=0), torch.eye(3), atol=1e-2)
    standardised = encoder.data_scale.standardise(x)
    _, _, right = torch.linalg.svd(standardised, full_matrices=False)
    scores = standardised @ right[:3].T
    assert torch.allclose((z * scores).mean(0).abs(), scores.std(0, correction=0), rtol=1e-2)


def test_each_part_starts_from_the_leading_components(build: Build) -> None:
    encoder = build(principal=True, additive=True, latent="2*V2 + S")
    encoder.fit(points(200))
    with torch.no_grad():
        for parameter in encoder.parameters():
            parameter.zero_()
    z = encoder.encode(points(200))
    assert torch.allclose(z[:, :2], z[:, 2:4], atol=1e-5)
    assert torch.allclose(z[:, 0], z[:, 4], atol=1e-5)


def test_more_latent_coordinates_than_data_have_start_with_what_there_is() -> None:
    options = parse_options(MLPEncoder.Options, {"principal": True, "latent_dim": 3}, "encoder")
    small = MLPEncoder(cast("Any", options), DataShapes(1, Representation.vector(2)))
    small.fit(points(30)[:, :2])
    assert small.encode(points(5)[:, :2]).shape == (5, 3)


def test_parts_have_length_one_but_scalars(build: Build) -> None:
    z = build(unit_length=True, latent="V4 + S", parts=(1, 3)).encode(points(20))
    assert torch.allclose(z[:, :1].norm(dim=1), torch.ones(20), atol=1e-5)
    assert torch.allclose(z[:, 1:4].norm(dim=1), torch.ones(20), atol=1e-5)
    assert not torch.allclose(z[:, 4].abs(), torch.ones(20), atol=0.01)


def test_additive_decoders_are_sums(build: Build) -> None:
    encoder = build(additive=True, latent="V4", parts=(2, 2))
    encoder.fit(points(60) + 1)
    a, b, c, d = (torch.randn(7, 2) for _ in range(4))

    def decoded(first: Tensor, second: Tensor) -> Tensor:
        return encoder.decode(torch.cat([first, second], dim=-1))

    mixed = decoded(a, b) - decoded(a, d) - decoded(c, b) + decoded(c, d)
    assert float(mixed.detach().abs().max()) < 1e-5
    plain = build(latent="V4")
    other = [plain.decode(torch.cat(pair, -1)) for pair in ((a, b), (a, d), (c, b), (c, d))]
    assert float((other[0] - other[1] - other[2] + other[3]).detach().abs().max()) > 1e-3


def test_decoding_in_parts_ends_with_the_whole(build: Build) -> None:
    encoder = build(additive=True, latent="2*V2 + S")
    assert isinstance(encoder, DecodesInParts)
    z = torch.randn(2, 5, 5)
    parts = encoder.decode_parts(z)
    assert parts.shape == (2, 5, 3, 16)
    assert torch.allclose(parts[..., -1, :], encoder.decode(z), atol=1e-6)
    later = z.clone()
    later[..., 2:] = 0.5
    assert torch.equal(encoder.decode_parts(later)[..., 0, :], parts[..., 0, :])
    assert build(latent="2*V2").decode_parts(torch.randn(5, 4)).shape == (5, 1, 16)


def test_later_parts_are_read_from_what_is_left(build: Build) -> None:
    encoder, x = build(additive=True, latent="2*V2"), points(9)
    first = encoder.encode(x)[:, :2]
    lead = torch.cat([first, torch.zeros(9, 2)], dim=-1)
    rest = x - encoder.up(lead)
    assert torch.allclose(encoder.encode(x)[:, 2:], encoder.down(rest)[:, 2:], atol=1e-5)


def test_a_part_does_not_learn_to_leave_anything(build: Build) -> None:
    encoder = build(additive=True, latent="2*V2")
    second = encoder.encode(points(9))[:, 2:]
    weights = [p for n, p in encoder.named_parameters() if "decoder" in n or ".up." in n]
    assert weights
    gradients = torch.autograd.grad(second.square().sum(), weights, allow_unused=True)
    assert not any(g is not None and bool(g.any()) for g in gradients)


def test_velocities_pass_through_all_of_it(build: Build) -> None:
    encoder, x, h = build(**ALL, activation="tanh").double(), points(6).double(), 1e-6
    encoder.fit(points(60).double())
    along = torch.randn_like(x)
    _, velocity = derivative_along(encoder.encode, x, along)
    difference = (encoder.encode(x + h * along) - encoder.encode(x - h * along)) / (2 * h)
    assert torch.allclose(velocity, difference, rtol=1e-4, atol=1e-6)


def test_an_ensemble_fits_the_same_data_once(build: Build) -> None:
    ensemble = Ensemble([build(seed, principal=True) for seed in range(2)])
    x = points(60)
    ensemble.call("fit", x.expand(2, *x.shape))
    alone = build(0, principal=True)
    alone.fit(x)
    member = cast("NetworkPairEncoder", ensemble.member(0))
    assert torch.allclose(member.encode(x), alone.encode(x), atol=1e-4)


def test_masks_and_unit_lengths() -> None:
    options = NetworkPairOptions(latent="2*V2 + 2*S")
    masks = part_masks(options)[:, 0]
    assert masks.tolist() == [[1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 1, 1]]
    z = torch.tensor([[3.0, 4.0, 0.0, 0.0, 7.0, 8.0]])
    assert unit_lengths(z, options.part_slices).tolist() == [
        [pytest.approx(0.6), pytest.approx(0.8), 0, 0, 7, 8]
    ]
    assert unit_lengths(z, ()) is z


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            {"unit_length": True, "normalise": "whiten"},
            r"normalise='whiten' changes the lengths that unit_length sets; leave one of them out",
        ),
        (
            {"latent": "V4 + S", "parts": (2, 3)},
            r"parts=2,3 are 5 coordinates, but latent='V4 \+ S' has 4 besides scalars; give "
            r"positive lengths that add up to 4",
        ),
        (
            {"frame": True, "unit_length": True, "additive": True},
            r"frame=true mixes the parts that unit_length and additive keep apart; leave one of ",
        ),
        ({"latent": "V4", "parts": (5, -1)}, r"give positive lengths that add up to 4"),
        ({"latent": "V4", "parts": ()}, r"give positive lengths that add up to 4"),
    ],
)
def test_options_that_do_not_fit_together(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(OptionError, match=problem):
        parse_options(NetworkPairOptions, options, "encoder")


def test_invertible_encoders_have_no_such_options() -> None:
    assert not set(NetworkPairOptions.model_fields) <= set(CouplingEncoderOptions.model_fields)
    assert not issubclass(CouplingEncoder, NetworkPairEncoder)
