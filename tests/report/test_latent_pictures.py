"""Pictures of orbits in learned coordinates and as they decode."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from latent_toy import found_in, trajectories, unwarped
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from symdisc.latent_space import in_latent_coordinates
from symdisc.report.latent_pictures import (
    N_IMAGES,
    N_STEPS,
    decoded_orbits_figure,
    latent_trajectories_figure,
)
from symdisc.representations import Representation
from symdisc.result import SymmetryResult


@pytest.fixture(scope="module")
def result() -> SymmetryResult:
    return found_in(trajectories())[0]


def drawn(figure: Figure) -> Figure:
    """Drawing fails on broken figures."""
    figure.savefig(io.BytesIO(), format="png")
    return figure


def test_trajectories_have_the_colour_of_their_radius(result: SymmetryResult) -> None:
    figure = latent_trajectories_figure(result)
    assert figure is not None
    (ax, bar) = drawn(figure).axes
    (lines,) = [c for c in ax.collections if isinstance(c, LineCollection)]
    levels = np.asarray(lines.get_array())
    assert len(levels) == len(lines.get_paths()) == 9
    assert levels.std() > 0.1
    assert lines.get_clim() == (levels.min(), levels.max())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("z1", "z2")
    assert bar.get_ylabel() == "radius r of the trajectory [1]"


def test_orbits_run_along_trajectories(result: SymmetryResult) -> None:
    figure = latent_trajectories_figure(result)
    assert figure is not None
    hidden = [np.asarray(line.get_xydata()) for line in figure.axes[0].lines]
    assert len(hidden) >= 3
    for orbit in hidden:
        plane = unwarped(torch.from_numpy(result.decode(orbit)))
        assert float(plane.norm(dim=-1).std()) < 1e-3


def test_rows_without_trajectories_have_no_such_picture() -> None:
    rows, _ = found_in(np.concatenate(trajectories(20, 30)))
    assert latent_trajectories_figure(rows) is None
    assert latent_trajectories_figure(in_latent_coordinates(rows)) is None


def test_decoded_orbits_stay_among_the_states(result: SymmetryResult) -> None:
    figure = drawn(decoded_orbits_figure(result))
    assert len(figure.axes) == 3
    states, orbit, *_ = figure.axes[0].lines
    near = np.asarray(states.get_xydata())
    for point in np.asarray(orbit.get_xydata())[::20]:
        assert np.linalg.norm(near - point, axis=1).min() < 0.3
    assert [ax.get_xlabel() for ax in figure.axes] == ["x1", "x1", "x2"]


def test_images_are_shown_as_strips(
    result: SymmetryResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three coordinates as three channels would be; the picture is of what orbit() gives."""
    images = replace(
        result,
        representation=Representation.image(2, 2),
        preview=torch.rand(5, 2, 4, generator=torch.Generator().manual_seed(0)),
    )
    monkeypatch.setattr(
        SymmetryResult, "orbit", lambda self, x, t, generator: np.tile(x, (len(t), 1))
    )
    figure = drawn(decoded_orbits_figure(images))
    assert len(figure.axes) == N_IMAGES * (N_STEPS + 1)
    titles = [ax.get_title() for ax in figure.axes[: N_STEPS + 1]]
    assert titles[:2] == ["state", "0°"]
    assert titles[-1] == "360°"
