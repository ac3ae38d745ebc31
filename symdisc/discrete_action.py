"""The discrete elements of a result put to use on arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from symdisc.errors import DataError

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult


def chosen_component(result: SymmetryResult, number: int | None) -> int:
    """The number of a component that there is.

    Args:
        result: What was found.
        number: What was asked for, 0 being the identity's; ``None``: 0, or 1 where the group is
            discrete, so that something moves.

    Raises:
        DataError: There is no such component.
    """
    count = 1 if result.discrete is None else len(result.discrete)
    if number is None:
        number = 1 if len(result.generators) == 0 and count > 1 else 0
    if not 0 <= number < count:
        raise DataError(
            f"no component {number}; there {'is' if count == 1 else 'are'} {count}, counted from 0"
        )
    return number


def random_components(result: SymmetryResult, n: int, seed: int) -> Tensor | None:
    """Numbers ``(n,)`` of equally likely components; ``None`` where there is only one.

    Only components that the test confirmed are drawn from.

    Args:
        result: What was found.
        n: How many to draw.
        seed: Seed of the random numbers.
    """
    if result.discrete is None or not result.discrete.holds:
        return None
    held = torch.tensor(result.discrete.held_numbers)
    rng = torch.Generator().manual_seed(seed)
    return held[torch.randint(len(held), (n,), generator=rng)]


def elements_of(result: SymmetryResult, components: Tensor | None) -> Tensor | None:
    """Matrices h ``(B, n, n)`` of these components ``(B,)``; ``None`` of none."""
    if result.discrete is None or components is None:
        return None
    return result.discrete.representatives[components]
