from __future__ import annotations

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from symdisc.suite.figure import suite_figure
from symdisc.suite.rows import Row

ROWS = [
    Row("ring", "continuous", "good", 0, success=True),
    Row("ring", "continuous", "good", 1),
    Row("ring", "continuous", "bad", 0, status="not applicable"),
    Row("noise", "negative", "good", 0, success=True),
    Row("noise", "negative", "bad", 0, false_confirmation=True),
]


def test_a_cell_for_each_problem_and_method() -> None:
    (axes,) = suite_figure(ROWS).axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["bad", "good"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["ring", "noise"]
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert "successful runs of all that count" in axes.get_xlabel()
    assert written[(1, 0)] == "1/2"
    assert written[(1, 1)] == "1/1"
    assert written[(0, 1)] == "0/1"
    assert (0, 0) not in written
    assert {"continuous", "negative"} <= set(written.values())
    image = axes.images[0].get_array()
    assert image is not None
    assert np.allclose(image[0, 0], to_rgb("#dddddd"))
    assert np.allclose(image[1, 1], to_rgb("#2171b5"))
    assert not np.allclose(image[0, 1], image[1, 1])


def test_what_was_not_measured_is_white() -> None:
    (axes,) = suite_figure(ROWS[1:4]).axes
    image = axes.images[0].get_array()
    assert image is not None
    assert np.allclose(image[1, 0], 1)
    assert not np.allclose(image[0, 0], 1)


def test_a_false_confirmation_has_a_frame() -> None:
    (axes,) = suite_figure(ROWS).axes
    frames = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert [(frame.get_x(), frame.get_y()) for frame in frames] == [(-0.47, 1 - 0.42)]
