from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from made_results import make

from symdisc.errors import OptionError
from symdisc.fields.polynomials import Polynomials
from symdisc.fields.vector_fields import VectorFields
from symdisc.result import SymmetryResult
from symdisc.use.cartesian import Cartesian
from symdisc.use.forecast import (
    COLUMNS,
    ESCAPED,
    forecast,
    held_out_errors,
    relative_errors,
    solve,
)
from symdisc.use.motion import MotionOptions, equations_of_motion
from symdisc.use.recordings import Recordings

Found = tuple[SymmetryResult, Recordings]
NOWHERE = torch.zeros(2, dtype=torch.float64)


def test_the_known_solution_of_a_spiral() -> None:
    matrix = torch.tensor([[-0.1, -1.0], [1.0, -0.1]], dtype=torch.float64)
    field = VectorFields(Polynomials(2, 1, lowest=1), matrix.T[None])
    times = torch.linspace(0, 20, 41, dtype=torch.float64)
    starts = torch.tensor([[1.0, 0.0], [0.0, -2.0]], dtype=torch.float64)
    found = solve(Cartesian(field, NOWHERE), starts, times)
    truth = torch.matrix_exp(times[:, None, None] * matrix) @ starts[:, None, :, None]
    assert found.shape == (2, 41, 2)
    assert (found - truth[..., 0]).abs().max() < 1e-5


def test_what_runs_away_stands_still_and_the_others_go_on() -> None:
    coefficients = torch.zeros(1, 6, 2, dtype=torch.float64)
    coefficients[0, 3, 0] = 1.0  # dx/dt = x²: from 1 it is infinite at time 1
    coefficients[0, 2, 1] = -1.0
    system = Cartesian(VectorFields(Polynomials(2, 2), coefficients), NOWHERE)
    starts = torch.tensor([[1.0, 1.0], [-1.0, 1.0]], dtype=torch.float64)
    found = solve(system, starts, torch.tensor([0.0, 0.5, 2.0, 3.0], dtype=torch.float64))
    assert found[0, 1].tolist() == pytest.approx([2, 0.6065], rel=1e-3)
    assert ESCAPED * 0.99 < float(found[0, 2, 0]) < ESCAPED * 1.1
    assert torch.equal(found[0, 2], found[0, 3])
    assert found[1, 3].tolist() == pytest.approx([-0.25, 0.0498], rel=1e-3)


def test_relative_errors() -> None:
    truth = torch.tensor([[[1.0, 0.0], [-1.0, 0.0]], [[0.0, 1.0], [0.0, -1.0]]]).double()
    assert relative_errors(truth, truth).tolist() == [[0, 0], [0, 0]]
    assert relative_errors(0 * truth, truth).tolist() == [[1, 1], [1, 1]]
    assert relative_errors(100 * truth + 0.5, 100 * truth)[0, 0] == pytest.approx(0.5**0.5 / 100)


def test_forecasts_by_exact_coordinates(found: Found) -> None:
    result, recordings = found
    motion = equations_of_motion(result, recordings)
    errors = held_out_errors(result, motion, recordings)
    assert errors.n_trajectories == len(recordings.held_out)
    assert errors.times.tolist() == pytest.approx([0.2 * i for i in range(40)])
    assert float(errors.mean[0]) < 1e-5
    assert errors.overall < 0.01
    assert float(errors.lost.max()) < 1e-5
    assert bool((errors.quantiles.diff(dim=0) >= 0).all())
    coarse = equations_of_motion(result, recordings, MotionOptions(form="polar", degree=0))
    # One frequency for all amplitudes is soon wrong.
    assert held_out_errors(result, coarse, recordings).overall > 0.1


def test_forecasts_of_new_states(found: Found) -> None:
    result, recordings = found
    motion = equations_of_motion(result, recordings)
    truth = recordings.held_out[0]
    states = forecast(result, motion, truth[:1], torch.tensor([0.0, 7.8], dtype=torch.float64))
    assert states.shape == (1, 2, 3)
    assert (states[0, 1] - truth[39]).abs().max() < 0.02


def test_in_the_data_s_own_coordinates(spirals: Callable[..., Recordings]) -> None:
    result, recordings = make(), spirals(-0.1)
    errors = held_out_errors(result, equations_of_motion(result, recordings), recordings, 2.0)
    assert len(errors.times) == 41
    assert float(errors.mean.max()) < 1e-3
    assert not errors.lost.any()


def test_only_trajectories_that_last_so_long(found: Found) -> None:
    result, recordings = found
    paths = (recordings.held_out[0], recordings.held_out[1][:20])
    unequal = Recordings(recordings.train, paths, recordings.time_step)
    motion = equations_of_motion(result, unequal)
    assert len(held_out_errors(result, motion, unequal).times) == 20
    assert held_out_errors(result, motion, unequal, 7.0).n_trajectories == 1
    for horizon in (8.0, 0.05):
        with pytest.raises(OptionError, match=rf"--horizon {horizon:g}.*0\.2, and at most 7\.8"):
            held_out_errors(result, motion, unequal, horizon)


def test_the_table(found: Found, tmp_path: Path) -> None:
    result, recordings = found
    errors = held_out_errors(result, equations_of_motion(result, recordings), recordings, 1.0)
    errors.write(tmp_path / "forecast.csv")
    errors.write(tmp_path / "forecast.csv")
    with (tmp_path / "forecast.csv").open(newline="") as file:
        head, *rows = csv.reader(file)
    assert tuple(head) == COLUMNS
    assert [float(row[0]) for row in rows] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert float(rows[-1][1]) == pytest.approx(float(errors.mean[-1]), rel=1e-5)
