"""A plain-torch backend that is several times faster than ``torch.linalg.matrix_exp``."""

from __future__ import annotations

import math
from typing import final

import torch
from torch import Tensor

from symdisc_kernels.backend import KernelBackend
from symdisc_kernels.group_action.reference import ReferenceBackend

# Largest 1-norm at which the degree-8 Taylor polynomial has a backward error below half a unit
# in the last place.
_THETA = {torch.float32: 0.5801, torch.float64: 0.0499}

_MAX_SQUARINGS = 8
"""Every squaring doubles the rounding error, so larger norms go to the reference."""

# Bader, Blanes, Casas: Computing the matrix exponential with an optimized Taylor polynomial
# approximation, Mathematics 7 (2019) 1174, eq. (13): degree 8 in three products.
_R = math.sqrt(177)
_X3 = 2 / 3
_X1 = _X3 * (1 + _R) / 88
_X2 = _X3 * (1 + _R) / 352
_X4 = (-271 + 29 * _R) / (315 * _X3)
_X5 = 11 * (-1 + _R) / (1260 * _X3)
_X6 = 11 * (-9 + _R) / (5040 * _X3)
_X7 = (89 - _R) / (5040 * _X3**2)
_Y2 = (857 - 58 * _R) / 630


@final
class TaylorBackend(KernelBackend):
    """Degree-8 Taylor polynomial, scaling and squaring, for many small matrices at once.

    One scaling serves a whole batch, so a batch with norms above about 100 (float32) or 12
    (float64), or with values that are not finite, is left to :class:`ReferenceBackend`.
    """

    def __init__(self) -> None:
        self._reference = ReferenceBackend()

    def unavailable(self) -> str | None:
        """Plain torch runs everywhere."""
        return None

    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        return points @ self.group_elements(coefficients, generators).mT

    def group_elements(self, coefficients: Tensor, generators: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        return self.expm(torch.einsum("...bk,...kij->...bij", coefficients, generators))

    def expm(self, matrices: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        squarings = _squarings(matrices)
        if squarings is None:
            return self._reference.expm(matrices)
        flat = matrices.reshape(-1, *matrices.shape[-2:]) * 2.0**-squarings
        exponentials = _degree_8(flat)
        for _ in range(squarings):
            exponentials = torch.bmm(exponentials, exponentials)
        return exponentials.reshape(matrices.shape)


def _squarings(matrices: Tensor) -> int | None:
    """How often to halve the batch, or ``None`` if it is not for this backend."""
    theta = _THETA.get(matrices.dtype)
    if theta is None or matrices.numel() == 0:
        return None
    if torch.compiler.is_compiling():
        return None  # the number of squarings would depend on the data
    try:
        norm = float(matrices.detach().abs().sum(-2).amax())
    except RuntimeError:
        return None  # inside torch.func.vmap no number can be read
    if not norm < theta * 2**_MAX_SQUARINGS:
        return None  # also where the norm is not a number
    return max(0, math.ceil(math.log2(norm / theta))) if norm > 0 else 0


def _degree_8(a: Tensor) -> Tensor:
    identity = torch.eye(a.shape[-1], dtype=a.dtype, device=a.device)
    a2 = torch.bmm(a, a)
    a4 = torch.bmm(a2, _X1 * a + _X2 * a2)
    a8 = torch.bmm(_X3 * a2 + a4, _X4 * identity + _X5 * a + _X6 * a2 + _X7 * a4)
    return identity + a + _Y2 * a2 + a8
