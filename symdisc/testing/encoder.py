"""The conformance suite of encoders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn

from symdisc.derivatives import derivative_along
from symdisc.engine.ensemble import Stackable
from symdisc.interfaces import DataShapes, Encoder, SeesComponents
from symdisc.representations import Representation
from symdisc.testing.conformance import (
    BATCH,
    MEMBERS,
    SHAPES,
    attempting,
    build_members,
    checked_options,
    describe,
    require,
    require_close,
    require_finite,
    require_gradients,
)
from symdisc.testing.stacking import check_ensemble, check_stacked
from symdisc.testing.tolerances import ENSEMBLE

LEADING = ((BATCH,), (1,), (BATCH, 2), (2, 3, 4))


def check_encoder(
    component: type[Any],
    options: Mapping[str, Any] | None = None,
    *,
    shapes: Sequence[DataShapes] = SHAPES,
) -> None:
    """Does an encoder keep the promises of :class:`symdisc.interfaces.Encoder`?

    For every kind of data: ``encode`` and ``decode`` keep all leading dimensions and treat
    every point by itself, gradients reach the points and all parameters, derivatives along the
    data (``torch.func.jvp``) agree with the gradients, components of
    :class:`symdisc.interfaces.SeesComponents` lie between data and latent points, and an ensemble,
    also through its own ``stack`` if it has one, equals its members.

    Args:
        component: The class.
        options: Its options, as a user would give them.
        shapes: The data to build it for.

    Raises:
        ConformanceError: The first broken promise.
        OptionError: ``options`` does not fit its options model.

    Example::

        def test_my_encoder() -> None:
            check_encoder(MyEncoder, {"latent_dim": 3})
    """
    checked = checked_options("encoder", component, options)
    for one in shapes:
        members = build_members(component, checked, one)
        module = cast("Encoder", members[0])
        what = describe(component, one)
        latent = _latent_size(module, what)
        for leading in LEADING:
            _check_shapes(module, one.size, latent, leading, what)
        _check_gradients(module, one.size, what)
        _check_derivative(module, one.size, what)
        _check_components(module, one.size, latent, what)
        _check_ensemble(members, "encode", one.size)
        _check_ensemble(members, "decode", latent)


def _latent_size(module: Encoder, what: str) -> int:
    representation = getattr(module, "latent_representation", None)
    require(
        isinstance(representation, Representation),
        f"{what}: latent_representation must be a Representation; got {representation!r}",
    )
    return module.latent_representation.size


def _check_shapes(
    module: Encoder, size: int, latent: int, leading: tuple[int, ...], what: str
) -> None:
    points = _points(*leading, size)
    codes = _call(module, "encode", points, what)
    require_finite(codes, (*leading, latent), f"{what}: encode of {(*leading, size)}")
    back = _call(module, "decode", codes, what)
    require_finite(back, (*leading, size), f"{what}: decode of {(*leading, latent)}")
    for name, given, got in (("encode", points, codes), ("decode", codes, back)):
        rows = given.reshape(-1, given.shape[-1])
        alone = torch.cat([_call(module, name, row[None], what) for row in rows])
        require_close(
            got.reshape(alone.shape),
            alone,
            ENSEMBLE,
            f"{what}: {name} of points in a batch against each point by itself",
        )


def _check_gradients(module: Encoder, size: int, what: str) -> None:
    points = _points(BATCH, size).requires_grad_()
    codes = _call(module, "encode", points, what)
    back = _call(module, "decode", codes, what)
    require_gradients(back, module, {"x": points}, f"{what}: decode(encode(x))")


def _check_derivative(module: Encoder, size: int, what: str) -> None:
    points = _points(BATCH, size)
    velocity = torch.linspace(-1, 1, points.numel()).reshape(points.shape)
    with attempting(f"{what}: torch.func.jvp of encode"):
        _, forward = derivative_along(module.encode, points, velocity)
    points.requires_grad_()
    codes = module.encode(points)
    weights = torch.linspace(0.5, 1.5, codes.numel()).reshape(codes.shape)
    (backward,) = torch.autograd.grad((codes * weights).sum(), points)
    require_close(
        (forward * weights).sum(),
        (backward * velocity).sum(),
        10 * ENSEMBLE,
        f"{what}: the derivative of encode along the data against its gradient",
    )


def _check_components(module: Encoder, size: int, latent: int, what: str) -> None:
    if not isinstance(module, SeesComponents) or module.n_components is None:
        return
    points, codes = _points(BATCH, size), _points(BATCH, latent)
    seen = module.project(points)
    require_finite(seen, (BATCH, module.n_components), f"{what}: project")
    pairs = {
        "encode against encode_components of project": (
            module.encode(points),
            module.encode_components(seen),
        ),
        "decode against restore of decode_components": (
            module.decode(codes),
            module.restore(module.decode_components(codes)),
        ),
        "restore of a mean against the mean of restore": (
            module.restore(seen.mean(0, keepdim=True)),
            module.restore(seen).mean(0, keepdim=True),
        ),
    }
    for name, (got, expected) in pairs.items():
        require_close(got, expected, 10 * ENSEMBLE, f"{what}: {name}")


def _check_ensemble(members: list[nn.Module], method: str, size: int) -> None:
    points = _points(MEMBERS, BATCH, 2, size)
    check_ensemble(members, points, method=method)
    if isinstance(members[0], Stackable):
        check_stacked(members, points, method=method)


def _call(module: Encoder, method: str, points: Tensor, what: str) -> Tensor:
    with attempting(f"{what}: {method} of {tuple(points.shape)}"):
        result: Tensor = getattr(module, method)(points)
    return result


def _points(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(21))
