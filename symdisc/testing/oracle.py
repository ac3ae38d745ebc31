"""Conformance suite of oracles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor

from symdisc.fields.derivatives import finite_differences
from symdisc.interfaces import Oracle
from symdisc.options import Options
from symdisc.testing.conformance import (
    attempting,
    checked_options,
    require,
    require_close,
    require_finite,
)

N_ROWS = 400
STEP = 1e-4
EXACT = 1e-5
"""Allowed error of exact derivatives, relative to the largest [1]."""


def check_oracle(
    component: type[Any],
    options: Mapping[str, Any] | None = None,
    x: Tensor | None = None,
    y: Tensor | None = None,
) -> None:
    """Does an oracle keep the promises of :class:`symdisc.interfaces.Oracle`?

    Values and derivatives have the right shapes and type and are finite, each point is treated by
    itself, derivatives that are called exact are those of the values, the same random numbers
    give the same function, and neither the data nor the global random state are changed.

    Args:
        component: The class.
        options: Its options, as a user would give them.
        x: Points ``(N, d)`` to fit it to; by default normally distributed ones in space.
        y: Values ``(N, c)`` or labels ``(N,)``; by default two smooth functions of the points.

    Raises:
        ConformanceError: The first broken promise.
        OptionError: ``options`` does not fit its options model.
    """
    checked = checked_options("oracle", component, options)
    name = component.__name__
    if x is None:
        x = torch.randn(N_ROWS, 3, generator=torch.Generator().manual_seed(3))
        y = torch.stack([x.square().sum(1), x[:, 0] - x[:, 1].sin()], dim=1)
    kept = (x.clone(), None if y is None else y.clone())
    state = torch.get_rng_state()
    oracle = _fitted(component, checked, x, y)
    points = x[:50].double() + 0.01
    values, slopes = _shaped(oracle, points, name)
    again = _fitted(component, checked, x, y)
    require(
        torch.equal(again.value(points), values), f"{name}: the same seed gave another function"
    )
    require(torch.equal(torch.get_rng_state(), state), f"{name} uses the global random state")
    same = torch.equal(kept[0], x) and (y is None or kept[1] is None or torch.equal(kept[1], y))
    require(same, f"{name} changes the data")
    require_close(oracle.value(points[3:5]), values[3:5], EXACT, f"{name}.value of some points")
    require_close(oracle.jacobian(points[3:5]), slopes[3:5], EXACT, f"{name}.jacobian of some")
    steps = torch.full((points.shape[1],), STEP, dtype=torch.float64)
    expected = finite_differences(oracle.value, points, steps)
    require(bool(oracle.derivatives), f"{name}.derivatives must say what they are")
    if oracle.derivatives == "exact":
        require_close(slopes, expected, EXACT, f"{name}.jacobian against differences of value")


def _fitted(component: type[Any], options: Options, x: Tensor, y: Tensor | None) -> Oracle:
    with attempting(f"fitting {component.__name__}"):
        oracle = cast("Oracle", component(options))
        oracle.fit(x, y, torch.Generator().manual_seed(5))
    return oracle


def _shaped(oracle: Oracle, points: Tensor, name: str) -> tuple[Tensor, Tensor]:
    with attempting(f"{name}.value"):
        values = oracle.value(points)
    require(values.ndim == 2, f"{name}.value must give (N, c); got {tuple(values.shape)}")
    require_finite(values, (len(points), values.shape[1]), f"{name}.value")
    with attempting(f"{name}.jacobian"):
        slopes = oracle.jacobian(points)
    require_finite(slopes, (*values.shape, points.shape[1]), f"{name}.jacobian")
    for what, found in (("value", values), ("jacobian", slopes)):
        require(found.dtype == torch.float64, f"{name}.{what} must be float64; got {found.dtype}")
    with attempting(f"{name} at no points"):
        require(
            oracle.value(points[:0]).shape == (0, values.shape[1]), f"{name}.value at no points"
        )
    return values, slopes
