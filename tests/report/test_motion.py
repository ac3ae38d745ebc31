from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from symdisc.errors import DataError
from symdisc.report.motion import forecast_figure, frequency_figure, motion_text, read_forecast

CONTENT = {
    "space": "latent",
    "group": "SO(2) & more",
    "nearly": False,
    "lines": ["dr/dt = 0", "dtheta/dt = 1 - 0.25*r**2"],
    "definitions": ["r² = ..."],
    "latex": [],
    "error": 0.0123,
    "time_step": 0.2,
    "frequency": {"told": [[0.5, 1.0], [1.5, 0.4]], "measured": [[1.0, 0.7]]},
}
HEAD = "time,mean,a,b,c,lost\n"


def test_equations_as_html(tmp_path: Path) -> None:
    path = tmp_path / "equations.json"
    assert motion_text(path) == ""
    path.write_text(json.dumps(CONTENT), encoding="utf-8")
    text = motion_text(path)
    assert "such as SO(2) &amp; more takes to themselves" in text
    assert "an error of 1.2 % of their root mean square" in text
    assert "<li>dtheta/dt = 1 - 0.25*r**2</li>" in text
    assert "<p>r² = ...</p>" in text
    path.write_text(json.dumps(CONTENT | {"nearly": True}), encoding="utf-8")
    assert "more nearly takes to themselves" in motion_text(path)
    path.write_text(json.dumps(CONTENT | {"group": "", "space": "data"}), encoding="utf-8")
    assert "in the data&#x27;s coordinates. Velocities" in motion_text(path)


@pytest.mark.parametrize("text", ["{", "[]", json.dumps(CONTENT | {"space": "else"})])
def test_damaged_equations(tmp_path: Path, text: str) -> None:
    (tmp_path / "equations.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"cannot be read.*`symdisc equations`, or remove it"):
        motion_text(tmp_path / "equations.json")


def test_frequency_over_the_radius(tmp_path: Path) -> None:
    path = tmp_path / "equations.json"
    assert frequency_figure(path) is None
    path.write_text(json.dumps(CONTENT), encoding="utf-8")
    figure = frequency_figure(path)
    assert figure is not None
    seen, told = figure.axes[0].lines
    assert np.asarray(seen.get_xydata()).tolist() == [[1, 0.7]]
    assert np.asarray(told.get_xydata()).tolist() == [[0.5, 1], [1.5, 0.4]]
    path.write_text(json.dumps(CONTENT | {"frequency": None}), encoding="utf-8")
    assert frequency_figure(path) is None
    path.write_text(json.dumps(CONTENT | {"frequency": {"told": 1}}), encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        frequency_figure(path)


def test_the_figure_shows_all_errors(tmp_path: Path) -> None:
    path = tmp_path / "forecast.csv"
    path.write_text(HEAD + "0,0,0,0,0,0.01\n0.2,0.1,0.05,0.08,0.2,0.01\n")
    (ax,) = forecast_figure(read_forecast(path)).axes
    lines = {line.get_label(): np.asarray(line.get_ydata()).tolist() for line in ax.lines}
    assert lines == {
        "median trajectory": [0, 0.08],
        "mean": [0, 0.1],
        "lost by decoding": [0.01, 0.01],
    }
    path.write_text(HEAD + "0,0,0,0,0,0\n0.2,0.1,0.05,0.08,0.2,0\n")
    (ax,) = forecast_figure(read_forecast(path)).axes
    assert len(ax.lines) == 2


@pytest.mark.parametrize(
    ("rows", "message"), [("0,zero,0,0,0,0\n", "cannot be read"), ("0,1\n", "2 columns in place")]
)
def test_damaged_table(tmp_path: Path, rows: str, message: str) -> None:
    (tmp_path / "forecast.csv").write_text(HEAD + rows)
    with pytest.raises(DataError, match=message):
        read_forecast(tmp_path / "forecast.csv")
