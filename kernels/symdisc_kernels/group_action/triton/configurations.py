"""Which kernel runs with which compile-time constants: the one table of launch settings.

Block sizes and warps follow from ahead-of-time compiles for sm_80 and sm_90 (registers, stack,
see :mod:`symdisc_kernels.group_action.triton.aot`). They have not been timed on a GPU.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import torch
import triton.language as tl

from symdisc_kernels.group_action.triton.lane_action import lane_action, lane_adjoint
from symdisc_kernels.group_action.triton.lane_matrices import lane_expm, lane_expm_adjoint
from symdisc_kernels.group_action.triton.partial_sums import sum_parts

Operation = Literal["action", "adjoint", "expm", "expm_adjoint"]
OPERATIONS: tuple[Operation, ...] = ("action", "adjoint", "expm", "expm_adjoint")
DTYPES = (torch.float32, torch.float64, torch.bfloat16, torch.float16)
LARGEST_N = 16


@dataclass(frozen=True)
class Configuration:
    """A kernel with its compile-time constants.

    Args:
        kernel: The kernel.
        dtype: Type of the inputs and outputs in memory.
        constants: Values of the kernel's ``constexpr`` parameters.
        warps: Warps of a program.
    """

    kernel: Any
    dtype: torch.dtype
    constants: dict[str, Any]
    warps: int

    @property
    def name(self) -> str:
        """Readable and unique among the shipped configurations."""
        size = self.constants.get("n", self.constants.get("side", ""))
        return f"{self.kernel.__name__}[{size}]-{str(self.dtype).removeprefix('torch.')}"

    @property
    def block(self) -> int:
        """Elements of a program."""
        return int(self.constants["block"])


# Lanes hold a matrix in n^2 registers (twice that in float64) and the adjoint needs about
# 3 n^2 + 10 n: beyond these sizes it would spill, and (block, side, side) tiles take over.
_LANES_UP_TO = {torch.float32: 8, torch.float64: 4}

# One element a lane; a program of 128 elements keeps every lane of its 4 warps busy.
_LANE_BLOCK = 128
_LANE_WARPS = 4

# Norms up to which the action in sub-steps needs fewer operations than scaling and squaring
# with matrix products. (multiply-adds counted; the adjoint computes earlier points again.)
_ACTION_LIMIT = {1: 1.7, 2: 1.0, 3: 1.7, 4: 3.4, 5: 5.1, 6: 5.1, 7: 6.8, 8: 8.5}
_ADJOINT_LIMIT = {1: 0.85, 2: 0.85, 3: 0.85, 4: 0.85, 5: 1.7, 6: 1.7, 7: 2.6, 8: 2.6}

# From here on a matrix of generators has so many entries that tl.dot beats loads by each lane.
_DOT_FROM = 7


def compute_dtype(dtype: torch.dtype) -> torch.dtype:
    """The type that inputs of this type are computed in."""
    return torch.float64 if dtype == torch.float64 else torch.float32


def configuration(operation: Operation, n: int, dtype: torch.dtype) -> Configuration:
    """The configuration that runs this operation.

    Args:
        operation: Which.
        n: Size of the matrices, 1 to 16.
        dtype: Type of the inputs.
    """
    return _lanes(operation, n, dtype)


def reduction(dtype: torch.dtype) -> Configuration:
    """The second stage of the generator gradient, stored in this type."""
    # 64 neighbouring entries make full memory transactions; 16 rows keep 8 loads in flight.
    return Configuration(sum_parts, dtype, {"rows": 16, "columns": 64}, warps=4)


def all_configurations() -> Iterator[Configuration]:
    """Every configuration that can be launched, each once."""
    for dtype in DTYPES:
        yield reduction(dtype)
        for operation in OPERATIONS:
            names = set()
            for n in range(1, LARGEST_N + 1):
                found = configuration(operation, n, dtype)
                if found.name not in names:
                    names.add(found.name)
                    yield found


def _lanes(operation: Operation, n: int, dtype: torch.dtype) -> Configuration:
    constants: dict[str, Any] = {"n": n, "block": _LANE_BLOCK, "dtype": _TRITON[compute_dtype(dtype)]}
    if operation == "expm":
        return Configuration(lane_expm, dtype, constants, _LANE_WARPS)
    if operation == "expm_adjoint":
        return Configuration(lane_expm_adjoint, dtype, constants, _LANE_WARPS)
    limit = _ACTION_LIMIT[n] if operation == "action" else _ADJOINT_LIMIT[n]
    constants |= {"columns": _columns(n), "by_dot": n >= _DOT_FROM, "limit": limit}
    kernel = lane_action if operation == "action" else lane_adjoint
    return Configuration(kernel, dtype, constants, _LANE_WARPS)


def _columns(n: int) -> int:
    """Columns of a tile of n x n matrices: a power of two, at least what tl.dot takes."""
    return max(16, 1 << (n * n - 1).bit_length())


_TRITON = {torch.float32: tl.float32, torch.float64: tl.float64}
