from __future__ import annotations

import pytest
import torch

from symdisc.errors import OptionError
from symdisc.testing import check_oracle
from symdisc_vector_field.oracles.level_set import LevelSet, LevelSetOptions

RNG = torch.Generator().manual_seed(0)
DIRECTIONS = torch.nn.functional.normalize(torch.randn(500, 3, generator=RNG), dim=1)
ELLIPSOID = DIRECTIONS * torch.tensor([1.0, 2.0, 30.0]) + 0.5


@pytest.mark.parametrize("size", ["squares", "absolute"])
def test_conformance(size: str) -> None:
    check_oracle(LevelSet, {"size": size})


@pytest.mark.parametrize("size", ["squares", "absolute"])
def test_the_equation_of_an_ellipsoid(size: str) -> None:
    oracle = LevelSet(LevelSetOptions(size=size))
    oracle.fit(ELLIPSOID, None, RNG)
    points = ELLIPSOID.double()
    assert oracle.value(points).abs().max() < 1e-3
    normal = (points - 0.5) / torch.tensor([1.0, 4.0, 900.0])
    cosines = torch.nn.functional.cosine_similarity(oracle.jacobian(points)[:, 0], normal)
    assert cosines.abs().min() > 0.999
    assert oracle.degree == 2


def test_two_equations_of_a_circle_in_space() -> None:
    flat = torch.nn.functional.normalize(torch.randn(500, 2, generator=RNG), dim=1)
    circle = torch.cat([flat, torch.zeros(500, 1)], dim=1)
    oracle = LevelSet(LevelSetOptions(functions="affine", components=1))
    oracle.fit(circle, None, RNG)
    assert oracle.jacobian(circle.double())[0, 0].abs().argmax() == 2


def test_there_are_fewer_equations_than_functions() -> None:
    oracle = LevelSet(LevelSetOptions(functions="affine", components=4))
    with pytest.raises(OptionError, match=r"oracle.components = 4: there are 4 functions in 'aff"):
        oracle.fit(ELLIPSOID, None, RNG)
