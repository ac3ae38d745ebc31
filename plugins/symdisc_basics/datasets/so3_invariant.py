"""Two vectors in space and two numbers that no common rotation changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options


class SO3InvariantOptions(Options):
    """Options of ``so3-invariant``. Everything is dimensionless."""

    n_samples: int = Field(20_000, ge=10, description="Rows [1]")
    noise: float = Field(
        0.0, ge=0, description="Standard deviation of normal noise added to both targets [1]"
    )
    seed: int = Field(0, ge=0, description="Seed of the random draw [1]")


@final
class SO3Invariant(Dataset):
    """Rows of two vectors a, b in R³ with the targets a·b and |a| − |b|.

    All six coordinates are independent standard normal numbers. One group element moves both
    vectors. a·b is kept by L exactly where aᵀ(L + Lᵀ)b = 0 for all a and b, that is where L is
    antisymmetric, and then the lengths are kept as well: the symmetry is so(3), for the targets
    given the vectors and for the joint law alike. The true generators are the rotations about
    axes 1, 2 and 3.
    """

    Options: ClassVar[type[Options]] = SO3InvariantOptions
    recommended: ClassVar[Mapping[str, Any]] = {"group.n_generators": "auto"}
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "SO(3): rotations"
    shape: ClassVar[tuple[int, ...]] = (20_000, 6)
    description: ClassVar[str] = (
        "Two vectors in space, their inner product, and by how much the first is longer than the "
        "second. Turning both vectors together leaves both numbers as they are: the symmetry is "
        "the group of rotations, SO(3)."
    )

    def __init__(self, options: SO3InvariantOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        rng = np.random.default_rng(self.options.seed)
        states = rng.standard_normal((self.options.n_samples, 6))
        noise = self.options.noise * rng.standard_normal((self.options.n_samples, 2))
        return RawData(
            states=states,
            targets=targets_of(states) + noise,
            representation="2*V3",
            target_representation="2*S",
            names=("a1", "a2", "a3", "b1", "b2", "b3"),
            truth=generators(),
        )


def targets_of(states: NDArray[Any]) -> NDArray[np.float64]:
    """a·b and |a| − |b| of rows (a, b) ``(N, 6)``: ``(N, 2)``."""
    a, b = states[:, :3], states[:, 3:]
    inner = (a * b).sum(1)
    return np.stack([inner, np.linalg.norm(a, axis=1) - np.linalg.norm(b, axis=1)], axis=1)


def generators() -> NDArray[np.float64]:
    """Rotations about axes 1, 2 and 3, ``(3, 3, 3)``."""
    basis = np.zeros((3, 3, 3))
    for axis in range(3):
        first, second = (axis + 1) % 3, (axis + 2) % 3
        basis[axis, first, second], basis[axis, second, first] = -1, 1
    return basis
