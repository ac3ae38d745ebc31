"""Events of four particles and their invariant mass, which a mirror does not change."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options
from symdisc_basics.datasets import lorentz

N_PARTICLES = 4
"""Particles of an event: the fewest whose momenta tell a mirror image from a moved event."""

_HEAVIEST = 2.0
_SPREAD = 0.3
_MASS_SPREAD = 8.8
_HANDEDNESS_SPREAD = 1.77


class LorentzParityOptions(Options):
    """Options of ``lorentz-parity``. The speed of light is 1; the unit of energy is arbitrary."""

    n_events: int = Field(50_000, ge=10, description="Events [1]")
    energies: Literal["positive", "both"] = Field(
        "positive", description="Positive energies, or negative ones in half of the events"
    )
    boost: float = Field(
        0.3,
        ge=0,
        le=3,
        description="Standard deviation of each component of the rapidity of an event [1]",
    )
    odd: float = Field(
        0.0,
        description="Weight of a term that parity changes; its spread is this share of that of "
        "the rest [1]",
    )
    seed: int = Field(0, ge=0, description="Seed of the random draw [1]")


@final
class LorentzParity(Dataset):
    """Four four-momenta (E, p_x, p_y, p_z) with y = (p₁ + p₂ + p₃ + p₄)²/8.8 + ``odd`` · D/1.77.

    D = det (p₁, p₂, p₃, p₄), and squares are in the metric (+, −, −, −). Any transformation of
    the Lorentz group O(1,3), of one matrix for all four momenta, keeps the first term, the square
    of the invariant mass, and nothing else does. It multiplies D by its determinant, 1 or −1.
    O(1,3) has four parts: those of the identity, of parity P = diag(1, −1, −1, −1), of time
    reversal T = diag(−1, 1, 1, 1), and of PT. Hence

    - without the odd term the symmetry is O(1,3);
    - with it P and T are none, and SO(1,3) remains, of the parts of the identity and of PT. Fewer
      than four momenta have no invariant that P changes.

    T and PT make energies negative. They can be told from a symmetry only with
    ``energies=both``, where the energies of every other event, at random, are negative: for
    positive energies y says nothing of them.

    The momenta are three unit vectors along the axes and a fourth of length 0, each with normal
    deviations of 0.3 in every coordinate; the masses have a uniform logarithm in [0.5, 2]. Then
    the event is mirrored by P with probability ½, turned by a uniform rotation, and boosted by a
    rapidity with normal components of standard deviation ``boost``. So P, and T with
    ``energies=both``, are symmetries of the law of the momenta too, and most events are clearly
    left-handed or right-handed, which a small network can learn; of momenta in independent
    directions it hardly learns D, and to a method that does not see it the odd term is noise.
    8.8 and 1.77 are the spreads of the terms above them, so that parity changes y by
    2 ``odd`` / √(1 + ``odd``²) of its spread.
    """

    Options: ClassVar[type[Options]] = LorentzParityOptions
    licence: ClassVar[str] = "Computed by symdisc, under its licence (Apache-2.0)."
    symmetry: ClassVar[str] = "O(1,3): rotations, boosts and parity"
    shape: ClassVar[tuple[int, ...]] = (50_000, 16)
    description: ClassVar[str] = (
        "Energies and momenta of four particles, seen from moving frames, and their invariant "
        "mass. It is the same for every observer, and for the mirror image: the symmetry is the "
        "Lorentz group together with parity. With the option odd a small term is added that "
        "tells left-handed from right-handed events: a method that reports parity there is wrong."
    )

    def __init__(self, options: LorentzParityOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`."""
        momenta = _events(self.options, np.random.default_rng(self.options.seed))
        return RawData(
            states=momenta.reshape(-1, 4 * N_PARTICLES),
            targets=targets_of(momenta, self.options.odd)[:, None],
            representation=f"{N_PARTICLES}*V4",
            target_representation="S",
            names=tuple(f"{c}{i + 1}" for i in range(N_PARTICLES) for c in ("E", "px", "py", "pz")),
            units=("energy", "momentum", "momentum", "momentum") * N_PARTICLES,
            truth=generators(self.options),
        )


def targets_of(momenta: NDArray[Any], odd: float) -> NDArray[np.float64]:
    """The target of events ``(N, 4, 4)``: ``(N,)``."""
    total = momenta.sum(1)
    square = np.einsum("ni,ij,nj->n", total, lorentz.METRIC, total)
    handedness = np.linalg.det(momenta)
    targets: NDArray[np.float64] = square / _MASS_SPREAD + odd * handedness / _HANDEDNESS_SPREAD
    return targets


def generators(_options: LorentzParityOptions) -> NDArray[np.float64]:
    """Three rotations and three boosts ``(6, 4, 4)``, those of ``lorentz``."""
    return lorentz.generators()


def representatives(options: LorentzParityOptions) -> NDArray[np.float64]:
    """One matrix of each part of the symmetry group that the energies can tell, ``(m, 4, 4)``.

    1, P, T and PT; 1 and P for positive energies; with an odd term 1 and PT, or 1.
    """
    parity = lorentz.METRIC
    elements = [np.eye(4), parity, -parity, -np.eye(4)]
    kept = elements if options.energies == "both" else elements[:2]
    return np.stack([g for g in kept if not options.odd or np.linalg.det(g) > 0])


def _events(options: LorentzParityOptions, rng: np.random.Generator) -> NDArray[np.float64]:
    """Four-momenta ``(n_events, 4, 4)``, one row for each particle."""
    n = options.n_events
    momenta = np.eye(N_PARTICLES)[:, 1:] + _SPREAD * rng.standard_normal((n, N_PARTICLES, 3))
    momenta *= rng.choice([-1.0, 1.0], (n, 1, 1))
    momenta = momenta @ Rotation.from_quat(rng.standard_normal((n, 4))).as_matrix()
    masses = _HEAVIEST ** rng.uniform(-1, 1, (n, N_PARTICLES))
    energies = np.sqrt(masses**2 + (momenta**2).sum(-1))
    events = np.concatenate([energies[..., None], momenta], axis=-1)
    moved: NDArray[np.float64] = events @ lorentz.boosts(
        options.boost * rng.standard_normal((n, 3))
    )
    if options.energies == "both":
        moved[..., 0] *= rng.choice([-1.0, 1.0], (n, 1))
    return moved
