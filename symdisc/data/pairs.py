"""Samples as points x and what belongs to them: what a function is fitted to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.errors import DataError
from symdisc.representations import Representation


@dataclass(frozen=True)
class Pairs:
    """Points x and values y, if there are any.

    Attributes:
        x: States ``(N, size)``; of windows the first one.
        y: Float targets ``(N, c)``, labels ``(N,)``, the last state of windows, or ``None``.
        representation: How x transforms.
        y_representation: How y transforms; ``None``: not at all, or there is none.
    """

    x: Tensor
    y: Tensor | None
    representation: Representation
    y_representation: Representation | None = None

    @classmethod
    def of(cls, samples: Samples) -> Pairs:
        """Targets where there are some, else the last state of a window of several.

        Raises:
            DataError: There are targets and windows of several states.
        """
        x, form = samples.states[:, 0], samples.representation
        if samples.targets is None:
            last = samples.states[:, -1] if samples.steps > 1 else None
            return cls(x, last, form, form if samples.steps > 1 else None)
        if samples.steps > 1:
            raise DataError(
                f"samples are windows of {samples.steps} states with targets; a function is fitted "
                "to one state with its target: write --set data.window=1"
            )
        target = samples.target_representation
        moves = target is not None and target.n_vectors > 0
        return cls(x, samples.targets, form, target if moves else None)

    def __len__(self) -> int:
        return len(self.x)

    def at(self, index: Tensor) -> Pairs:
        """The pairs of these numbers, or where a mask is true."""
        return replace(self, x=self.x[index], y=None if self.y is None else self.y[index])

    def cpu(self) -> Pairs:
        """The same pairs on the CPU."""
        return replace(self, x=self.x.cpu(), y=None if self.y is None else self.y.cpu())
