"""One sparse equation dz/dt = Θ(z) Ξ, trained by gradients and thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import torch
from torch import Tensor, nn

from symdisc.engine.ensemble import Ensemble, stack_state
from symdisc_laligan.sindy.library import FunctionLibrary

_START = 0.1


@final
class SparseEquation(nn.Module):
    """Coefficients Ξ of one seed (SINDy, arXiv:1509.03580; with an encoder, arXiv:1904.02107).

    Args:
        library: The functions Θ.
        size: Number n of latent coordinates.
    """

    def __init__(self, library: FunctionLibrary, size: int) -> None:
        super().__init__()
        self.library = library
        shape = (len(library.names), size)
        self.weight = nn.Parameter(torch.full(shape, _START))
        self.register_buffer("kept", torch.ones(shape))

    def forward(self, z: Tensor) -> Tensor:
        """Velocities ``(P, n)`` at latent points ``(P, n)``; once stacked, ``(E, P, n)``."""
        return self.library(z) @ self.coefficients()

    def coefficients(self) -> Tensor:
        """Ξ ``(T, n)`` without the entries that were set to zero."""
        return self.weight * self.kept

    def size(self) -> Tensor:
        """Sum of the coefficients' sizes, ``()``; once stacked, ``(E,)``."""
        return self.coefficients().abs().sum((-2, -1))

    @torch.no_grad()
    def cut(self, threshold: Tensor) -> Tensor:
        """Set coefficients below the threshold to zero, for good; return the others' number."""
        large = self.coefficients().abs() >= threshold[..., None, None]
        self.kept.mul_(large)
        return self.kept.sum((-2, -1))

    @staticmethod
    def stack(members: Sequence[SparseEquation]) -> SparseEquation:
        """All members as one module with a leading ensemble dimension."""
        return stack_state(members)

    kept: Tensor


def equations(library: FunctionLibrary, size: int, members: int, device: torch.device) -> Ensemble:
    """One equation a seed; all start alike."""
    return Ensemble([SparseEquation(library, size).to(device) for _ in range(members)])


def equation_text(coefficients: Tensor, names: Sequence[str]) -> str:
    """Ξ ``(T, n)`` in words, one equation for each coordinate."""
    lines = []
    for i, column in enumerate(coefficients.T.tolist()):
        found = [(c, name) for c, name in zip(column, names, strict=True) if c]
        right = " ".join(f"{c:+.3g}" + ("" if name == "1" else f" {name}") for c, name in found)
        lines.append(f"dz{i + 1}/dt = {right or 0}")
    return "; ".join(lines)
