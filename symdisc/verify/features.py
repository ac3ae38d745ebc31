"""What a classifier is shown: the interface between features and classifiers."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor


class Features(Protocol):
    """Features of real rows and of the same rows moved, for S classifiers.

    Attributes:
        members: The number S.
    """

    @property
    def members(self) -> int:
        """How many classifiers look at these rows, each in its own way."""

    def __call__(self, rows: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw moves and noise for the rows ``(B,)``.

        Returns:
            Real and moved, each ``(S, B, F)`` float32.
        """
