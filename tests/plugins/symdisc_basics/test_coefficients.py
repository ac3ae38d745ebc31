from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from symdisc.errors import OptionError
from symdisc.options import Options, parse_options
from symdisc.testing import check_coefficients
from symdisc_basics.coefficients import (
    IntegerGrid,
    IntegerGridOptions,
    Normal,
    NormalOptions,
    Uniform,
    UniformOptions,
)


@pytest.mark.parametrize(
    ("component", "options"),
    [
        (Normal, {}),
        (Normal, {"scale": 2.5}),
        (Uniform, {}),
        (Uniform, {"width": 0.2}),
        (IntegerGrid, {}),
        (IntegerGrid, {"largest": 3}),
    ],
)
def test_they_pass_the_suite(component: type[Any], options: dict[str, Any]) -> None:
    check_coefficients(component, options, n_generators=(1, 2, 4))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_normal_density_is_that_of_torch(dtype: torch.dtype) -> None:
    z = torch.linspace(-4, 4, 20, dtype=dtype).reshape(10, 2)
    found = Normal(NormalOptions(scale=0.7), 2).log_prob(z)
    law = torch.distributions.Normal(0.0, 0.7)
    expected = law.log_prob(z).sum(-1)  # type: ignore[no-untyped-call]
    assert found.dtype == dtype
    assert torch.allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_uniform_density(dtype: torch.dtype) -> None:
    law = Uniform(UniformOptions(width=0.3), 2)
    z = torch.tensor([[0.1, -0.3], [0.31, 0.0], [math.nan, 0.0]], dtype=dtype)
    found = law.log_prob(z)
    assert found.dtype == dtype
    assert found[0].item() == pytest.approx(-2 * math.log(0.6), rel=torch.finfo(dtype).eps)
    assert found[1:].tolist() == [-math.inf, -math.inf]


def test_the_grid_is_symmetric_and_holds_both_ends() -> None:
    law = IntegerGrid(IntegerGridOptions(largest=2), 1)
    drawn = law.sample((50_000,), torch.Generator().manual_seed(0)).flatten()
    values, count = torch.unique(drawn, return_counts=True)
    assert values.tolist() == [-2, -1, 0, 1, 2]
    assert count.double().div(10_000).sub(1).abs().max() < 0.05


def test_probabilities_of_the_grid() -> None:
    law = IntegerGrid(IntegerGridOptions(largest=2), 2)
    z = torch.tensor([[2.0, -1.0], [0.5, 0.0], [3.0, 0.0]])
    assert law.log_prob(z)[0].item() == pytest.approx(-2 * math.log(5))
    assert law.log_prob(z)[1:].tolist() == [-math.inf, -math.inf]


def test_supports() -> None:
    assert IntegerGrid(IntegerGridOptions(largest=4), 1).support == (-4, 4)
    assert Normal(NormalOptions(), 1).support == (-math.inf, math.inf)
    assert Uniform(UniformOptions(width=2.0), 1).support == (-2.0, 2.0)


@pytest.mark.parametrize(
    ("options", "name"),
    [(NormalOptions, "scale"), (UniformOptions, "width"), (IntegerGridOptions, "largest")],
)
def test_sizes_are_positive(options: type[Options], name: str) -> None:
    message = rf"option 'coefficients\.{name}' = -1: .* greater than( or equal to 1| 0)"
    with pytest.raises(OptionError, match=message):
        parse_options(options, {name: -1}, "coefficients")
