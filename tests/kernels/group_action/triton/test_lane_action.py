"""The action and its adjoint in lanes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

Call = Callable[..., Any]
_CASES = [(n, torch.float32) for n in range(1, 9)] + [(n, torch.float64) for n in range(1, 5)]


@pytest.mark.parametrize("norms", [(0.4, 0.2), (0.5, 8.0)], ids=["action", "squaring"])
@pytest.mark.parametrize(("n", "dtype"), _CASES)
def test_action_and_gradients(
    n: int,
    dtype: torch.dtype,
    norms: tuple[float, float],
    interpreted: Call,
    problem: Call,
    gradients: Call,
    assert_close: Call,
) -> None:
    # Two components; fewer elements than lanes.
    given = problem(n, 2, 2, torch.tensor(norms * 9), dtype)
    found = (interpreted("group_action", *given[:3]), *interpreted("group_action_backward", *given))
    assert_close(found, gradients(*given), gradients(*given, dtype))


# One for each number of stored terms, and the last norm before squaring.
@pytest.mark.parametrize("norm", [0.55, 0.95, 1.45, 1.7])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_gradients_over_stored_terms(
    n: int, norm: float, interpreted: Call, problem: Call, gradients: Call, assert_close: Call
) -> None:
    given = problem(n, 2, 2, torch.full((7,), norm), torch.float32)
    found = interpreted("group_action_backward", *given)
    assert_close(found, gradients(*given)[1:], gradients(*given, torch.float32)[1:])


def test_stored_terms_in_two_steps(interpreted: Call, gradients: Call, assert_close: Call) -> None:
    rng = torch.Generator().manual_seed(3)
    x, gy = torch.randn(2, 4, 1, 3, generator=rng)
    generators = torch.tensor([[[0.0, 1.0, 0.0], [-1.0, 0.0, 0.5], [0.0, 0.0, 0.0]]])
    # Rounded, this norm is the limit itself, which is served by two steps.
    given = torch.full((4, 1), 1.7), generators, x, gy
    found = interpreted("group_action_backward", *given)
    assert_close(found, gradients(*given)[1:])


@pytest.mark.parametrize(
    ("n", "dtype"), [(2, torch.float32), (5, torch.float32), (3, torch.float64)]
)
def test_symmetric_exponents_of_norm_50(
    n: int,
    dtype: torch.dtype,
    interpreted: Call,
    problem: Call,
    gradients: Call,
    assert_close: Call,
) -> None:
    z, generators, x, gy = problem(n, 1, 1, torch.full((9,), 1.0), dtype)
    generators = generators + generators.mT
    z *= 50 / (z[:, :, None, None] * generators).abs().sum(-2).amax()
    given = z, generators, x, gy
    found = (interpreted("group_action", *given[:3]), *interpreted("group_action_backward", *given))
    exact, plain = gradients(*given), gradients(*given, dtype)
    # The interpreter rounds each product before it adds it, which fused instructions do not.
    assert_close(found[:1], exact[:1], plain[:1], 1.5e-6 if dtype == torch.float32 else 0.0)
    at_least = 5e-6 if dtype == torch.float32 else 1e-14
    assert_close(found[1:], exact[1:], plain[1:], at_least)


@pytest.mark.parametrize("n", [2, 8])
def test_several_steps_and_blocks(
    n: int, interpreted: Call, problem: Call, gradients: Call, assert_close: Call
) -> None:
    # Norms that both still take steps for, in two blocks with a rest.
    norm = 0.8 if n == 2 else 2.5
    given = problem(n, 3, 1, torch.full((131,), norm), torch.float32)
    found = (interpreted("group_action", *given[:3]), *interpreted("group_action_backward", *given))
    assert_close(found, gradients(*given))


@pytest.mark.parametrize("value", [torch.nan, torch.inf, 3e38])
@pytest.mark.parametrize("n", [2, 7])
def test_impossible_element_spoils_itself_only(
    n: int, value: float, interpreted: Call, problem: Call, gradients: Call, assert_close: Call
) -> None:
    given = problem(n, 2, 1, torch.full((6,), 0.7), torch.float32)
    given[0][3, 1] = value
    y = interpreted("group_action", *given[:3])
    gz, generator_gradient, gx = interpreted("group_action_backward", *given)
    others = [0, 1, 2, 4, 5]
    for spoilt in (y, gz, gx):
        assert spoilt[3].isnan().all()
        assert spoilt[others].isfinite().all()
    assert generator_gradient.isnan().all()
    kept = [given[0][others], given[1], given[2][others], given[3][others]]
    exact = gradients(*kept)
    assert_close((y[others], gz[others], gx[others]), (exact[0], exact[1], exact[3]))


def test_huge_neighbour_leaves_an_element_as_it_is(
    interpreted: Call, problem: Call, gradients: Call, assert_close: Call
) -> None:
    given = problem(3, 1, 1, torch.tensor([0.3, 1e30, 1.2, 4.0]), torch.float32)
    # Skew: the huge element turns by an angle without meaning, but stays finite.
    given = (given[0], given[1] - given[1].mT, *given[2:])
    others = [0, 2, 3]
    y = interpreted("group_action", *given[:3])
    gz, _, gx = interpreted("group_action_backward", *given)
    kept = [given[0][others], given[1], given[2][others], given[3][others]]
    exact = gradients(*kept)
    assert_close((y[others], gz[others], gx[others]), (exact[0], exact[1], exact[3]))


def test_huge_norms_give_what_squaring_gives(interpreted: Call) -> None:
    generators = torch.tensor([[[0.0, 1.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]])
    z = torch.tensor([[1e30, 0.0], [0.0, -1e30], [0.0, 1e30]])
    x = torch.ones(3, 1, 2)
    y = interpreted("group_action", z, generators, x)[:, 0]
    # A shear, a collapse and an explosion.
    torch.testing.assert_close(y[0], torch.tensor([1e30, 1.0]))
    assert y[1].tolist() == [0.0, 0.0]
    assert not y[2].isfinite().any()


@pytest.mark.parametrize("argument", [2, 3], ids=["x", "gy"])
def test_nan_in_points_stays_in_its_element(
    argument: int, interpreted: Call, problem: Call
) -> None:
    given = problem(3, 2, 1, torch.full((4,), 0.7), torch.float32)
    given[argument][1, 0, 2] = torch.nan
    results = [interpreted("group_action", *given[:3])]
    gz, _, gx = interpreted("group_action_backward", *given)
    results += [gz, gx]
    for result in results:
        assert result[[0, 2, 3]].isfinite().all()
    assert gz[1].isnan().all()
