"""The CPU backend's face: what it can do here, and its operators made ready before they run."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import ClassVar, final

import torch
from torch import Tensor

from symdisc_kernels.backend import KernelBackend
from symdisc_kernels.cache_folder import CACHE_VARIABLE
from symdisc_kernels.group_action import operators
from symdisc_kernels.group_action.cpu.compiler import BuildError, shared_library
from symdisc_kernels.group_action.reference import ReferenceBackend
from symdisc_kernels.tracing import decided_when_traced

MOST_SIZE = 16
"""Largest n with a kernel of its own; larger matrices are left to the reference."""

MANY_COMPONENTS = 64
"""From more points for each group element on, a matrix product moves them: then the elements are
small beside the points."""

_SOURCE = Path(__file__).parent / "source"
OPERATORS = operators.define("cpu")
# torch's parallel_for is a plain loop without it. The runtime is not linked: the one that torch has
# loaded serves, and two would quarrel.
_THREADS = ("-fopenmp",)
_HEADERS = ("action.h", "matrix.h", "series.h", "simd.h", "squaring.h")


@final
class CpuBackend(KernelBackend):
    """Fused C++ kernels for n ≤ 16, compiled on first use for this processor.

    The action of small exponents is a Taylor series applied to the points, in Horner form (Al-Mohy
    & Higham, SIAM J. Sci. Comput. 33 (2011) 488); large ones are computed by scaling and squaring
    (Bader, Blanes, Casas, Mathematics 7 (2019) 1174) and their gradients by the Fréchet pair
    (Al-Mohy & Higham, SIAM J. Matrix Anal. Appl. 30 (2009) 1639), block by block of samples,
    whichever is shorter. Neither A = Σ z L nor exp(A) is ever stored for the whole batch.

    float32 and float64 are computed as they are, float16 and bfloat16 in float32. Same arguments,
    same result, whatever the number of threads.
    """

    device_types: ClassVar[frozenset[str] | None] = frozenset({"cpu"})

    def __init__(self) -> None:
        self._large = ReferenceBackend()

    def unavailable(self) -> str | None:
        """Why kernels cannot be compiled here, or ``None``; may compile one."""
        try:
            _load(1, False)
        except BuildError as error:
            return str(error)
        return None

    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        if points.shape[-1] > MOST_SIZE:
            return self._large.group_action(coefficients, generators, points)
        if points.shape[-2] > MANY_COMPONENTS:
            return points @ self.group_elements(coefficients, generators).mT
        return _ready(points).group_action(coefficients, generators, points)

    def group_elements(self, coefficients: Tensor, generators: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        return self.expm(operators.exponents(coefficients, generators))

    def expm(self, matrices: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        if matrices.shape[-1] > MOST_SIZE:
            return self._large.expm(matrices)
        return _ready(matrices).expm(matrices)


def _ready(tensor: Tensor) -> operators.Operators:
    """The operators, once the kernel that this tensor needs is loaded."""
    _load(_size(tensor), tensor.dtype == torch.float64)
    return OPERATORS


def _size(tensor: Tensor) -> int:
    if torch.compiler.is_compiling():
        # A size that may vary becomes a number by being compared with one.
        for n in range(1, MOST_SIZE):
            if tensor.shape[-1] == n:
                return n
        return MOST_SIZE
    return tensor.shape[-1]


@functools.cache
def _load_operators() -> None:
    library = shared_library(
        "operators", [_SOURCE / "operators.cpp"], _THREADS, what="the CPU operators", torch=True
    )
    try:
        torch.ops.load_library(str(library))  # type: ignore[no-untyped-call]
    except OSError as error:
        raise _not_loadable(library, error) from None


def _not_loadable(library: Path, error: Exception) -> BuildError:
    return BuildError(
        f"the compiled {library} cannot be loaded: {' '.join(str(error).split())}; delete it, or "
        f"choose another folder with {CACHE_VARIABLE}=/path/to/folder"
    )


_loaded: set[tuple[int, bool]] = set()
# What went wrong is not tried again.
_failed: dict[tuple[int, bool], BuildError] = {}


@decided_when_traced
def _load(n: int, wide: bool) -> None:
    key = (n, wide)
    if key in _loaded:
        return
    if key not in _failed:
        try:
            _load_now(n, wide)
            _loaded.add(key)
            return
        except BuildError as error:
            _failed[key] = error
    raise _failed[key]


def _load_now(n: int, wide: bool) -> None:
    _load_operators()
    scalar = "double" if wide else "float"
    library = shared_library(
        f"kernel-{n}-{scalar}",
        [_SOURCE / "kernel.cpp", *(_SOURCE / header for header in _HEADERS)],
        (f"-DSYMDISC_N={n}", f"-DSYMDISC_SCALAR={scalar}"),
        what=f"the CPU kernel for n = {n}, float{64 if wide else 32}",
    )
    try:
        torch.ops.symdisc_kernels.load_cpu_kernel(str(library), n, wide)
    except RuntimeError as error:
        raise _not_loadable(library, error) from None
