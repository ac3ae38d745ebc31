"""The Triton backend's face: the kernels as torch operators."""

from __future__ import annotations

from typing import ClassVar, final

import torch
from torch import Tensor

from symdisc_kernels.backend import KernelBackend
from symdisc_kernels.group_action import operators, triton
from symdisc_kernels.group_action.reference import ReferenceBackend

MOST_SIZE = 16
"""Largest n with kernels; larger matrices are left to the reference."""


@final
class TritonBackend(KernelBackend):
    """Fused Triton kernels for n ≤ 16 on CUDA devices of compute capability 8.0 and later.

    The action never writes A = Σ z L or exp(A) to memory. Under ``TRITON_INTERPRET=1`` the kernels
    run on CPU tensors, very slowly: for tests.
    """

    device_types: ClassVar[frozenset[str] | None] = frozenset({"cuda"})

    def __init__(self) -> None:
        self._large = ReferenceBackend()

    def unavailable(self) -> str | None:
        """Why Triton cannot run here, or ``None``."""
        return triton.unavailable()

    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        if points.shape[-1] > MOST_SIZE:
            return self._large.group_action(coefficients, generators, points)
        return OPERATORS.group_action(coefficients, generators, points)

    def group_elements(self, coefficients: Tensor, generators: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        return self.expm(operators.exponents(coefficients, generators))

    def expm(self, matrices: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        if matrices.shape[-1] > MOST_SIZE:
            return self._large.expm(matrices)
        return OPERATORS.expm(matrices)


OPERATORS = operators.define("triton")
operators.differentiate("triton", OPERATORS)
for _name in operators.SCHEMAS:
    _qualified = f"{operators.NAMESPACE}::triton_{_name}"
    torch.library.impl(_qualified, ("cpu", "cuda"), getattr(triton, _name))
