"""How near a result is to the truth, where the maker of the data knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor

from symdisc.algebra.spans import cosine, largest_angle
from symdisc.errors import DataError

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult


def angle_to_truth(shown: SymmetryResult) -> float:
    """Largest principal angle from the true span into the found one [degrees].

    Args:
        shown: The result in units in which coordinates are alike.

    Raises:
        DataError: The true generators are unknown, of another size, or there are none.
    """
    return largest_angle(_known_truth(shown), shown.generators)


def cosine_to_truth(shown: SymmetryResult) -> float:
    """|cosine| of the found generator with the true one [1].

    Args:
        shown: The result in units in which coordinates are alike.

    Raises:
        DataError: The true generator is unknown or of another size, or one of the two spans has
            not exactly one generator.
    """
    truth = _known_truth(shown)
    if len(truth) != 1 or len(shown.generators) != 1:
        raise DataError(
            f"a cosine compares one generator with one; found {len(shown.generators)}, true "
            f"{len(truth)}; use angle_to_truth()"
        )
    return cosine(truth[0], shown.generators[0])


def _known_truth(shown: SymmetryResult) -> Tensor:
    if shown.truth is None:
        raise DataError("the true generators of these data are not known")
    if len(shown.truth) == 0:
        raise DataError("these data are known to have no symmetry; there is nothing to compare")
    if shown.truth.shape[1:] != shown.generators.shape[1:]:
        raise DataError(
            f"the true generators have shape {tuple(shown.truth.shape)}, those found "
            f"{tuple(shown.generators.shape)}: they act on different vectors"
        )
    return shown.truth
