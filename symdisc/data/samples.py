"""The one checked form in which every method sees data."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch

from symdisc.errors import DataError
from symdisc.representations import Representation


@dataclass(frozen=True)
class Samples:
    """Samples that were checked once; everything behind the readers relies on this form.

    One sample is a window of ``steps`` states (one state for data that are not trajectories);
    all states of a sample, and its target, are moved by the same group element.

    Attributes:
        states: ``(N, steps, size)`` float32, finite.
        targets: ``(N, m)`` float32 values or ``(N,)`` int64 class labels, or ``None``.
        trajectory: ``(N,)`` int64: samples of one trajectory are never split apart.
        representation: How the ``size`` coordinates of a state transform.
        target_representation: How float targets transform; ``None`` without float targets.
        names: Name of each coordinate of a state.
        units: Unit of each coordinate, ``""`` where unknown.
        source: Where the data came from, in words.
        truth: True generators ``(k, n, n)`` where the maker of the data knows them.
    """

    states: torch.Tensor
    trajectory: torch.Tensor
    representation: Representation
    targets: torch.Tensor | None = None
    target_representation: Representation | None = None
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    source: str = "arrays"
    truth: torch.Tensor | None = None

    def __post_init__(self) -> None:
        self.representation.check_size(self.size, "a state")
        if self.float_targets is not None:
            if self.target_representation is None:
                raise DataError("float targets need a target representation, for instance 'S'")
            self.target_representation.check_size(self.float_targets.shape[1], "a target")

    def __len__(self) -> int:
        return self.states.shape[0]

    @property
    def steps(self) -> int:
        """States in one sample."""
        return self.states.shape[1]

    @property
    def size(self) -> int:
        """Coordinates of one state."""
        return self.states.shape[2]

    @property
    def float_targets(self) -> torch.Tensor | None:
        """Targets ``(N, m)`` if they are numbers, else ``None``."""
        numeric = self.targets is not None and self.targets.is_floating_point()
        return self.targets if numeric else None

    @property
    def labels(self) -> torch.Tensor | None:
        """Targets ``(N,)`` if they are class labels, else ``None``."""
        return None if self.float_targets is not None else self.targets

    @property
    def n_classes(self) -> int:
        """Number of classes of labelled data, else 0."""
        return 0 if self.labels is None else int(self.labels.max()) + 1

    def rows(self, index: torch.Tensor) -> Samples:
        """The samples at ``index`` (an int64 or boolean tensor)."""
        targets = None if self.targets is None else self.targets[index]
        return replace(
            self,
            states=self.states[index],
            trajectory=self.trajectory[index],
            targets=targets,
        )

    def to(self, device: torch.device | str) -> Samples:
        """The same samples with their tensors on another device."""
        targets = None if self.targets is None else self.targets.to(device)
        return replace(
            self,
            states=self.states.to(device),
            trajectory=self.trajectory.to(device),
            targets=targets,
        )
