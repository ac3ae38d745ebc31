"""A negative control: data of which it is proved that they have no symmetry."""

from __future__ import annotations

from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options

# Numbers without a pattern; what matters of them is stated in NoSymmetry and tested.
_SHARES = np.array([0.5, 0.3, 0.2])
_CENTRES = np.array([[0.9, -0.4, 0.3], [-1.1, 0.8, -0.6], [0.2, 0.5, 1.4]])
_SPREADS = np.array(
    [
        [[0.8, 0.0, 0.0], [0.3, 0.5, 0.0], [-0.2, 0.1, 0.6]],
        [[0.5, 0.0, 0.0], [-0.2, 0.9, 0.0], [0.3, -0.3, 0.4]],
        [[0.6, 0.0, 0.0], [0.1, 0.4, 0.0], [0.25, 0.35, 0.7]],
    ]
)
_BEND = np.array([[0.35, -0.45, 0.2], [0.5, 0.3, -0.25], [-0.15, 0.4, 0.55]])
_MIX = np.array([[0.9, 0.35, -0.2], [-0.3, 0.8, 0.45], [0.25, -0.4, 1.1]])


class NoSymmetryOptions(Options):
    """Options of ``no-symmetry``."""

    n_samples: int = Field(10_000, ge=10, description="Rows [1]")
    seed: int = Field(0, ge=0, description="Seed of the random draw [1]")


@final
class NoSymmetry(Dataset):
    """Rows x in R³ with three scalar targets y = f(x), where f(x) = A (x + tanh(W x)).

    No linear group but the identity is a symmetry, whatever a method makes of the law of x:

    - f is injective. tanh is 1-Lipschitz in each coordinate and the largest singular value of W
      is below 1. If f(x) = f(x'), A being invertible, then
      |x − x'| = |tanh(W x') − tanh(W x)| ≤ ‖W‖ |x − x'|, hence x = x'. The Jacobian's smallest
      singular value is at least σ_min(A) (1 − ‖W‖) > 0.
    - Scalars stay as they are under g, so a symmetry needs f(g x) = f(x), that is g x = x, for
      almost all x. The law of x has a positive density on all of R³, so g is the identity.

    x is drawn from a mixture of three correlated normal laws with different centres and shares,
    so that the law of x alone has no linear symmetry either. There is no noise. The function
    and the mixture are fixed; the seed decides only which rows are drawn.
    """

    Options: ClassVar[type[Options]] = NoSymmetryOptions
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "none"
    shape: ClassVar[tuple[int, ...]] = (10_000, 3)
    description: ClassVar[str] = (
        "Three numbers and a smooth one-to-one function of them. Since no two rows share a "
        "target, no linear change of the rows can leave the targets as they are: a method that "
        "reports a symmetry here is wrong."
    )

    def __init__(self, options: NoSymmetryOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        rng = np.random.default_rng(self.options.seed)
        part = rng.choice(len(_SHARES), size=self.options.n_samples, p=_SHARES)
        normal = rng.standard_normal((self.options.n_samples, 3, 1))
        states = _CENTRES[part] + (_SPREADS[part] @ normal)[..., 0]
        return RawData(
            states=states,
            targets=targets_of(states),
            representation="V3",
            target_representation="3*S",
            names=("x1", "x2", "x3"),
            truth=np.zeros((0, 3, 3)),
        )


def targets_of(states: NDArray[Any]) -> NDArray[np.float64]:
    """f(x) = A (x + tanh(W x)) for rows x ``(N, 3)``."""
    bent: NDArray[np.float64] = states + np.tanh(states @ _BEND.T)
    targets: NDArray[np.float64] = bent @ _MIX.T
    return targets


def jacobians(states: NDArray[Any]) -> NDArray[np.float64]:
    """Derivatives A (I + diag(1 − tanh²(W x)) W) of f at rows x ``(N, 3)``: ``(N, 3, 3)``."""
    slope = 1 - np.tanh(states @ _BEND.T) ** 2
    inner: NDArray[np.float64] = np.eye(3) + slope[..., None] * _BEND
    jacobian: NDArray[np.float64] = _MIX @ inner
    return jacobian
