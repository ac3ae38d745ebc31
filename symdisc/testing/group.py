"""The conformance suite of group parameterizations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn

from symdisc.engine.ensemble import Stackable
from symdisc.interfaces import CosetParameterization, DataShapes, GroupParameterization
from symdisc.testing.conformance import (
    BATCH,
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
from symdisc.testing.tolerances import KERNEL
from symdisc_kernels import group_action, group_elements
from symdisc_kernels.blocks import check_blocks

_UNIT = 1e-3
"""How far |det| of a representative may be from 1, in float32 [1]."""


def check_group(
    component: type[Any],
    options: Mapping[str, Any] | None = None,
    *,
    shapes: Sequence[DataShapes] = SHAPES,
) -> None:
    """Does a group keep the promises of :class:`symdisc.interfaces.GroupParameterization`?

    For every kind of data: generators of the stated shape that depend differentiably on all
    parameters and vanish outside the mask, a mask that vanishes outside the blocks, scalar
    penalties, exp(0) = 1, an action through the kernel that equals multiplication by explicit
    matrices, and an ensemble, also through its own ``stack`` if it has one, that equals its
    members. Of a :class:`symdisc.interfaces.CosetParameterization`, which may have no generators,
    also representatives of the stated shape with |det| = 1.

    Args:
        component: The class.
        options: Its options, as a user would give them.
        shapes: The data to build it for.

    Raises:
        ConformanceError: The first broken promise.
        OptionError: ``options`` does not fit its options model.

    Example::

        def test_scalings() -> None:
            check_group(Scalings, {"n_generators": 2})
    """
    checked = checked_options("group", component, options)
    for one in shapes:
        members = build_members(component, checked, one)
        group = cast("GroupParameterization", members[0])
        what = describe(component, one)
        _check_numbers(group, one, what)
        _check_generators(group, what)
        _check_regularizers(group, what)
        _check_action(group, what)
        _check_ensemble(members)
        if isinstance(group, CosetParameterization):
            _check_representatives(group, what)
            _check_ensemble(members, "representatives")


def _check_numbers(group: GroupParameterization, shapes: DataShapes, what: str) -> None:
    n, k = getattr(group, "dimension", None), getattr(group, "n_generators", None)
    require(
        n == shapes.representation.dimension,
        f"{what}: dimension must be that of the vectors, {shapes.representation.dimension}; "
        f"got {n}",
    )
    least = 0 if isinstance(group, CosetParameterization) else 1
    require(
        isinstance(k, int) and k >= least,
        f"{what}: n_generators must be a whole number of at least {least}; got {k!r}",
    )
    if group.blocks is not None:
        with attempting(f"{what}: blocks"):
            check_blocks(group.blocks, group.dimension)


def _check_generators(group: GroupParameterization, what: str) -> None:
    n = group.dimension
    with attempting(f"{what}: generators()"):
        generators = group.generators()
    require_finite(generators, (group.n_generators, n, n), f"{what}: generators()")
    with attempting(f"{what}: mask()"):
        mask = group.mask()
    require_finite(mask, (n, n), f"{what}: mask()")
    require(bool(((mask == 0) | (mask == 1)).all()), f"{what}: mask() must hold 0 and 1 only")
    outside = (generators.detach() * (1 - mask)).abs().sum().item()
    require(
        outside == 0,
        f"{what}: generators() must vanish where mask() is 0; found an entry of {outside:.2g}",
    )
    require(
        bool((mask <= _inside_blocks(group)).all()),
        f"{what}: mask() must be 0 outside the blocks {group.blocks}, whose action ignores them",
    )
    if isinstance(group, CosetParameterization):
        # Some parameters are those of the representatives only.
        both = torch.cat([generators.flatten(), group.representatives().flatten()])
        require_gradients(both, group, {}, f"{what}: generators() and representatives()")
    else:
        require_gradients(generators, group, {}, f"{what}: generators()")


def _inside_blocks(group: GroupParameterization) -> Tensor:
    n = group.dimension
    if group.blocks is None:
        return torch.ones(n, n)
    inside = torch.zeros(n, n)
    for block in group.blocks:
        index = torch.tensor(block)
        inside[index[:, None], index[None, :]] = 1
    return inside


def _check_regularizers(group: GroupParameterization, what: str) -> None:
    with attempting(f"{what}: regularizers()"):
        penalties = dict(group.regularizers())
    for name, value in penalties.items():
        require_finite(value, (), f"{what}: regularizer {name!r}")


def _check_representatives(group: CosetParameterization, what: str) -> None:
    m, n = getattr(group, "n_representatives", None), group.dimension
    require(
        isinstance(m, int) and m >= 1,
        f"{what}: n_representatives must be a whole number of at least 1; got {m!r}",
    )
    with attempting(f"{what}: representatives()"):
        representatives = group.representatives()
    require_finite(representatives, (group.n_representatives, n, n), f"{what}: representatives()")
    sizes = torch.linalg.det(representatives.detach().double()).abs()
    worst = sizes[(sizes - 1).abs().argmax()].item()
    require(
        abs(worst - 1) <= _UNIT,
        f"{what}: representatives() must have |det| = 1; found {worst:.4g}",
    )


def _check_action(group: GroupParameterization, what: str) -> None:
    rng = torch.Generator().manual_seed(22)
    generators = group.generators().detach().double()
    k, n = generators.shape[:2]
    if k == 0:
        return
    # Small enough that the largest entry of a group element stays near 1.
    size = 1 / generators.abs().sum((-1, -2)).max().clamp_min(1.0)
    z = size * torch.randn(BATCH, k, generator=rng, dtype=torch.float64)
    points = torch.randn(BATCH, 3, n, generator=rng, dtype=torch.float64)
    explicit = torch.linalg.matrix_exp(torch.einsum("bk,kij->bij", z, generators))
    require_close(
        group_action(z, generators, points, group.blocks),
        points @ explicit.mT,
        KERNEL[torch.float64],
        f"{what}: the action through the kernel against explicit matrices",
    )
    identity = torch.eye(n, dtype=torch.float64).expand(BATCH, n, n)
    require_close(
        group_elements(0 * z, generators, group.blocks),
        identity,
        KERNEL[torch.float64],
        f"{what}: the group element of zero coefficients against the identity",
    )


def _check_ensemble(members: list[nn.Module], method: str = "generators") -> None:
    check_ensemble(members, method=method)
    if isinstance(members[0], Stackable):
        check_stacked(members, method=method)
