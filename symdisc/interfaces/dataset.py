"""Data sets that are made or read by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from symdisc.options import Options as ComponentOptions


@dataclass(frozen=True)
class RawData:
    """What a data set delivers, before any check: the same things a user may pass.

    Attributes:
        states: ``(N, size)`` rows, or a list of trajectories ``(T_i, size)`` of any lengths.
        targets: ``(N, m)`` values or ``(N,)`` labels for rows; ``None`` for trajectories.
        representation: Text form of how a state transforms, e.g. ``"V8"``.
        target_representation: Text form for float targets; ``""`` means all scalars.
        names: Name of each coordinate.
        units: Unit of each coordinate.
        truth: True generators ``(k, n, n)``, where known.
    """

    states: NDArray[np.floating[Any]] | Sequence[NDArray[np.floating[Any]]]
    targets: NDArray[Any] | None = None
    representation: str = ""
    target_representation: str = ""
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    truth: NDArray[np.floating[Any]] | None = None

    @property
    def rows(self) -> NDArray[np.float64]:
        """The states of all trajectories, one below the other, ``(N, size)``."""
        parts = self.states if isinstance(self.states, list | tuple) else [self.states]
        rows = [part.reshape(-1, part.shape[-1]) for part in map(np.asarray, parts)]
        return np.concatenate(rows).astype(np.float64)


class Dataset(ABC):
    """A named source of data.

    The constructor takes ``(options)``.

    Attributes:
        Options: The options model of this component; include a ``seed``.
        licence: Under what terms the data may be used.
        description: What the data are, in a paragraph a scientist understands.
        recommended: Settings that suit these data, e.g. ``{"group.blocks": [2, 2]}``; they may
            name the method and one of its presets. What the user sets is stronger.
        symmetry: The symmetry in a few words, e.g. ``"SO(2)"``; empty where it is not known.
        shape: Shape of the states with default options: trajectories, states, coordinates, or
            rows, coordinates; empty where it is not known beforehand.
        cache_version: ``None``: making the data is quick (below about 0.2 s) or depends on more
            than the options, such as a file, and is never cached. A number: what was made is
            kept on disk; count it up when the same options begin to give other data.
    """

    Options: ClassVar[type[ComponentOptions]] = ComponentOptions
    licence: ClassVar[str]
    description: ClassVar[str]
    recommended: ClassVar[Mapping[str, Any]] = {}
    symmetry: ClassVar[str] = ""
    shape: ClassVar[tuple[int, ...]] = ()
    cache_version: ClassVar[int | None] = None

    @abstractmethod
    def __init__(self, options: ComponentOptions) -> None:
        """Remember the options; nothing is computed yet."""

    @abstractmethod
    def make(self) -> RawData:
        """Make or read the data; the same options always give the same data."""
