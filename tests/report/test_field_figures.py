"""Pictures of fields."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from matplotlib.contour import QuadContourSet
from matplotlib.quiver import Quiver

from symdisc import SymmetryResult
from symdisc.fields.defect_spectrum import DefectSpectrum
from symdisc.fields.polynomials import Polynomials
from symdisc.fields.vector_fields import VectorFields
from symdisc.report.field_figures import MAX_FIELDS, N_ARROWS, arrows_figure, spectrum_figure
from symdisc.representations import Representation

RNG = np.random.default_rng(0)
SPECTRUM = DefectSpectrum((0.01, 0.02, 0.3, 0.9), 2, "values before a gap")


def _with_fields(
    result: SymmetryResult, fields: VectorFields, names: tuple[str, ...] = ()
) -> SymmetryResult:
    size = fields.size
    points = RNG.normal(size=(50, 1, size)) * np.arange(1, size + 1)
    return replace(
        result,
        fields=fields,
        representation=Representation.vector(size),
        preview=torch.tensor(points, dtype=torch.float32),
        names=names,
        units=(),
        truth=None,
        spectrum=SPECTRUM,
        verification=None,
    )


def _turn(size: int, i: int, j: int) -> torch.Tensor:
    matrix = torch.zeros(1, size, size, dtype=torch.float64)
    matrix[0, i, j], matrix[0, j, i] = -1, 1
    return matrix


def test_arrows_and_level_sets_in_the_plane(result: SymmetryResult) -> None:
    turn = VectorFields.of_matrices(_turn(2, 0, 1))
    (ax,) = arrows_figure(_with_fields(result, turn, ("q", "p"))).axes
    (arrows,) = [part for part in ax.collections if isinstance(part, Quiver)]
    (levels,) = [part for part in ax.collections if isinstance(part, QuadContourSet)]
    assert np.shape(arrows.U) == (N_ARROWS**2,)
    along = np.asarray(arrows.X) * np.asarray(arrows.U) + np.asarray(arrows.Y) * np.asarray(
        arrows.V
    )
    assert np.abs(along).max() < 1e-9
    radii = [np.linalg.norm(line, axis=1) for line in levels.get_paths()[3].to_polygons()]
    assert np.ptp(radii[0]) < 0.02 * np.mean(radii[0])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("q", "p")


def test_each_field_in_the_coordinates_that_it_moves_most(result: SymmetryResult) -> None:
    turns = torch.cat([_turn(3, 1, 2), _turn(3, 0, 2)])
    axes = arrows_figure(_with_fields(result, VectorFields.of_matrices(turns))).axes
    assert [(ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) for ax in axes] == [
        ("x2", "x3", "X1"),
        ("x1", "x3", "X2"),
    ]
    assert not any(isinstance(part, QuadContourSet) for ax in axes for part in ax.collections)


def test_many_fields_one_coordinate_and_no_states(result: SymmetryResult) -> None:
    many = VectorFields(Polynomials(2, 1), torch.randn(9, 3, 2, dtype=torch.float64))
    assert len(arrows_figure(_with_fields(result, many)).axes) == MAX_FIELDS
    line = VectorFields(Polynomials(1, 1), torch.ones(1, 2, 1, dtype=torch.float64))
    (ax,) = arrows_figure(_with_fields(result, line)).axes
    assert ax.texts[0].get_text() == "one coordinate has no plane"
    turn = VectorFields.of_matrices(_turn(2, 0, 1))
    nothing = replace(_with_fields(result, turn), preview=torch.zeros(0, 1, 2))
    (ax,) = arrows_figure(nothing).axes
    assert ax.texts[0].get_text() == "no states to show"
    with pytest.raises(ValueError, match="no vector fields"):
        arrows_figure(result)


def test_the_spectrum_shows_its_gap() -> None:
    (ax,) = spectrum_figure(SPECTRUM).axes
    assert [len(np.asarray(line.get_xdata())) for line in ax.lines] == [2, 2]
    assert ax.get_yscale() == "log"
    assert len(ax.patches) == 1
    (ax,) = spectrum_figure(replace(SPECTRUM, count=0)).axes
    assert len(ax.patches) == 0


def test_a_result_plots_what_the_report_shows(result: SymmetryResult) -> None:
    turn = VectorFields.of_matrices(_turn(2, 0, 1))
    assert list(_with_fields(result, turn).plot()) == ["fields", "spectrum"]
    assert {"generators", "orbits", "seeds"} <= result.plot().keys()
