"""What is measured: sizes, types and the random arguments made from them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

Direction = Literal["forward", "forward+backward"]
DIRECTIONS: tuple[Direction, ...] = ("forward", "forward+backward")

_SAMPLES_FOR_NORMS = 1 << 16
_ENTRIES_FOR_NORMS = 1 << 24


@dataclass(frozen=True)
class Case:
    """One problem y_b = exp(Σ_i z_bi L_i) x_b.

    Attributes:
        n: Size of the matrices.
        k: Number of generators.
        c: Components moved by the same matrix.
        batch: Samples B.
        dtype: ``torch.float32`` or ``torch.float64``.
        norm: Mean 1-norm of the exponents Σ z L.
        device: ``cpu`` or ``cuda``.
    """

    n: int
    k: int = 3
    c: int = 1
    batch: int = 10_000
    dtype: torch.dtype = torch.float32
    norm: float = 1.0
    device: str = "cpu"

    @property
    def type_name(self) -> str:
        """``float32`` or ``float64``."""
        return str(self.dtype).removeprefix("torch.")

    @property
    def bytes(self) -> int:
        """Memory of z, x, y and of their gradients."""
        return 2 * self.batch * (self.k + 2 * self.c * self.n) * self.dtype.itemsize


@dataclass(frozen=True)
class Problem:
    """Arguments: z ``(B, k)``, L ``(k, n, n)``, x ``(B, c, n)`` and a gradient of y."""

    coefficients: Tensor
    generators: Tensor
    points: Tensor
    gradient: Tensor

    @property
    def arguments(self) -> tuple[Tensor, Tensor, Tensor]:
        """z, L and x."""
        return self.coefficients, self.generators, self.points

    def first(self, batch: int) -> Problem:
        """The same problem with only the first samples."""
        cut = (self.coefficients[:batch], self.points[:batch], self.gradient[:batch])
        return Problem(cut[0], self.generators, cut[1], cut[2])

    def norms(self) -> Tensor:
        """1-norms of the exponents of the first samples (at most 65,536), on the CPU."""
        return _norms(self.coefficients, self.generators).cpu()


def memory_of_device(device: str) -> int:
    """Bytes of memory of ``cpu`` or ``cuda``, used or not."""
    if device == "cuda":
        return torch.cuda.mem_get_info()[1]
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def make_problem(case: Case, seed: int = 0) -> Problem:
    """Normally distributed arguments, the generators scaled to the norm that is asked for."""
    source = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, dtype=case.dtype, generator=source).to(case.device)

    generators = normal(case.k, case.n, case.n)
    coefficients = normal(case.batch, case.k)
    mean = _norms(coefficients, generators).mean()
    shape = (case.batch, case.c, case.n)
    return Problem(coefficients, generators * (case.norm / mean), normal(*shape), normal(*shape))


def _norms(coefficients: Tensor, generators: Tensor) -> Tensor:
    few = min(_SAMPLES_FOR_NORMS, max(1, _ENTRIES_FOR_NORMS // generators[0].numel()))
    exponents = torch.einsum("bk,kij->bij", coefficients[:few], generators)
    return exponents.abs().sum(1).amax(1)
