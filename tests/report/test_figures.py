from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from symdisc.report.figures import (
    MAX_SEEDS,
    agreement_figure,
    generator_figure,
    losses_figure,
    orbit_figure,
    seeds_figure,
)
from symdisc.report.metrics_table import Metrics
from symdisc.result import SymmetryResult


def texts(figure: Figure) -> list[str]:
    """Draw the figure, which fails on broken ones, and collect what is written in the panels."""
    figure.savefig(io.BytesIO(), format="png")
    return [text.get_text() for ax in figure.axes for text in ax.texts]


def metrics(values: list[list[float]]) -> Metrics:
    table = np.array(values, dtype=float).reshape(len(values), 2)
    steps = 10 * np.arange(len(values))
    return Metrics("stage", steps, (0, 1), {"generator.adversarial [nat]": table})


def test_generator_entries_are_written_unless_masked(result: SymmetryResult) -> None:
    figure = generator_figure(result)
    written = texts(figure)
    assert len(written) == 8
    assert {"1.00", "-1.00"} & {text.partition("\n")[0] for text in written}
    assert all(0 < float(text.partition("±")[2]) < 0.1 for text in written)
    ax = figure.axes[0]
    shown: np.ma.MaskedArray[Any, Any] = np.ma.asarray(ax.images[0].get_array())
    np.testing.assert_array_equal(np.ma.getmaskarray(shown), result.mask.numpy() == 0)
    assert ax.patch.get_hatch() == "///"
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["q_x", "q_y", "p_x", "p_y"]
    assert ax.get_xlabel() == "coordinate that acts"
    assert figure.axes[-1].get_ylabel() == "entry [1]"
    low, high = ax.images[0].get_clim()
    assert low == -high


def test_every_generator_has_a_panel(full_algebra: SymmetryResult) -> None:
    figure = generator_figure(full_algebra)
    titles = [ax.get_title() for ax in figure.axes if ax.images]
    assert titles == ["Generator L1", "Generator L2", "Generator L3"]


def test_large_generators_have_no_numbers(result: SymmetryResult) -> None:
    large = replace(
        result,
        generators=torch.zeros(1, 9, 9, dtype=torch.float64),
        mask=torch.ones(9, 9),
        representation=result.representation.vector(9),
    )
    assert texts(generator_figure(large)) == []


def test_seeds_are_shown_in_the_consensus_sign_and_marked(result: SymmetryResult) -> None:
    figure = seeds_figure(result)
    assert texts(figure) == ["left out"]
    titles = [ax.get_title() for ax in figure.axes]
    assert titles == ["seed 0", "seed 1", "seed 2", "seed 3", "seed 4 (differs)", "seed 5"]
    assert [len(ax.images) for ax in figure.axes] == [1, 1, 0, 1, 1, 1]
    consensus = result.generators[0].numpy()
    for seed in (0, 1, 3, 5):
        shown = np.asarray(figure.axes[seed].images[0].get_array())
        assert np.abs(shown - consensus).max() < 0.3


def test_seed_orthogonal_to_the_consensus_is_shown_at_full_size(result: SymmetryResult) -> None:
    orthogonal = torch.diag(torch.ones(4, dtype=torch.float64))[None, None]
    result = replace(
        result,
        generators=torch.tensor([[[0.0, -1], [1, 0]]], dtype=torch.float64),
        seed_generators=5 * orthogonal[..., :2, :2],
        mask=torch.ones(2, 2),
        seeds=(0,),
        in_consensus=(False,),
        failed={},
    )
    shown = np.asarray(seeds_figure(result).axes[0].images[0].get_array())
    assert np.linalg.norm(shown) == pytest.approx(np.sqrt(2))


def test_many_seeds_are_cut_off(result: SymmetryResult) -> None:
    many = replace(
        result,
        seed_generators=result.seed_generators[:1].expand(30, -1, -1, -1),
        seeds=tuple(range(30)),
        in_consensus=(True,) * 30,
        failed={},
    )
    assert len(seeds_figure(many).axes) == MAX_SEEDS


def test_orbits_run_through_data(result: SymmetryResult) -> None:
    figure = orbit_figure(result)
    texts(figure)
    assert [(ax.get_xlabel(), ax.get_ylabel()) for ax in figure.axes] == [
        ("q_x [m]", "q_y [m]"),
        ("p_x [kg m/s]", "p_y [kg m/s]"),
    ]
    points, *paths = figure.axes[0].lines
    assert np.shape(points.get_xydata()) == (40, 2)
    orbits = [np.asarray(path.get_xydata()) for path in paths[::2]]
    assert len(orbits) == 4
    assert all(np.abs(np.linalg.norm(orbit, axis=1) - 1).max() < 0.2 for orbit in orbits)
    assert figure.axes[0].get_aspect() == 1.0


def test_orbits_without_data_or_plane(result: SymmetryResult) -> None:
    assert texts(orbit_figure(replace(result, preview=torch.zeros(0, 1, 4)))) == [
        "no states to show"
    ]
    line = replace(
        result,
        generators=torch.ones(1, 1, 1, dtype=torch.float64),
        blocks=None,
        representation=result.representation.vector(1),
        preview=torch.ones(3, 1, 1),
    )
    assert texts(orbit_figure(line)) == ["a single coordinate has no orbit plane"]


def test_losses_have_a_panel_a_term_with_median_and_band() -> None:
    figure = losses_figure(metrics([[1, 3], [2, 4], [np.nan, np.nan], [np.inf, 5]]))
    texts(figure)
    (ax,) = figure.axes
    assert ax.get_xlabel() == "step [1]"
    assert ax.get_ylabel() == "generator.adversarial [nat]"
    median = np.asarray(ax.lines[0].get_ydata())
    np.testing.assert_allclose(median, [2, 3, np.nan, 5])
    assert len(ax.collections) == 1


def test_losses_of_one_step_or_none() -> None:
    assert losses_figure(metrics([[1.0, 3.0]])).axes[0].lines[0].get_marker() == "o"
    assert texts(losses_figure(metrics([]))) == ["nothing was logged"]


def test_agreement_marks_seeds_that_differ_or_failed(result: SymmetryResult) -> None:
    figure = agreement_figure(result)
    texts(figure)
    (ax,) = figure.axes
    lines = {str(line.get_label()): line for line in ax.lines}
    assert list(lines) == [
        "in the consensus",
        "not in the consensus",
        "left out (no angle)",
        "15° apart",
    ]
    assert list(np.asarray(lines["in the consensus"].get_xdata())) == [0, 1, 3, 5]
    assert max(np.asarray(lines["in the consensus"].get_ydata())) < 15
    assert min(np.asarray(lines["not in the consensus"].get_ydata())) > 15
    assert list(np.asarray(lines["left out (no angle)"].get_xdata())) == [2]
    assert ax.get_xlabel() == "seed [1]"
    assert ax.get_ylabel() == "angle to the consensus [degree]"


def test_agreement_of_one_seed(full_algebra: SymmetryResult) -> None:
    figure = agreement_figure(full_algebra)
    texts(figure)
    assert [str(line.get_label()) for line in figure.axes[0].lines] == [
        "in the consensus",
        "15° apart",
    ]
