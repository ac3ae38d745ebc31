"""Learned generators as they act: of one size, without entries below a threshold, or whole."""

from __future__ import annotations

import math
from typing import final

import torch
from torch import Tensor

from symdisc.errors import OptionError
from symdisc.interfaces import CosetParameterization, EnsembleModule

SIZE = math.sqrt(2)
"""Norm of a generator that turns one plane by one radian."""

_KEPT = "kept_entries"
_SMALLEST = 1e-12


@final
class ActingGenerators:
    """The generators of a group, and what the method makes of them.

    Args:
        group: The parameterization, E members; gets the buffer of kept entries.
        same_size: Bring every generator to the norm √2, which means nothing for the group.
        whole: Round entries to whole numbers; gradients pass as if they were not rounded.

    Raises:
        OptionError: The group has representatives of cosets besides.
    """

    def __init__(self, group: EnsembleModule, same_size: bool, whole: bool) -> None:
        self._group = group
        self._same_size = same_size
        self._whole = whole
        if isinstance(group.prototype, CosetParameterization):
            raise OptionError(
                "laligan learns generators only, and this group has representatives of cosets "
                "beside them; use --group lie-algebra, or --method atlasd for discrete elements"
            )
        shape = group.call("generators").shape
        device = next(iter(group.buffers())).device
        # A buffer, so that a run that goes on and the best state of a seed know it.
        group.register_buffer(_KEPT, torch.ones(shape, device=device))

    def __call__(self) -> Tensor:
        """The generators ``(E, k, n, n)`` that act."""
        values = self.unthresholded() * self._kept
        if self._whole:
            values = values + (values.round() - values).detach()
        return of_size(values) if self._same_size and not self._whole else values

    def unthresholded(self) -> Tensor:
        """The generators ``(E, k, n, n)`` with the entries that a threshold took away."""
        return self._group.call("generators")

    @torch.no_grad()
    def apply_threshold(self, relative: float) -> None:
        """Take away, for good, entries below this share of the largest one of their generator."""
        size = (self.unthresholded() * self._kept).abs()
        largest = size.amax((-2, -1), keepdim=True)
        self._kept.mul_(size >= relative * largest)

    @property
    def n_removed(self) -> Tensor:
        """Entries that a threshold took away from each seed, ``(E,)``."""
        gone = (self._kept == 0) & (self.unthresholded() != 0)
        return gone.flatten(1).sum(1)

    @property
    def _kept(self) -> Tensor:
        return self._group.get_buffer(_KEPT)


def of_size(generators: Tensor) -> Tensor:
    """The same generators with norm √2; ``(..., n, n)``."""
    norms = torch.linalg.vector_norm(generators, dim=(-2, -1), keepdim=True)
    scaled: Tensor = SIZE * generators / norms.clamp_min(_SMALLEST)
    return scaled
