"""How a variable transforms, in a small text form that round-trips through ``str``.

``4*V2 + 3*S`` reads: the first eight coordinates are four 2-vectors that one *shared* 2×2
group element moves, the last three coordinates are scalars that stay as they are.

``3*G48x64`` reads: three channels of an image of 48 rows and 64 columns, one channel after the
other and each row by row, whose plane one 3×3 affine matrix moves (see
:mod:`symdisc.image_action`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from symdisc.errors import DataError

_TERM = re.compile(r"(?:(\d+)\s*\*\s*)?(?:V(\d+)|(S)|G(\d+)x(\d+))")
_AFFINE = 3
"""Rows of a matrix that moves points of a plane, written (x, y, 1)."""


@dataclass(frozen=True)
class Representation:
    """A direct sum of vectors, or channels of an image, (moved by g) and scalars (unchanged).

    Attributes:
        n_vectors: How many vectors, or channels, share one group element.
        dimension: Length n of each vector, 3 for images; g is an n×n matrix.
        n_scalars: How many trailing coordinates do not transform.
        grid: Rows and columns of an image, ``None`` for vectors.
    """

    n_vectors: int
    dimension: int
    n_scalars: int = 0
    grid: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if min(self.n_vectors, self.dimension, self.n_scalars) < 0:
            raise ValueError("a representation has no negative counts")
        if (self.n_vectors == 0) != (self.dimension == 0):
            raise ValueError("a representation without vectors has dimension 0")
        if self.grid is not None and (self.dimension != _AFFINE or min(self.grid) < 2):
            raise ValueError("images have at least 2 rows and columns, and matrices of 3 rows")

    @property
    def n_moving(self) -> int:
        """How many leading coordinates a group element moves."""
        each = self.dimension if self.grid is None else self.grid[0] * self.grid[1]
        return self.n_vectors * each

    @property
    def size(self) -> int:
        """Number of coordinates that the representation describes."""
        return self.n_moving + self.n_scalars

    def __str__(self) -> str:
        one = f"V{self.dimension}" if self.grid is None else "G{}x{}".format(*self.grid)
        vectors = f"{_count(self.n_vectors)}{one}" if self.n_vectors else ""
        scalars = f"{_count(self.n_scalars)}S" if self.n_scalars else ""
        return " + ".join(part for part in (vectors, scalars) if part) or "0*S"

    @classmethod
    def vector(cls, size: int) -> Representation:
        """One vector of all coordinates."""
        return cls(1, size)

    @classmethod
    def scalars(cls, size: int) -> Representation:
        """Coordinates that do not transform."""
        return cls(0, 0, size)

    @classmethod
    def image(cls, rows: int, columns: int, channels: int = 1) -> Representation:
        """An image: each channel row by row, one channel after the other."""
        return cls(channels, _AFFINE, grid=(rows, columns))

    @classmethod
    def parse(cls, text: str) -> Representation:
        """Read the text form.

        Raises:
            DataError: The text is not a sum of ``[count*]V<n>`` (or ``[count*]G<rows>x<columns>``)
                and ``[count*]S`` terms, has vectors of different lengths, images of different
                sizes or both, or scalars before vectors.
        """
        found = cls(0, 0)
        for term in text.split("+"):
            match = _TERM.fullmatch(term.strip())
            if match is None:
                raise DataError(f"{_unreadable(text)}: {term.strip()!r} is not a term")
            try:
                found = found._and(_one_term(match))
            except ValueError as error:
                raise DataError(f"{_unreadable(text)}: {error}") from None
        return found

    def _and(self, term: Representation) -> Representation:
        """The direct sum with one more term.

        Raises:
            ValueError: They do not fit together.
        """
        if self.n_scalars and term.n_vectors:
            raise ValueError("write vectors before scalars")
        if not self.n_vectors or not term.n_vectors:
            moving = self if self.n_vectors else term
            scalars = self.n_scalars + term.n_scalars
            return replace(moving, n_scalars=scalars)
        if (self.dimension, self.grid) != (term.dimension, term.grid):
            raise ValueError("all vectors must have the same length, all images the same size")
        return replace(self, n_vectors=self.n_vectors + term.n_vectors)

    def check_size(self, size: int, what: str) -> None:
        """Raise unless the representation describes exactly ``size`` coordinates.

        Raises:
            DataError: Says both sizes and, where one exists, a representation that fits.
        """
        if size == self.size:
            return
        hint = ""
        if self.n_vectors:
            fitting, each = size - self.n_scalars, self.n_moving // self.n_vectors
            if fitting > 0 and fitting % each == 0:
                hint = f"; {replace(self, n_vectors=fitting // each)} would fit"
            else:
                part = "vector length" if self.grid is None else "pixels of a channel,"
                hint = f"; {fitting} is not divisible by the {part} {each}"
        raise DataError(
            f"{what} has {size} coordinates but the representation '{self}' "
            f"describes {self.size}{hint}"
        )


def _count(count: int) -> str:
    return "" if count == 1 else f"{count}*"


def _one_term(match: re.Match[str]) -> Representation:
    count = int(match[1] or 1)
    if match[3]:
        return Representation.scalars(count)
    if match[4]:
        rows, columns = int(match[4]), int(match[5])
        return Representation.image(rows, columns, count) if count else Representation(0, 0)
    length = int(match[2])
    return Representation(count, length) if count * length else Representation(0, 0)


def _unreadable(text: str) -> str:
    return f"representation {text!r} must look like 'V8', '4*V2', '2*V3 + 1*S' or '3*G48x48'"
