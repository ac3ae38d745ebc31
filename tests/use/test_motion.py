from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from made_results import BOOST, TURN, make

from symdisc.errors import DataError, OptionError
from symdisc.fields.polynomials import Polynomials
from symdisc.fields.vector_fields import VectorFields
from symdisc.representations import Representation
from symdisc.result import SymmetryResult
from symdisc.use.cartesian import Cartesian
from symdisc.use.motion import Motion, MotionOptions, equations_of_motion
from symdisc.use.polar import Polar
from symdisc.use.recordings import Recordings

Found = tuple[SymmetryResult, Recordings]


def learned(found: Found, **options: Any) -> Motion:
    return equations_of_motion(*found, MotionOptions(**options))


def test_polar_by_default_with_the_true_frequency(found: Found) -> None:
    motion = learned(found)
    assert isinstance(motion.system, Polar)
    assert motion.space == "latent"
    assert motion.group == "SO(2)"
    assert motion.error < 0.01
    assert not motion.system.rho.any()
    # The hidden oscillator turns at 1.25 - r / 4; S scales areas by 1, the basis by 0.6.
    radius = torch.tensor([0.7, 1.0, 1.3], dtype=torch.float64)
    speed = motion.system.frequency(radius * 0.6**0.5).abs()
    assert speed.tolist() == pytest.approx((1.25 - radius / 4).tolist(), rel=0.01)


def test_the_group_makes_cartesian_equations_better(found: Found) -> None:
    held, free = learned(found, form="cartesian"), learned(found, form="cartesian", symmetry="none")
    assert isinstance(held.system, Cartesian)
    assert (held.group == "", free.group == "") == (False, True)
    assert held.error < 0.03
    assert held.error < free.error
    again = learned(found, form="cartesian", derivative="differences")
    assert again.error == pytest.approx(held.error, abs=0.005)


def test_what_is_soft_says_so(found: Found) -> None:
    soft = learned(found, symmetry="soft", degree=5)
    assert isinstance(soft.system, Cartesian)
    assert soft.error < learned(found, form="cartesian", degree=5).error
    assert "coordinates, nearly taken to themselves by SO(2):" in soft.text()


def test_data_space_is_free_where_the_group_acts_elsewhere(found: Found) -> None:
    motion = learned(found, space="data", library="linear + trigonometric(1)")
    assert (motion.space, motion.group) == ("data", "")
    assert [line[:7] for line in motion.system.lines()] == ["dx1/dt ", "dx2/dt ", "dx3/dt "]


def test_a_linear_result(spirals: Callable[..., Recordings]) -> None:
    found = make(names=("x", "y")), spirals(-0.1)
    assert isinstance(learned(found).system, Polar)
    motion = learned(found, form="cartesian", degree=3)
    assert motion.error < 0.01
    assert motion.text().splitlines()[1].startswith("  dx/dt = ")
    points = np.array([[1.0, 0.0]], dtype=np.float32)
    assert motion(points).dtype == np.float32
    assert motion(points)[0].tolist() == pytest.approx([-0.1, 0.8], abs=0.01)


def test_a_result_with_a_centre(spirals: Callable[..., Recordings]) -> None:
    centre = torch.full((2,), 5.0, dtype=torch.float64)
    found = make(centre=centre), spirals(0.0, centre=5.0)
    for form in ("polar", "cartesian"):
        motion = learned(found, form=form)
        assert motion.error < 0.01
        assert motion(centre).abs().max() < 1e-9


def test_several_vectors_move_alike(spirals: Callable[..., Recordings]) -> None:
    one = spirals(0.0)
    paths = tuple(torch.cat([path, path.flip(1) * torch.tensor([-1, 1])], 1) for path in one.train)
    both = Recordings(paths, paths, one.time_step)
    motion = learned((make(representation=Representation.parse("2*V2")), both), degree=3)
    assert isinstance(motion.system, Cartesian)
    assert motion.error < 0.02


def test_a_group_that_acts_by_the_flow_of_fields(spirals: Callable[..., Recordings]) -> None:
    # In coordinates (u, v + u²) the turn is no linear field.
    def bent(path: torch.Tensor) -> torch.Tensor:
        return torch.stack([path[:, 0], path[:, 1] + path[:, 0] ** 2], dim=1)

    one = spirals(-0.1)
    paths = Recordings(tuple(map(bent, one.train)), tuple(map(bent, one.held_out)), one.time_step)
    # With u = x, v = y - x²: du = -v, dv = u, so dx = x² - y and dy = x + 2 x (x² - y).
    coefficients = torch.zeros(1, 10, 2, dtype=torch.float64)
    functions = Polynomials(2, 3)
    place = {tuple(row): i for i, row in enumerate(functions.exponents.tolist())}
    for term, i, value in (
        ((2, 0), 0, 1.0),
        ((0, 1), 0, -1.0),
        ((1, 0), 1, 1.0),
        ((3, 0), 1, 2.0),
        ((1, 1), 1, -2.0),
    ):
        coefficients[0, place[term], i] = value
    result = make(fields=VectorFields(functions, coefficients))
    motion = learned((result, paths), degree=7, threshold=0.0)  # r² X has degree 7
    assert isinstance(motion.system, Cartesian)
    assert motion.group == "SO(2)"
    assert motion.error < 0.05


def test_a_trace_that_is_nearly_zero_does_not_count(spirals: Callable[..., Recordings]) -> None:
    nearly = (TURN + 0.02 * torch.eye(2).double())[None]
    motion = learned((make(nearly), spirals(0.0)), form="cartesian")
    assert motion.error < 0.01


def test_words_and_latex(found: Found) -> None:
    motion = learned(found)
    lines = motion.text().splitlines()
    assert lines[0] == "Equations of motion in learned coordinates, taken to themselves by SO(2):"
    assert lines[1] == "  dr/dt = 0"
    assert lines[-1].startswith("  error of held-out velocities: 0.")
    assert motion.latex()[0] == r"\frac{d}{d t} r{\left(t \right)} = 0"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"form": "polar", "symmetry": "none"}, "--symmetry none gives up; give one of them"),
        ({"space": "data", "symmetry": "soft"}, "--symmetry soft needs the coordinates"),
        ({"form": "polar", "space": "data"}, "leave out --in data"),
        ({"form": "polar", "library": "linear"}, "--library 'linear' is for --form cartesian"),
        ({"form": "polar", "derivative": "jacobian"}, "--derivative jacobian is for --form"),
        ({"library": "linear", "degree": 2}, "--library 'linear' and --degree 2 both choose"),
        ({"library": "linaer"}, "Did you mean 'linear'"),
    ],
)
def test_contradictions(found: Found, options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        learned(found, **options)


def test_all_contradictions_are_listed(found: Found) -> None:
    with pytest.raises(OptionError) as caught:
        learned(found, form="polar", symmetry="none", library="linear", degree=1)
    assert len(str(caught.value).splitlines()) == 3


def test_what_a_result_does_not_have(found: Found, spirals: Callable[..., Recordings]) -> None:
    paths = spirals(0.0)
    with pytest.raises(DataError, match=r"there are no learned coordinates.*ask for --in data"):
        learned((make(), paths), space="latent")
    with pytest.raises(DataError, match=r"the seeds do not agree on a group.*--symmetry none"):
        learned((make(has_consensus=False), paths))
    with pytest.raises(DataError, match="not to finite groups or moves of pictures"):
        learned((make(order=7), paths))
    with pytest.raises(DataError, match=r"2 generators on 'V2'. Ask for --form cartesian"):
        learned((make(torch.stack([TURN, BOOST])), paths), form="polar")
    with pytest.raises(DataError, match="generator that turns a plane; this one"):
        learned((make(BOOST[None]), paths), form="polar")
    result, recordings = found
    split = replace(result, has_consensus=False)
    assert learned((split, recordings), symmetry="none").group == ""
