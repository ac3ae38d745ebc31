from __future__ import annotations

import pytest
import torch

from symdisc.engine.ensemble import Ensemble
from symdisc.errors import DataError, OptionError
from symdisc.interfaces import DataShapes
from symdisc.options import parse_options
from symdisc.representations import Representation
from symdisc.testing import check_encoder
from symdisc_basics.encoders.mlp import MLPEncoder, MLPEncoderOptions
from symdisc_basics.encoders.principal_axes import PrincipalAxes
from symdisc_basics.orthogonal import orthonormal_columns

SHAPES = DataShapes(2, Representation(2, 2, 1))


@pytest.mark.parametrize("latent_dim", [1, 3])
def test_it_passes_the_suite_for_all_kinds_of_data(latent_dim: int) -> None:
    check_encoder(MLPEncoder, {"latent_dim": latent_dim, "width": 8, "depth": 1})


def test_it_passes_the_suite_with_batch_normalisation_and_residual_layers() -> None:
    check_encoder(MLPEncoder, {"width": 8, "batch_norm": True, "residual": True})


def test_both_networks_have_the_depth() -> None:
    encoder = MLPEncoder(MLPEncoderOptions(latent_dim=3, width=8, depth=2), SHAPES)
    assert encoder.encoder.n_layers == encoder.decoder.n_layers == 3


def test_the_published_size() -> None:
    options = MLPEncoderOptions(width=512, depth=4, activation="relu", orthogonal=True)
    encoder = MLPEncoder(options, SHAPES)
    shapes = [tuple(p.shape) for p in encoder.encoder.parameters() if p.shape[0] > 1]
    assert shapes == [(5, 512), (512, 512), (512, 512), (512, 512), (512, 2)]


def test_the_last_layer_stays_orthogonal_and_learns() -> None:
    torch.manual_seed(0)
    encoder = MLPEncoder(MLPEncoderOptions(latent_dim=3, width=8, orthogonal=True), SHAPES)
    optimizer = torch.optim.Adam(encoder.parameters(), lr=0.05)
    raw = encoder.encoder.get_parameter("weight_3")
    before = orthonormal_columns(raw).detach()
    for _ in range(20):
        loss = encoder.encode(torch.randn(30, 5)).square().sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    # The map from the last hidden layer to latent space, from its values at the unit vectors.
    network = encoder.encoder
    values = network._layer(3, torch.eye(8)) - network._layer(3, torch.zeros(1, 8))
    assert torch.allclose(values.T @ values, torch.eye(3), atol=1e-5)
    assert not torch.allclose(values, before, atol=0.01)


def test_batch_statistics_are_those_of_both_networks() -> None:
    encoder = MLPEncoder(MLPEncoderOptions(width=8, depth=2, batch_norm=True), SHAPES)
    names = {name for name, _ in encoder.named_buffers() if "variance" in name}
    assert names == {f"{n}.variance_{i}" for n in ("encoder", "decoder") for i in (0, 1)}
    assert encoder.has_running_statistics
    before = {name: encoder.get_buffer(name).clone() for name in names}
    encoder.update_statistics(torch.randn(30, 5))
    assert not any(torch.allclose(before[name], encoder.get_buffer(name)) for name in names)


def test_more_orthonormal_rows_than_units_are_refused() -> None:
    with pytest.raises(OptionError, match=r"9 orthonormal rows need width 9 or more; got width=4"):
        parse_options(
            MLPEncoderOptions, {"latent_dim": 9, "width": 4, "orthogonal": True}, "encoder"
        )


def test_it_passes_the_suite_on_principal_components() -> None:
    shapes = [DataShapes(1, Representation.vector(9)), DataShapes(2, Representation.image(4, 4, 2))]
    check_encoder(MLPEncoder, {"width": 8, "components": 3, "batch_norm": True}, shapes=shapes)


def test_networks_see_and_give_principal_components() -> None:
    torch.manual_seed(0)
    encoder = MLPEncoder(MLPEncoderOptions(width=8, depth=2, components=2), SHAPES)
    assert encoder.encoder.get_parameter("weight_0").shape == (2, 8)
    assert encoder.decoder.get_parameter("weight_2").shape == (8, 2)
    x = torch.randn(50, 5) * torch.tensor([5.0, 4.0, 1.0, 1.0, 1.0]) + 3
    encoder.fit(x)
    assert encoder.components is not None
    axes = encoder.components.axes
    back = encoder.data_scale.standardise(encoder.decode(torch.randn(20, 2)))
    assert torch.allclose(back @ axes @ axes.T, back, atol=1e-4)
    beside = torch.linalg.qr(axes, mode="complete").Q[:, 2:]
    other = encoder.data_scale.restore(encoder.data_scale.standardise(x) + beside[:, 0])
    assert torch.allclose(encoder.encode(other), encoder.encode(x), atol=1e-4)


def test_components_are_between_data_and_latent_points() -> None:
    members = [MLPEncoder(MLPEncoderOptions(width=8, components=2), SHAPES) for _ in range(2)]
    ensemble, x = Ensemble(members), torch.randn(2, 50, 5) + 3
    ensemble.call("fit", x)
    seen = ensemble.call("project", x)
    assert members[0].n_components == seen.shape[-1] == 2
    z = ensemble.call("encode", x)
    assert torch.equal(ensemble.call("encode_components", seen), z)
    back = ensemble.call("decode_components", z)
    assert torch.equal(ensemble.call("restore", back), ensemble.call("decode", z))
    again = ensemble.call("project", ensemble.call("restore", seen))
    assert torch.allclose(again, seen, atol=1e-4)
    with pytest.raises(DataError, match=r"the networks see 2 coordinates .*shape \(2, 50, 5\)"):
        ensemble.call("encode_components", x)


def test_without_components_networks_see_standardised_data() -> None:
    encoder, x = MLPEncoder(MLPEncoderOptions(width=8), SHAPES), torch.randn(50, 5) + 3
    encoder.fit(x)
    assert encoder.n_components is None
    assert torch.equal(encoder.project(x), encoder.data_scale.standardise(x))
    assert torch.allclose(encoder.restore(encoder.project(x)), x, atol=1e-5)


def test_components_are_those_of_some_of_many_rows() -> None:
    x, axes = torch.randn(5001, 5), PrincipalAxes(5, 2)
    encoder = MLPEncoder(MLPEncoderOptions(width=8, components=2), SHAPES)
    encoder.fit(x)
    axes.fit(encoder.data_scale.standardise(x[::3]))
    assert encoder.components is not None
    assert torch.equal(encoder.components.axes, axes.axes)


def test_more_components_than_coordinates_are_refused() -> None:
    with pytest.raises(
        OptionError, match=r"encoder.components=6, but a state has 5 coordinates; give 5 or less"
    ):
        MLPEncoder(MLPEncoderOptions(components=6), SHAPES)


def test_pixels_of_a_channel_have_one_scale() -> None:
    shapes = DataShapes(1, Representation.image(2, 2, 2))
    encoder = MLPEncoder(MLPEncoderOptions(width=8), shapes)
    encoder.fit(torch.randn(40, 8) * torch.arange(1, 9))
    scale = encoder.data_scale.scale[0]
    assert len(set(scale[:4].tolist())) == len(set(scale[4:].tolist())) == 1
    assert scale[0] != scale[4]
