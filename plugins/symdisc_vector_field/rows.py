"""What an oracle is fitted to: points and values from samples."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.errors import DataError
from symdisc.representations import Representation


@dataclass(frozen=True)
class Rows:
    """Points x and what belongs to them.

    Attributes:
        x: States ``(N, size)``; of windows the first one.
        y: Float targets ``(N, c)``, labels ``(N,)``, the last state of windows, or ``None``.
        representation: How x transforms.
        target_representation: How y transforms; ``None``: not at all.
    """

    x: Tensor
    y: Tensor | None
    representation: Representation
    target_representation: Representation | None

    @classmethod
    def of(cls, samples: Samples) -> Rows:
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
                f"samples are windows of {samples.steps} states with targets; vector fields need "
                "one state with its target: write --set data.window=1"
            )
        return cls(x, samples.targets, form, samples.target_representation)
