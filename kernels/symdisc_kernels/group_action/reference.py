"""The reference backend: plain torch, slow, and what every other backend is compared with."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc_kernels.backend import KernelBackend

_HALF = (torch.float16, torch.bfloat16)


class ReferenceBackend(KernelBackend):
    """``torch.linalg.matrix_exp`` and ``einsum``, on any device.

    Two faults of torch 2.13's ``matrix_exp`` are kept out: half-precision input gives garbage,
    so it is computed in float32; and a single matrix is computed with a wrong coefficient of
    the degree-8 polynomial (relative error 3e-6 in float32), so one matrix is computed as two.
    """

    def unavailable(self) -> str | None:
        """Plain torch runs everywhere."""
        return None

    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        elements = self.group_elements(coefficients, generators)
        return torch.einsum("...bij,...bcj->...bci", elements, points)

    def group_elements(self, coefficients: Tensor, generators: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        return self.expm(torch.einsum("...bk,...kij->...bij", coefficients, generators))

    def expm(self, matrices: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        if matrices.dtype in _HALF:
            return self.expm(matrices.float()).to(matrices.dtype)
        n = matrices.shape[-1]
        flat = matrices.reshape(-1, n, n)
        if flat.shape[0] == 1:
            flat = flat.expand(2, n, n)
        exponentials: Tensor = torch.linalg.matrix_exp(flat)
        return exponentials[: matrices.numel() // (n * n)].reshape(matrices.shape)
