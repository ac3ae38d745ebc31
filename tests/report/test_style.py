from __future__ import annotations

import pytest
from matplotlib import _pylab_helpers

from symdisc.report.style import label, new_figure


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
