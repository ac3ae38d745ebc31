"""Relative defects of the independent fields of a library: how many of them are symmetries."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DefectSpectrum:
    """Relative defects on training rows, as singular values of the extended matrix give them.

    Attributes:
        values: Of all independent fields, ascending [1]; random fields have about 1.
        count: How many count as symmetries, copies h·X included.
        rule: How that was told, in words.
    """

    values: tuple[float, ...]
    count: int
    rule: str

    @classmethod
    def from_saved(cls, content: dict[str, object]) -> DefectSpectrum:
        """From its attributes as plain values.

        Raises:
            TypeError: One is missing, or there is another one.
            ValueError: A value does not fit.
        """
        found = cls(**content)  # type: ignore[arg-type]
        values = tuple(float(value) for value in found.values)
        if not 0 <= int(found.count) <= len(values):
            raise ValueError(f"{found.count} of {len(values)} fields cannot be symmetries")
        return cls(values, int(found.count), str(found.rule))
