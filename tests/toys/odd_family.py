"""A problem of a family that there is not."""

from __future__ import annotations

from typing import Any, ClassVar

from symdisc.interfaces import Problem, RawData, TrueSymmetry


class Odd(Problem):
    family: ClassVar[Any] = "strange"
    dataset: ClassVar[str] = "two-body"

    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        return TrueSymmetry(0)
