"""What readers hand on."""

from __future__ import annotations

import numpy as np

from symdisc.data.given import Given


def test_size_is_unknown_where_trajectories_disagree() -> None:
    assert Given((np.ones((5, 2)), np.ones((4, 2))), False).size == 2
    assert Given((np.ones((5, 2)), np.ones((4, 1))), False).size is None
    assert Given((np.ones(5),), True).size is None
