from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from matplotlib.quiver import Quiver

from symdisc.report.figures import generator_figure
from symdisc.report.image_figures import N_IMAGES, N_STEPS, field_figure, image_orbit_figure
from symdisc.representations import Representation
from symdisc.result import SymmetryResult

COLOURS = Representation.image(4, 4, 3)


def shown(figure: Figure, row: int, column: int) -> np.ndarray:
    return np.asarray(figure.axes[row * N_STEPS + column].images[0].get_array())


def titles(figure: Figure) -> list[str]:
    return [ax.get_title() for ax in figure.axes[:N_STEPS]]


def test_a_strip_of_turned_images_with_the_original_in_the_middle(images: SymmetryResult) -> None:
    square = replace(
        images,
        representation=Representation.image(4, 4),
        preview=torch.rand(9, 1, 16, generator=torch.Generator().manual_seed(0)),
    )
    figure = image_orbit_figure(square)
    assert len(figure.axes) == N_IMAGES * N_STEPS
    assert titles(figure) == ["−90°", "−60°", "−30°", "0°", "+30°", "+60°", "+90°"]
    original = square.preview[0, 0].reshape(4, 4).numpy()
    low, high = shown(figure, 0, 3).min(), shown(figure, 0, 3).max()
    scaled = (original - original.min()) / (original.max() - original.min()) * (high - low) + low
    np.testing.assert_allclose(shown(figure, 0, 3), scaled, atol=1e-6)
    # A quarter turn from right to down is numpy's rot90 with k = -1.
    np.testing.assert_allclose(shown(figure, 0, 6), np.rot90(scaled, -1), atol=1e-6)
    np.testing.assert_allclose(shown(figure, 0, 0), np.rot90(scaled), atol=1e-6)


def test_colours_stay_together_and_other_generators_have_values_of_t(
    images: SymmetryResult,
) -> None:
    right = torch.zeros(1, 3, 3, dtype=torch.float64)
    right[0, 0, 2] = 1.0
    preview = torch.zeros(1, 1, 48)
    preview[0, 0, :16] = 1.0
    colours = replace(images, generators=right, representation=COLOURS, preview=preview)
    figure = image_orbit_figure(colours)
    assert titles(figure)[2:5] == ["t = −0.25", "t = 0.00", "t = +0.25"]
    assert len(figure.axes) == N_STEPS
    picture = shown(figure, 0, 3)
    assert picture.shape == (4, 4, 3)
    assert picture[..., 0].min() == 1
    assert picture[..., 1:].max() == 0
    assert shown(figure, 0, 5)[:, 0].max() == 0


def test_channels_of_no_colour_are_averaged(images: SymmetryResult) -> None:
    two = replace(
        images,
        representation=Representation.image(4, 4, 2),
        preview=torch.cat([torch.zeros(1, 1, 16), torch.ones(1, 1, 16)], dim=-1),
    )
    assert shown(image_orbit_figure(two), 0, 3).shape == (4, 4)


def test_steps_of_a_finite_group(images: SymmetryResult) -> None:
    quarter = replace(images, generators=torch.pi / 2 * images.generators, order=4)
    assert titles(image_orbit_figure(quarter)) == [
        "-3 steps", "-2 steps", "-1 steps", "0", "+1 steps", "+2 steps", "+3 steps"
    ]  # fmt: skip


def test_without_images(images: SymmetryResult) -> None:
    (ax,) = image_orbit_figure(replace(images, preview=torch.zeros(0, 1, 48))).axes
    assert [text.get_text() for text in ax.texts] == ["no images to show"]


@pytest.mark.parametrize("count", [0, 5])
def test_arrows_are_the_velocities_of_points(images: SymmetryResult, count: int) -> None:
    moved = images.generators.clone()
    moved[0, 0, 2] = 0.5
    (ax,) = field_figure(replace(images, generators=moved, preview=images.preview[:count])).axes
    assert len(ax.images) == min(count, 1)
    (arrows,) = [child for child in ax.get_children() if isinstance(child, Quiver)]
    x, y = np.asarray(arrows.get_offsets(), dtype=float).T
    velocity = np.stack([0.5 - y, x])
    drawn = np.stack([np.asarray(arrows.U), np.asarray(arrows.V)])
    factor = np.linalg.norm(drawn) / np.linalg.norm(velocity)
    np.testing.assert_allclose(drawn, factor * velocity, atol=1e-9)
    (centre,) = ax.lines
    np.testing.assert_allclose(np.ravel(centre.get_xydata()), [0, 0.5], atol=1e-9)
    assert ax.get_xlabel() == "x [half of the longer side]"
    top, bottom = ax.get_ylim()
    assert top > bottom


def test_every_generator_has_a_field_and_the_last_row_of_its_matrix_is_zero(
    images: SymmetryResult,
) -> None:
    two = replace(images, generators=torch.cat([images.generators] * 2))
    assert [ax.get_title() for ax in field_figure(two).axes] == ["Generator L1", "Generator L2"]
    ax = generator_figure(images).axes[0]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["x", "y", "1"]
    assert [text.get_text() for text in ax.texts[-3:]] == ["0", "0", "0"]
    assert [text.get_position()[1] for text in ax.texts[-3:]] == [2, 2, 2]
