"""Allocate the outputs and launch the kernels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from symdisc_kernels.group_action.triton.configurations import (
    Configuration,
    compute_dtype,
    configuration,
    reduction,
)

# Programs of one launch of the adjoint, at least and at most where there is work for so many. Each
# keeps its own part of gL in memory, whose entries are bounded unless the programs get too few.
_ADJOINT_PROGRAMS = (1024, 8192)
_PART_ENTRIES = 1 << 20

# Parts that one program sums: few enough that not much is waited for one after the other.
_PARTS_OF_A_GROUP = 128


def group_action(z: Tensor, generators: Tensor, x: Tensor) -> Tensor:
    """Compute y = exp(z L) x; see the package."""
    y = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    if y.numel() == 0:
        return y
    z3, l4, x4 = _flat(z, 2), _flat(generators, 3).contiguous(), _flat(x, 3)
    members, batch, c, n = x4.shape
    chosen = configuration("action", n, x.dtype)
    programs = _ceil_div(batch, chosen.block)
    arguments = (z3, l4, x4, y, batch, z3.shape[2], c, programs, *z3.stride(), *x4.stride())
    _launch(chosen, programs * members, arguments, n)
    return y


def group_action_backward(
    z: Tensor, generators: Tensor, x: Tensor, gy: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """(gz, gL, gx) for the gradient gy of y; see the package."""
    gz = torch.empty(z.shape, dtype=z.dtype, device=z.device)
    gx = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    z3, l4, x4, g4 = _flat(z, 2), _flat(generators, 3).contiguous(), _flat(x, 3), _flat(gy, 3)
    members, batch, c, n = x4.shape
    if members * batch == 0:
        return gz, torch.zeros(generators.shape, dtype=z.dtype, device=z.device), gx
    k = z3.shape[2]
    chosen = configuration("adjoint", n, x.dtype, k)
    # Sums in registers are worth it for the rounds of a program; parts in memory cost each round.
    entries = None if chosen.constants.get("few") else k * n * n
    programs, rounds = _adjoint_grid(_ceil_div(batch, chosen.block), members, entries)
    shape = (members, programs, k * n * n)
    parts = torch.empty(shape, dtype=compute_dtype(x.dtype), device=x.device)
    strides = (*z3.stride(), *x4.stride(), *g4.stride())
    counts = (batch, k, c, programs, rounds)
    _launch(chosen, programs * members, (z3, l4, x4, g4, gz, gx, parts, *counts, *strides), n)
    return gz, _sum_parts(parts, generators), gx


def expm(matrices: Tensor) -> Tensor:
    """exp(A) of each matrix; see the package."""
    result = torch.empty(matrices.shape, dtype=matrices.dtype, device=matrices.device)
    if result.numel() == 0:
        return result
    a = _flat(matrices, 2)
    chosen = configuration("expm", a.shape[-1], a.dtype)
    arguments = (a, result, a.shape[0], *a.stride())
    _launch(chosen, _ceil_div(a.shape[0], chosen.block), arguments, a.shape[-1])
    return result


def expm_backward(matrices: Tensor, gradient: Tensor) -> Tensor:
    """The gradient in A for a gradient of exp(A); see the package."""
    result = torch.empty(matrices.shape, dtype=matrices.dtype, device=matrices.device)
    if result.numel() == 0:
        return result
    a, g = _flat(matrices, 2), _flat(gradient, 2)
    chosen = configuration("expm_adjoint", a.shape[-1], a.dtype)
    arguments = (a, g, result, a.shape[0], *a.stride(), *g.stride())
    _launch(chosen, _ceil_div(a.shape[0], chosen.block), arguments, a.shape[-1])
    return result


def _sum_parts(parts: Tensor, generators: Tensor) -> Tensor:
    """Add up (members, programs, entries), by way of groups of programs where there are many."""
    members, programs, entries = parts.shape
    if programs == 1 and parts.dtype == generators.dtype:
        return parts.view(generators.shape)
    result = torch.empty(generators.shape, dtype=generators.dtype, device=parts.device)
    if result.numel() == 0:
        return result
    groups = _ceil_div(programs, _PARTS_OF_A_GROUP)
    if groups > 1:
        grouped = torch.empty((members, groups, entries), dtype=parts.dtype, device=parts.device)
        _launch_sum(parts, grouped, groups, _PARTS_OF_A_GROUP)
        parts = grouped
    _launch_sum(parts, result, 1, parts.shape[1])
    return result


def _launch_sum(parts: Tensor, result: Tensor, groups: int, size: int) -> None:
    members, count, entries = parts.shape
    chosen = reduction(result.dtype)
    tiles = _ceil_div(entries, int(chosen.constants["columns"]))
    arguments = (parts, result, count, entries, tiles, groups, size)
    _launch(chosen, members * groups * tiles, arguments, None)


def _adjoint_grid(blocks: int, members: int, entries: int | None) -> tuple[int, int]:
    """Programs of each member of the ensemble, and how many blocks each of them computes."""
    least, most = _ADJOINT_PROGRAMS
    programs = least
    if entries is not None:
        programs = max(least, min(most, _PART_ENTRIES // max(entries, 1)))
    rounds = _ceil_div(blocks, _ceil_div(programs, members))
    return _ceil_div(blocks, rounds), rounds


def _flat(tensor: Tensor, kept: int) -> Tensor:
    """One dimension for all but the last ``kept`` ones; a view wherever strides allow it."""
    leading = tensor.shape[: tensor.ndim - kept]
    return tensor.reshape(math.prod(leading), *tensor.shape[tensor.ndim - kept :])


def _launch(chosen: Configuration, programs: int, arguments: Sequence[Any], n: int | None) -> None:
    sizes = {} if "n" in chosen.constants or n is None else {"n": n}
    with torch.cuda.device_of(arguments[0]):  # type: ignore[no-untyped-call]
        chosen.kernel[(programs,)](*arguments, **sizes, **chosen.constants, **chosen.options)


def _ceil_div(a: int, b: int) -> int:
    return -(-a // b)
