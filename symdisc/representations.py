"""How a variable transforms, in a small text form that round-trips through ``str``.

``4*V2 + 3*S`` reads: the first eight coordinates are four 2-vectors that one *shared* 2×2
group element moves, the last three coordinates are scalars that stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from symdisc.errors import DataError

_TERM = re.compile(r"(?:(\d+)\s*\*\s*)?(?:V(\d+)|(S))")


@dataclass(frozen=True)
class Representation:
    """A direct sum of vectors (moved by g) followed by scalars (unchanged).

    Attributes:
        n_vectors: How many vectors share one group element.
        dimension: Length n of each vector; g is an n×n matrix.
        n_scalars: How many trailing coordinates do not transform.
    """

    n_vectors: int
    dimension: int
    n_scalars: int = 0

    def __post_init__(self) -> None:
        if min(self.n_vectors, self.dimension, self.n_scalars) < 0:
            raise ValueError("a representation has no negative counts")
        if (self.n_vectors == 0) != (self.dimension == 0):
            raise ValueError("a representation without vectors has dimension 0")

    @property
    def size(self) -> int:
        """Number of coordinates that the representation describes."""
        return self.n_vectors * self.dimension + self.n_scalars

    def __str__(self) -> str:
        vectors = f"{_count(self.n_vectors)}V{self.dimension}" if self.n_vectors else ""
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
    def parse(cls, text: str) -> Representation:
        """Read the text form.

        Raises:
            DataError: The text is not a sum of ``[count*]V<n>`` and ``[count*]S`` terms, has
                vectors of different lengths, or scalars before vectors.
        """
        vectors = dimension = scalars = 0
        for term in text.split("+"):
            match = _TERM.fullmatch(term.strip())
            if match is None:
                raise DataError(f"{_unreadable(text)}: {term.strip()!r} is not a term")
            count = int(match[1] or 1)
            if match[3]:
                scalars += count
                continue
            if scalars and count:
                raise DataError(f"{_unreadable(text)}: write vectors before scalars")
            length = int(match[2])
            if count * length == 0:
                continue
            if dimension not in (0, length):
                raise DataError(f"{_unreadable(text)}: all vectors must have the same length")
            vectors, dimension = vectors + count, length
        return cls(vectors, dimension, scalars)

    def check_size(self, size: int, what: str) -> None:
        """Raise unless the representation describes exactly ``size`` coordinates.

        Raises:
            DataError: Says both sizes and, where one exists, a representation that fits.
        """
        if size == self.size:
            return
        fitting = size - self.n_scalars
        hint = ""
        if self.dimension and fitting > 0 and fitting % self.dimension == 0:
            hint = f"; {Representation(fitting // self.dimension, self.dimension, self.n_scalars)}"
            hint += " would fit"
        elif self.dimension:
            hint = f"; {fitting} is not divisible by the vector length {self.dimension}"
        raise DataError(
            f"{what} has {size} coordinates but the representation '{self}' "
            f"describes {self.size}{hint}"
        )


def _count(count: int) -> str:
    return "" if count == 1 else f"{count}*"


def _unreadable(text: str) -> str:
    return f"representation {text!r} must look like 'V8', '4*V2' or '2*V3 + 1*S'"
