"""Group elements from which the moves of a test are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class ElementFamily:
    """For each of G generators, group elements from which moves are drawn.

    Attributes:
        elements: exp(s u L) ``(G, T, n, n)`` float32, for T values u in ±[0.5, 1.5].
        displacement: Median distance moved over the spread, ``(G,)`` [1].
    """

    elements: Tensor
    displacement: Tensor

    def __len__(self) -> int:
        return len(self.elements)

    def joined(self, other: ElementFamily) -> ElementFamily:
        """The generators of both, this family's first."""
        return ElementFamily(
            torch.cat([self.elements, other.elements]),
            torch.cat([self.displacement, other.displacement]),
        )

    def after(self, element: Tensor) -> ElementFamily:
        """The products g h of all elements g and one h ``(n, n)``; distances are those from h."""
        return ElementFamily(self.elements @ element.to(self.elements), self.displacement)

    def draw(self, n_rows: int, rng: torch.Generator) -> Tensor:
        """One element for each generator and row: ``(G, n_rows, n, n)``."""
        return self.at(self.picks(n_rows, rng))

    def picks(self, n_rows: int, rng: torch.Generator) -> Tensor:
        """Numbers of random elements, ``(G, n_rows)``."""
        count, size = self.elements.shape[:2]
        return torch.randint(size, (count, n_rows), generator=rng)

    def at(self, picks: Tensor) -> Tensor:
        """The elements of these numbers ``(G, n_rows)``: ``(G, n_rows, n, n)``."""
        return self.elements[torch.arange(len(picks))[:, None], picks]
