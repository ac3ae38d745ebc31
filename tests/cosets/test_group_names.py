from __future__ import annotations

import numpy as np
import pytest
import torch
from finite_groups import GENERATORS, conjugated, permutation

from symdisc.cosets.component import TOLERANCE, IdentityComponent
from symdisc.cosets.group_names import group_name
from symdisc.cosets.products import closed


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("noise", [0.0, 0.004])
def test_groups_have_their_names(name: str, noise: float) -> None:
    _, matrices = GENERATORS[name]
    n = len(matrices[0])
    component = IdentityComponent(torch.zeros(0, n, n))
    found = closed(conjugated(matrices, noise, seed=2), component, TOLERANCE)
    assert found.table is not None
    assert group_name(found.table) == name


def test_all_groups_of_up_to_twelve_elements_are_there() -> None:
    """There are 1, 1, 1, 2, 1, 2, 1, 5, 2, 2, 1 and 5 of 1 to 12 elements."""
    sizes = [1, *(size for size, _ in GENERATORS.values())]
    assert [sizes.count(size) for size in range(1, 13)] == [1, 1, 1, 2, 1, 2, 1, 5, 2, 2, 1, 5]


def test_one_element() -> None:
    assert group_name(np.zeros((1, 1), dtype=np.int64)) == "trivial"


def test_what_has_no_name() -> None:
    """C_7 with the maps that take the cube of each element: 21 elements."""
    turns = permutation(*((i + 1) % 7 for i in range(7)))
    doubles = permutation(*(2 * i % 7 for i in range(7)))
    component = IdentityComponent(torch.zeros(0, 7, 7))
    found = closed([turns, doubles], component, TOLERANCE)
    assert found.table is not None
    assert group_name(found.table) == "group of order 21"
