"""Two vectors in a plane and their inner product, which rotations and reflections keep."""

from __future__ import annotations

from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options

_TURN = np.array([[0.0, -1.0], [1.0, 0.0]])


class O2RegressionOptions(Options):
    """Options of ``o2-regression``. Everything is dimensionless."""

    n_samples: int = Field(20_000, ge=10, description="Rows [1]")
    odd: float = Field(
        0.0,
        description="Weight of a term that reflections change; its spread is this share of that "
        "of the rest [1]",
    )
    noise: float = Field(
        0.0, ge=0, description="Standard deviation of normal noise added to the target [1]"
    )
    seed: int = Field(0, ge=0, description="Seed of the random draw [1]")


@final
class O2Regression(Dataset):
    """Rows of two vectors a, b in R² with y = a·b + ``odd`` · (a₁b₂ − a₂b₁) + noise.

    All four coordinates are independent standard normal numbers, and one group element g moves
    both vectors. y = aᵀMb with M = I + ``odd`` · [[0, 1], [−1, 0]] is kept exactly where
    gᵀMg = M. The symmetric part of this says gᵀg = I, the antisymmetric one ``odd`` · det g =
    ``odd``:

    - Without the odd term the symmetry is O(2), of two parts: the rotations, and the reflections
      diag(1, −1) times a rotation.
    - With it the symmetry is SO(2), the rotations alone. It takes two vectors to tell a rotation
      from a reflection: one vector can be turned wherever a reflection takes it.

    Both terms have the spread √2. A reflection changes y by twice the odd term, that is by
    2 ``odd`` / √(1 + ``odd``²) of the spread of y. The law of x is invariant under O(2) always.
    """

    Options: ClassVar[type[Options]] = O2RegressionOptions
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "O(2): rotations and reflections"
    shape: ClassVar[tuple[int, ...]] = (20_000, 4)
    description: ClassVar[str] = (
        "Two vectors in a plane and their inner product. Turning both by one angle leaves it as "
        "it is, and so does reflecting both in one line: the symmetry is O(2), which has two "
        "parts. With the option odd a small term is added that reflections change, and rotations "
        "alone remain: a method that reports a reflection there is wrong."
    )

    def __init__(self, options: O2RegressionOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        options = self.options
        rng = np.random.default_rng(options.seed)
        states = rng.standard_normal((options.n_samples, 4))
        noise = options.noise * rng.standard_normal(options.n_samples)
        return RawData(
            states=states,
            targets=(targets_of(states, options.odd) + noise)[:, None],
            representation="2*V2",
            target_representation="S",
            names=("a1", "a2", "b1", "b2"),
            truth=generators(options),
        )


def targets_of(states: NDArray[Any], odd: float) -> NDArray[np.float64]:
    """a·b + odd · (a₁b₂ − a₂b₁) of rows (a, b) ``(N, 4)``: ``(N,)``."""
    a, b = states[:, :2], states[:, 2:]
    targets: NDArray[np.float64] = (a * b).sum(1) - odd * (a * (b @ _TURN.T)).sum(1)
    return targets


def generators(_options: O2RegressionOptions) -> NDArray[np.float64]:
    """The rotation of the plane, ``(1, 2, 2)``."""
    return _TURN[None].copy()


def representatives(options: O2RegressionOptions) -> NDArray[np.float64]:
    """One matrix of each part of the symmetry group: 1 and a reflection, or 1, ``(m, 2, 2)``."""
    both = np.stack([np.eye(2), np.diag([1.0, -1.0])])
    return both[:1] if options.odd else both
