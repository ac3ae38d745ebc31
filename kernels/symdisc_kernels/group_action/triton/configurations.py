"""Which kernel runs with which compile-time constants: the one table of launch settings.

Block sizes and warps follow from ahead-of-time compiles for sm_80 and sm_90 (registers, stack,
see :mod:`symdisc_kernels.group_action.triton.aot`). As shipped they were timed on an H100
(``benchmarks/kernels/results/gpu``); other block sizes and warps were not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import torch
import triton.language as tl

from symdisc_kernels.group_action.triton.lane_action import lane_action, lane_adjoint
from symdisc_kernels.group_action.triton.lane_matrices import lane_expm, lane_expm_adjoint
from symdisc_kernels.group_action.triton.numerics import (
    NORMS_32,
    QUADRATURE_NORM_32,
    QUADRATURE_NORM_64,
    STORED_UP_TO,
)
from symdisc_kernels.group_action.triton.partial_sums import sum_parts
from symdisc_kernels.group_action.triton.tile_action import tile_action, tile_adjoint
from symdisc_kernels.group_action.triton.tile_matrices import tile_expm, tile_expm_adjoint

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
        registers: Registers of a lane that the compiler is told to use, if it is told.
    """

    kernel: Any
    dtype: torch.dtype
    constants: dict[str, Any]
    warps: int
    registers: int | None = None

    @property
    def options(self) -> dict[str, int]:
        """Options of the compiler."""
        # Loads ahead of a loop's next round (num_stages > 1) only cost registers here: the loops
        # over generators and components are short.
        options = {"num_warps": self.warps, "num_stages": 1}
        return options if self.registers is None else options | {"maxnreg": self.registers}

    @property
    def name(self) -> str:
        """Readable and unique among the shipped configurations."""
        size = self.constants.get("n", self.constants.get("side", self.constants.get("columns")))
        few = self.constants.get("few")
        generators = f", k = {few}" if few else ""
        dtype = str(self.dtype).removeprefix("torch.")
        return f"{self.kernel.__name__}[{size}{generators}]-{dtype}"

    @property
    def block(self) -> int:
        """Elements of a program."""
        return int(self.constants["block"])


# Lanes hold a matrix in n^2 registers (twice that in float64) and the adjoint needs about
# 3 n^2 + 10 n: beyond these sizes it would spill, and (block, side, side) tiles take over.
_LANES_UP_TO = {torch.float32: 8, torch.float64: 4}

# The exponentials of given matrices consist of matrix products, n^3 operations for each lane:
# beyond this size they take many seconds to compile, and tiles have no such products.
_MATRIX_LANES_UP_TO = 4

# From here on lanes have no registers for matrix products, which they leave to tiles, and a
# matrix has so many entries that tl.dot beats loads of L by each lane.
_TILES_INSIDE_LANES_FROM = 7

# One element a lane; a program of 128 elements keeps every lane of its 4 warps busy.
_LANE_BLOCK = 128
_LANE_WARPS = 4

# 16 elements are the fewest that tl.dot multiplies; more would need more registers.
_TILE_BLOCK = 16
_TILE_WARPS = {
    (8, torch.float32): 4,
    (8, torch.float64): 8,
    (16, torch.float32): 8,
    (16, torch.float64): 8,
}

# The assembler would stop at 168 (float64 tiles, n = 4) or 96 registers and spill.
_TILE_REGISTERS = 255
_LANE_REGISTERS = {
    ("adjoint", 1, torch.float64): 128,
    ("adjoint", 3, torch.float32): 128,
    ("adjoint", 4, torch.float32): 192,
}

# Norms up to which the action in sub-steps needs fewer operations than scaling and squaring
# with matrix products, multiply-adds counted.
_ACTION_LIMIT = {1: 1.7, 2: 1.0, 3: 1.7, 4: 3.4, 5: 5.1, 6: 5.1, 7: 6.8, 8: 8.5}
_TILE_ACTION_LIMIT = {8: 8.5, 16: 17.0}

# The same for the adjoint in numbers of sub-steps; each computes its starting point again.
_ADJOINT_STEPS = {1: 1, 2: 1, 3: 1, 4: 1, 5: 2, 6: 2, 7: 3, 8: 3}
_TILE_ADJOINT_STEPS = {8: 3, 16: 5}
_STEP_NORM = {torch.float32: QUADRATURE_NORM_32.value, torch.float64: QUADRATURE_NORM_64.value}
_STORED_STEP_NORM = NORMS_32.value[-1]

# Up to so many entries of gL, k n^2, lanes keep their sums of them in registers through all rounds
# of a program, and a program adds up its lanes once.
# Each number of generators has a kernel of its own, so that it must not be large either.
_FEW, _FEW_ENTRIES = 8, 32


def compute_dtype(dtype: torch.dtype) -> torch.dtype:
    """The type that inputs of this type are computed in."""
    return torch.float64 if dtype == torch.float64 else torch.float32


@cache
def configuration(
    operation: Operation, n: int, dtype: torch.dtype, k: int | None = None
) -> Configuration:
    """The configuration that runs this operation.

    Args:
        operation: Which.
        n: Size of the matrices, 1 to 16.
        dtype: Type of the inputs.
        k: Number of generators, if the kernel may be made for it.
    """
    computed = compute_dtype(dtype)
    acts = operation in ("action", "adjoint")
    if n <= (_LANES_UP_TO[computed] if acts else _MATRIX_LANES_UP_TO):
        return _lanes(operation, n, dtype, k)
    return _tiles(operation, 8 if n <= 8 else 16, dtype)


def _most_of_few(n: int) -> int:
    return min(_FEW, _FEW_ENTRIES // n**2)


@cache
def reduction(dtype: torch.dtype) -> Configuration:
    """A later stage of the generator gradient, stored in this type."""
    # 32 neighbouring entries make full memory transactions; 64 rows keep 16 loads in flight.
    return Configuration(sum_parts, dtype, {"rows": 64, "columns": 32}, warps=4)


def all_configurations() -> Iterator[Configuration]:
    """Every configuration that can be launched, each once; for few generators, of the most only."""
    for dtype in DTYPES:
        yield reduction(dtype)
        for operation in OPERATIONS:
            names = set()
            for n in range(1, LARGEST_N + 1):
                # The most of few generators need most registers.
                for k in (None, _most_of_few(n)):
                    found = configuration(operation, n, dtype, k)
                    if found.name not in names:
                        names.add(found.name)
                        yield found


def _lanes(operation: Operation, n: int, dtype: torch.dtype, k: int | None) -> Configuration:
    computed = compute_dtype(dtype)
    constants: dict[str, Any] = {"n": n, "block": _LANE_BLOCK, "dtype": _TRITON[computed]}
    if operation in ("action", "adjoint"):
        side = 8 if n >= _TILES_INSIDE_LANES_FROM else 0
        constants |= {"columns": _columns(n), "side": side}
    if operation == "action":
        constants["limit"] = _ACTION_LIMIT[n]
    if operation == "adjoint":
        is_stored = n <= STORED_UP_TO.value and computed == torch.float32
        norm = _STORED_STEP_NORM if is_stored else _STEP_NORM[computed]
        constants["limit"] = _ADJOINT_STEPS[n] * norm
        is_few = k is not None and computed == torch.float32 and k <= _most_of_few(n)
        constants["few"] = k if is_few else 0
    registers = _LANE_REGISTERS.get((operation, n, computed))
    return Configuration(_LANE_KERNELS[operation], dtype, constants, _LANE_WARPS, registers)


def _tiles(operation: Operation, side: int, dtype: torch.dtype) -> Configuration:
    computed = compute_dtype(dtype)
    constants = {"side": side, "block": _TILE_BLOCK, "dtype": _TRITON[computed]}
    if operation == "action":
        constants["limit"] = _TILE_ACTION_LIMIT[side]
    if operation == "adjoint":
        constants["limit"] = _TILE_ADJOINT_STEPS[side] * _STEP_NORM[computed]
    warps = _TILE_WARPS[side, computed]
    return Configuration(_TILE_KERNELS[operation], dtype, constants, warps, _TILE_REGISTERS)


def _columns(n: int) -> int:
    """Columns of a tile of n x n matrices: a power of two, at least what tl.dot takes."""
    return max(16, 1 << (n * n - 1).bit_length())


_LANE_KERNELS = {
    "action": lane_action,
    "adjoint": lane_adjoint,
    "expm": lane_expm,
    "expm_adjoint": lane_expm_adjoint,
}
_TILE_KERNELS = {
    "action": tile_action,
    "adjoint": tile_adjoint,
    "expm": tile_expm,
    "expm_adjoint": tile_expm_adjoint,
}
_TRITON = {torch.float32: tl.float32, torch.float64: tl.float64}
