"""The conformance suite of discriminators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from symdisc.engine.ensemble import Stackable
from symdisc.interfaces import DataShapes
from symdisc.testing.conformance import (
    BATCH,
    MEMBERS,
    SHAPES,
    attempting,
    build_members,
    checked_options,
    describe,
    example_inputs,
    require_close,
    require_finite,
    require_gradients,
)
from symdisc.testing.stacking import check_ensemble, check_stacked
from symdisc.testing.tolerances import ENSEMBLE


def check_discriminator(
    component: type[Any],
    options: Mapping[str, Any] | None = None,
    *,
    shapes: Sequence[DataShapes] = SHAPES,
) -> None:
    """Does a discriminator keep the promises of :class:`symdisc.interfaces.Discriminator`?

    For every kind of data: logits ``(B,)`` for any B, gradients that reach the states, number
    targets and all parameters, the same logit for a sample whatever else is in the batch, and
    an ensemble, also through its own ``stack`` if it has one, that equals its members. Modules
    are checked in evaluation mode, so dropout and batch normalisation are allowed.

    Args:
        component: The class.
        options: Its options, as a user would give them.
        shapes: The data to build it for.

    Raises:
        ConformanceError: The first broken promise.
        OptionError: ``options`` does not fit its options model.

    Example::

        def test_wide_mlp() -> None:
            check_discriminator(WideMLP, {"width": 32})
    """
    checked = checked_options("discriminator", component, options)
    for one in shapes:
        members = build_members(component, checked, one)
        what = describe(component, one)
        _check_logits(members[0], one, what)
        _check_gradients(members[0], one, what)
        _check_independence(members[0], one, what)
        arguments = example_inputs(one, (MEMBERS, BATCH))
        check_ensemble(members, *arguments)
        if isinstance(members[0], Stackable):
            check_stacked(members, *arguments)


def _check_logits(module: nn.Module, shapes: DataShapes, what: str) -> None:
    for size in (BATCH, 1):
        logits = _logits(module, *example_inputs(shapes, (size,)), what)
        require_finite(logits, (size,), f"{what}: the logits of {size} sample(s)")


def _check_gradients(module: nn.Module, shapes: DataShapes, what: str) -> None:
    x, y = example_inputs(shapes)
    inputs = {"x": x.requires_grad_()}
    if y is not None and y.is_floating_point():
        inputs["y"] = y.requires_grad_()
    require_gradients(_logits(module, x, y, what), module, inputs, what)


def _check_independence(module: nn.Module, shapes: DataShapes, what: str) -> None:
    x, y = example_inputs(shapes)
    together = _logits(module, x, y, what)
    single = [
        _logits(module, x[i : i + 1], None if y is None else y[i : i + 1], what)
        for i in range(len(x))
    ]
    require_close(
        together,
        torch.cat(single),
        ENSEMBLE,
        f"{what}: logits of samples in a batch against each sample by itself",
    )


def _logits(module: nn.Module, x: Tensor, y: Tensor | None, what: str) -> Tensor:
    with attempting(f"{what}: forward"):
        logits: Tensor = module(x, y)
    return logits
