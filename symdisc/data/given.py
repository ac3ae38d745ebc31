"""Given: what a reader hands on, before any check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True)
class Given:
    """What was given, as NumPy arrays of any type and shape: nothing is checked yet.

    Attributes:
        arrays: One array for each trajectory, or a single array whose rows are samples.
        is_rows: Whether the rows of the single array are samples.
        targets: As given, or ``None``.
        source: Where the data came from, in words.
        names: Name of each coordinate, where the data carry them.
        units: Unit of each coordinate, where the data carry them; ``""`` where one is unknown.
        representation: How a state transforms, where the data say so.
        target_representation: How number targets transform, where the data say so.
        truth: True generators, where the data carry them.
    """

    arrays: tuple[NDArray[Any], ...]
    is_rows: bool
    targets: NDArray[Any] | None = None
    source: str = "arrays"
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    representation: str = ""
    target_representation: str = ""
    truth: NDArray[Any] | None = None

    @property
    def size(self) -> int | None:
        """Coordinates of a state, or ``None`` where the arrays do not agree on it."""
        sizes = {array.shape[-1] for array in self.arrays if array.ndim == 2}
        return sizes.pop() if len(sizes) == 1 else None
