from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from symdisc.report.space_figure import MAX_PANELS, space_figure, space_views
from symdisc.representations import Representation
from symdisc.result import SymmetryResult


def drawn(result: SymmetryResult) -> Figure:
    figure = space_figure(result, space_views(result))
    figure.savefig(io.BytesIO(), format="png")
    return figure


def axes_of(figure: Figure) -> list[Any]:
    return list(figure.axes)


def arrows(ax: Any) -> list[Any]:
    """The axes of rotation that are drawn."""
    return [c for c in ax.collections if type(c).__name__ == "Line3DCollection"]


def arrow(ax: Any) -> np.ndarray:
    """Direction of the axis that is drawn."""
    (collection,) = arrows(ax)
    tip, tail = np.asarray(collection._segments3d[0])
    direction: np.ndarray = (tip - tail) / np.linalg.norm(tip - tail)
    return direction


def test_every_generator_has_a_panel_with_its_axis(full_algebra: SymmetryResult) -> None:
    panels = axes_of(drawn(full_algebra))
    assert [ax.get_title() for ax in panels] == ["Generator L1", "Generator L2", "Generator L3"]
    for ax, axis in zip(panels, [[0, 0, 1], [0, -1, 0], [1, 0, 0]], strict=True):
        assert ax.name == "3d"
        np.testing.assert_allclose(arrow(ax), axis, atol=1e-9)
        assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_zlabel()) == ("x [m]", "y [m]", "z [m]")


def test_orbits_keep_their_distance_from_the_axis_and_end_at_the_box(
    full_algebra: SymmetryResult,
) -> None:
    ax = axes_of(drawn(full_algebra))[0]
    states, *lines = ax.lines
    assert len(states.get_data_3d()[0]) == 20
    for line in lines[::2]:
        path = np.array(line.get_data_3d())
        radius = np.hypot(path[0], path[1])
        assert np.nanmax(radius) - np.nanmin(radius) < 1e-6
    stretched = replace(full_algebra, generators=5 * torch.eye(3, dtype=torch.float64)[None])
    ax = axes_of(drawn(stretched))[0]
    limit = ax.get_xlim()[1] - ax.get_xlim()[0]
    lengths = [np.array(line.get_data_3d()) for line in ax.lines[1::2]]
    assert all(np.isnan(path).any() and np.nanmax(np.abs(path)) < limit for path in lengths)
    assert arrows(ax) == []


def test_every_vector_and_at_most_so_many_panels(full_algebra: SymmetryResult) -> None:
    three = replace(
        full_algebra,
        representation=Representation.parse("3*V3"),
        preview=torch.randn(20, 1, 9, generator=torch.Generator().manual_seed(0)),
    )
    views = space_views(three)
    assert len(views) == MAX_PANELS
    assert [(view.generator, view.index) for view in views[2:4]] == [(2, (0, 1, 2)), (0, (3, 4, 5))]
    assert views[3].group == (0, 1, 2)


def test_the_axis_goes_through_the_centre(full_algebra: SymmetryResult) -> None:
    centre = torch.tensor([0.5, -0.5, 0.0], dtype=torch.float64)
    one = replace(full_algebra, generators=full_algebra.generators[:1], centre=centre)
    ax = axes_of(drawn(one))[0]
    (collection,) = arrows(ax)
    middle = np.asarray(collection._segments3d[0]).mean(0)
    np.testing.assert_allclose(middle[:2], [0.5, -0.5], atol=1e-9)
    assert ax.get_title() == ""


@pytest.mark.parametrize("units", [("m", "m", "km"), ()])
def test_other_units_have_scales_of_their_own(
    full_algebra: SymmetryResult, units: tuple[str, ...]
) -> None:
    wide = full_algebra.preview * torch.tensor([1.0, 1.0, 3.0])
    ax = axes_of(drawn(replace(full_algebra, preview=wide, units=units)))[0]
    spans = [np.ptp(limits) for limits in (ax.get_xlim(), ax.get_zlim())]
    assert bool(spans[0] == pytest.approx(spans[1])) is (units == ())


def test_where_there_is_no_space_to_show(
    result: SymmetryResult, full_algebra: SymmetryResult, images: SymmetryResult
) -> None:
    assert space_views(result) == []
    assert space_views(images) == []
    assert space_views(replace(full_algebra, preview=torch.zeros(0, 1, 3))) == []
    flat = full_algebra.preview * torch.tensor([1.0, 1.0, 0.0])
    assert space_views(replace(full_algebra, preview=flat)) == []
    still = torch.zeros(1, 3, 3, dtype=torch.float64)
    assert space_views(replace(full_algebra, generators=still)) == []
