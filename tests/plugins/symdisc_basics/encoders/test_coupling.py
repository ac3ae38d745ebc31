from __future__ import annotations

from typing import Any

import pytest
import torch

from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes
from symdisc.options import parse_options
from symdisc.representations import Representation
from symdisc.testing import check_encoder
from symdisc_basics.encoders.coupling import CouplingEncoder, CouplingEncoderOptions, _Block


def encoder(size: int, **options: Any) -> CouplingEncoder:
    torch.manual_seed(0)
    model = parse_options(CouplingEncoderOptions, {"width": 16, **options}, "encoder")
    return CouplingEncoder(model, DataShapes(1, Representation.vector(size)))


@pytest.mark.parametrize("scale_bound", [0.0, 1.0])
def test_it_passes_the_suite_for_all_kinds_of_data(scale_bound: float) -> None:
    check_encoder(CouplingEncoder, {"width": 8, "scale_bound": scale_bound, "orthogonal": True})


@pytest.mark.parametrize("options", [{}, {"scale_bound": 0}, {"orthogonal": True}])
@pytest.mark.parametrize("size", [2, 3, 20])
def test_with_as_many_latent_coordinates_decoding_is_exact(
    size: int, options: dict[str, Any]
) -> None:
    module = encoder(size, latent_dim=size, normalise="whiten", **options)
    x = 3 * torch.randn(500, size) + 1
    module.fit(x)
    module.update_statistics(x)
    assert torch.allclose(module.decode(module.encode(x)), x, atol=1e-4)
    z = torch.randn(50, size)
    assert torch.allclose(module.encode(module.decode(z)), z, atol=1e-4)


@pytest.mark.parametrize("orthogonal", [False, True])
def test_with_fewer_it_is_exact_on_the_decoders_image_only(orthogonal: bool) -> None:
    module = encoder(5, latent_dim=2, orthogonal=orthogonal)
    z = torch.randn(50, 2)
    on_image = module.decode(z)
    assert torch.allclose(module.encode(on_image), z, atol=1e-5)
    assert torch.allclose(module.decode(module.encode(on_image)), on_image, atol=1e-5)
    elsewhere = torch.randn(50, 5)
    assert not torch.allclose(module.decode(module.encode(elsewhere)), elsewhere, atol=0.1)


def test_every_coordinate_depends_on_every_other() -> None:
    module = encoder(6, latent_dim=6)
    jacobian = torch.func.jacrev(module.encode)(torch.randn(6))
    assert (jacobian.abs() > 1e-6).all()


def test_factors_are_bounded() -> None:
    for block in encoder(4, scale_bound=0.5, latent_dim=4).blocks:
        assert isinstance(block, _Block)
        shift, log_scale = block.forth._of(100 * torch.randn(50, 2))
        assert shift.abs().max() > 0.5
        assert log_scale is not None
        assert log_scale.abs().max() <= 0.5


def test_blocks_turn_differently() -> None:
    first, second = (encoder(4).get_buffer(f"blocks.{i}.rotation") for i in (0, 1))
    assert not torch.allclose(first, second)
    assert torch.allclose(first @ first.T, torch.eye(4), atol=1e-6)


@pytest.mark.parametrize(
    ("size", "latent_dim", "problem"),
    [
        (1, 1, r"couplings need at least 2 coordinates, but a state is 'V1'; use --encoder mlp"),
        (
            3,
            5,
            r"a state of 3 coordinates \('V3'\) to as many or fewer latent ones, but 'V5' has 5; "
            r"use --set encoder.latent_dim=3 or less, or --encoder mlp",
        ),
    ],
)
def test_sizes_that_cannot_be(size: int, latent_dim: int, problem: str) -> None:
    with pytest.raises(OptionError, match=problem):
        encoder(size, latent_dim=latent_dim)
