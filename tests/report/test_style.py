from __future__ import annotations

import numpy as np
import pytest
from matplotlib import _pylab_helpers

from symdisc.report.style import N_ORBITS, label, new_figure, spread_out


@pytest.mark.parametrize(("panels", "columns", "rows"), [(1, 3, 1), (3, 3, 1), (4, 3, 2)])
def test_new_figure(panels: int, columns: int, rows: int) -> None:
    figure, axes = new_figure(panels, columns, (2.0, 1.0))
    assert len(axes) == panels
    assert figure.get_size_inches().tolist() == [2.0 * min(columns, panels), rows]


def test_no_global_state() -> None:
    new_figure(1, 1, (1.0, 1.0))
    assert not _pylab_helpers.Gcf.figs


def test_label() -> None:
    assert label("speed", "m/s") == "speed [m/s]"
    assert label("speed", "") == "speed"


def test_states_from_near_to_far() -> None:
    states = np.stack([np.arange(21.0), np.zeros(21), -100 * np.arange(21.0)[::-1]], axis=-1)
    assert spread_out(states, [0, 1])[:, 0].tolist() == [2, 7, 12, 18]
    assert spread_out(states)[:, 0].tolist() == [18, 13, 8, 2]
    assert len(spread_out(states[:2])) == 2 < N_ORBITS


def test_panels_of_space() -> None:
    _, (ax,) = new_figure(1, 1, (1.0, 1.0), projection="3d")
    assert ax.name == "3d"
