from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from made_elements import discrete_result, judged_as, mirrored, square
from made_results import TURN, make, side_by_side
from matplotlib.figure import Figure

from symdisc.cosets.discrete_part import discrete_part
from symdisc.report.discrete_figures import MAX_ELEMENTS, elements_figure, images_figure
from symdisc.report.figure_files import result_figures
from symdisc.representations import Representation
from symdisc.result import SymmetryResult

STATES = torch.randn(30, 1, 2, generator=torch.Generator().manual_seed(0))


def titles(figure: Figure | None) -> list[str]:
    """Draw the figure, which fails on broken ones, and collect the titles of its panels."""
    assert figure is not None
    figure.savefig(io.BytesIO(), format="png")
    return [ax.get_title() for ax in figure.axes if ax.get_title()]


def of_square() -> SymmetryResult:
    return discrete_result(square().tested(judged_as(*["confirmed"] * 7)), preview=STATES)


def test_every_element_but_the_identity_has_its_matrix() -> None:
    figure = elements_figure(of_square())
    found = titles(figure)
    assert len(found) == 7
    assert "h2: rotation by 2π/4\nconfirmed" in found
    assert figure is not None
    for ax, h in zip(figure.axes, square().representatives[1:], strict=False):
        written = [text.get_text() for text in ax.texts]
        assert [float(text) for text in written] == pytest.approx(h.flatten().tolist())
        assert "-0.00" not in written
        assert [tick.get_text() for tick in ax.get_xticklabels()] == ["x1", "x2"]
    assert figure.axes[-1].get_ylabel() == "entry [1]"


def test_states_are_taken_where_the_element_takes_them() -> None:
    result = of_square()
    figure = images_figure(result)
    assert len(titles(figure)) == 7
    assert figure is not None
    assert result.discrete is not None
    for ax, h in zip(figure.axes, result.discrete.representatives[1:].numpy(), strict=True):
        states, *moves = ax.lines
        assert np.shape(states.get_xydata()) == (30, 2)
        lines = [np.asarray(line.get_xydata()) for line in moves[::3]]
        assert len(lines) == 4
        for start, end in lines:
            assert end == pytest.approx(h @ start, abs=1e-6)


def test_of_several_vectors_and_blocks_the_first_two_coordinates_are_shown() -> None:
    four = torch.randn(30, 1, 4, generator=torch.Generator().manual_seed(0))
    two_vectors = make(
        discrete=mirrored(), preview=four, representation=Representation(2, 2), names=tuple("abcd")
    )
    figure = images_figure(two_vectors)
    assert titles(figure) == ["h2: reflection"]
    assert figure is not None
    assert (figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()) == ("a", "b")
    mirror = torch.diag(torch.tensor([1.0, -1.0, 1.0, 1.0]))[None].double()
    both = side_by_side(TURN, TURN)[None]
    part = discrete_part(mirror, both)
    blocks = make(both, discrete=part, preview=four, blocks=((2, 3), (0, 1)), names=tuple("abcd"))
    figure = images_figure(blocks)
    assert figure is not None
    assert figure.axes[0].get_xlabel() == "c"
    assert images_figure(replace(blocks, blocks=None)) is None


def test_nothing_is_drawn_without_elements_or_states() -> None:
    one = discrete_part(torch.zeros(0, 2, 2), TURN[None])
    for result in (make(), make(discrete=one)):
        assert elements_figure(result) is None
        assert images_figure(result) is None
    assert images_figure(discrete_result(preview=torch.zeros(0, 1, 2))) is None


def test_many_elements_and_large_ones() -> None:
    shifts = torch.roll(torch.eye(13), 1, 0)[None].double()
    part = discrete_part(shifts, torch.zeros(0, 13, 13))
    assert len(part) == 13
    result = make(torch.zeros(0, 13, 13).double(), discrete=part, verification=None)
    figure = elements_figure(result)
    assert len(titles(figure)) == MAX_ELEMENTS - 1
    assert figure is not None
    assert not figure.axes[0].texts


def test_both_are_part_of_the_report() -> None:
    drawn = [(section, name) for section, name, _, _ in result_figures(of_square())]
    assert drawn == [("discrete", "images"), ("discrete", "elements")]
