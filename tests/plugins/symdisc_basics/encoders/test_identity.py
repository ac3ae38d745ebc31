from __future__ import annotations

import torch

from symdisc.interfaces import DataShapes
from symdisc.options import Options
from symdisc.representations import Representation
from symdisc.testing import check_encoder
from symdisc_basics.encoders.identity import Identity

SHAPES = DataShapes(2, Representation(2, 2, 1))


def test_it_passes_the_suite() -> None:
    check_encoder(Identity)


def test_it_changes_nothing() -> None:
    identity = Identity(Options(), SHAPES)
    x = torch.randn(4, 2, 5)
    assert identity.encode(x) is x
    assert identity.decode(x) is x
    assert identity.latent_representation == SHAPES.representation
    assert list(identity.parameters()) == []
