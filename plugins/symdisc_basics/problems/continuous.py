"""Connected groups that act linearly."""

from __future__ import annotations

from typing import Any, ClassVar, final

import numpy as np

from symdisc.interfaces import Family, Problem, RawData, TrueSymmetry


class Known(Problem):
    """The data set says which generators are true; other components are not judged."""

    family: ClassVar[Family] = "continuous"

    @final
    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """See :class:`Problem`."""
        if raw.truth is None:
            raise ValueError(f"{self.dataset} knows its true generators")
        return TrueSymmetry.linear(np.asarray(raw.truth, dtype=np.float64), raw.representation)


@final
class TwoBody(Known):
    """SO(2) on the orbits of two bodies."""

    dataset: ClassVar[str] = "two-body"


@final
class ThreeBody(Known):
    """SO(2) on the orbits of three bodies."""

    dataset: ClassVar[str] = "three-body"


@final
class SO3Invariant(Known):
    """SO(3) on two vectors."""

    dataset: ClassVar[str] = "so3-invariant"


@final
class LorentzGroup(Known):
    """SO(1,3) on two momenta."""

    dataset: ClassVar[str] = "lorentz"


@final
class ScalingRatio(Known):
    """Scaling of two numbers."""

    dataset: ClassVar[str] = "scaling-ratio"
