from __future__ import annotations

import pytest
import torch

from symdisc.interfaces import DataShapes
from symdisc.options import Options
from symdisc.representations import Representation
from symdisc.testing import check_encoder
from symdisc_basics.encoders import Identity, MLPEncoder, MLPEncoderOptions

SHAPES = DataShapes(2, Representation(2, 2, 1))


def test_identity_passes_the_suite() -> None:
    check_encoder(Identity)


@pytest.mark.parametrize("latent_dim", [1, 3])
def test_mlp_passes_the_suite(latent_dim: int) -> None:
    check_encoder(MLPEncoder, {"latent_dim": latent_dim, "width": 8, "depth": 1})


def test_identity_changes_nothing() -> None:
    identity = Identity(Options(), SHAPES)
    x = torch.randn(4, 2, 5)
    assert identity.encode(x) is x
    assert identity.decode(x) is x
    assert identity.latent_representation == SHAPES.representation
    assert list(identity.parameters()) == []


def test_latent_coordinates_are_one_vector() -> None:
    encoder = MLPEncoder(MLPEncoderOptions(latent_dim=3, width=8), SHAPES)
    assert str(encoder.latent_representation) == "V3"
    assert encoder.encode(torch.zeros(4, 2, 5)).shape == (4, 2, 3)
    assert encoder.decode(torch.zeros(3)).shape == (5,)


def test_both_networks_have_the_depth() -> None:
    encoder = MLPEncoder(MLPEncoderOptions(latent_dim=3, width=8, depth=2), SHAPES)
    assert encoder.encoder.n_layers == encoder.decoder.n_layers == 3
