"""The shapes that a component is built for."""

from __future__ import annotations

from dataclasses import dataclass

from symdisc.data.samples import Samples
from symdisc.representations import Representation


@dataclass(frozen=True)
class DataShapes:
    """What a component has to know about the data it will see.

    Attributes:
        steps: States in one sample.
        representation: How the coordinates of a state transform; its ``size`` is their number.
        target_representation: How float targets transform; ``None`` without float targets.
        n_classes: Number of classes of labelled data, else 0.
    """

    steps: int
    representation: Representation
    target_representation: Representation | None = None
    n_classes: int = 0

    @property
    def size(self) -> int:
        """Coordinates of one state."""
        return self.representation.size

    @property
    def n_targets(self) -> int:
        """Float targets of one sample, else 0."""
        return 0 if self.target_representation is None else self.target_representation.size

    @classmethod
    def of(cls, samples: Samples) -> DataShapes:
        """The shapes of these samples."""
        return cls(
            samples.steps,
            samples.representation,
            samples.target_representation,
            samples.n_classes,
        )
