"""The stage on data whose symmetry is known, in every setting."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from symdisc.algebra.spans import largest_angle
from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext
from symdisc.errors import DataError, OptionError
from symdisc.interfaces import Oracle
from symdisc.representations import Representation
from symdisc_vector_field.method import plain_matrices
from symdisc_vector_field.options import VectorFieldOptions
from symdisc_vector_field.oracles.density import Density, DensityOptions
from symdisc_vector_field.oracles.neighbours import Neighbours, NeighboursOptions
from symdisc_vector_field.oracles.polynomial import Polynomial, PolynomialOptions
from symdisc_vector_field.stage import FieldStage, Found, notes

RNG = torch.Generator().manual_seed(0)
TURN = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]])


def _samples(x: Tensor, y: Tensor | None, form: str = "", target: str | None = None) -> Samples:
    states = x if x.ndim == 3 else x[:, None]
    own = Representation.parse(form) if form else Representation.vector(x.shape[-1])
    targets = None
    if y is not None and y.is_floating_point():
        targets = Representation.parse(target or f"{y.shape[1]}*S")
    return Samples(states, torch.arange(len(x)), own, y, targets)


def _solve(samples: Samples, oracle: Oracle | None = None, **options: Any) -> Found:
    count = len(samples)
    cut = torch.arange(count) < 0.8 * count
    context = RunContext(
        samples.rows(cut),
        (0,),
        torch.device("cpu"),
        torch.Generator().manual_seed(1),
        {},
        validation=samples.rows(~cut),
        make_oracle=lambda: oracle or Polynomial(PolynomialOptions()),
    )
    found: Found = FieldStage(VectorFieldOptions(**options)).solve(context, {})["found"]
    return found


def _matrices(found: Found) -> Tensor:
    matrices = plain_matrices(found.claim)
    assert matrices is not None
    return matrices


X = torch.randn(2000, 2, generator=RNG)


@pytest.mark.parametrize("norm", ["squares", "absolute"])
@pytest.mark.parametrize("scale", ["displacement", "none"])
def test_a_rotation(norm: str, scale: str) -> None:
    y = X.square().sum(1, keepdim=True) + 0.1 * torch.randn(2000, 1, generator=RNG)
    found = _solve(_samples(X, y), norm=norm, scale=scale)
    assert (found.by_gap, found.by_defect, found.doubt) == (1, 1, "")
    assert largest_angle(TURN, _matrices(found)) < 1
    assert found.construction == ""


def test_the_density_turns_without_targets() -> None:
    found = _solve(_samples(X, None), Density(DensityOptions()), largest=0.3)
    assert largest_angle(TURN, _matrices(found)) < 5
    assert any("In two dimensions this holds by construction" in note for note in notes(found))


def test_steps_of_trajectories_turn_along() -> None:
    """The next state is a turned and shrunk one: turns and scalings commute with it."""
    step = 0.9 * torch.tensor([[0.8, -0.6], [0.6, 0.8]])
    windows = torch.stack([X, X @ step.T], dim=1)
    found = _solve(_samples(windows, None))
    assert len(found.claim.fields) == 2
    both = torch.cat([TURN, torch.eye(2)[None]])
    assert largest_angle(both, _matrices(found)) < 1
    assert found.claim.values_move == Representation.vector(2)


def test_next_states_are_not_free_to_move_otherwise() -> None:
    """Hénon's map has a pair of different matrices, which is no symmetry of the motion."""
    after = torch.stack([1 - 1.4 * X[:, 0] ** 2 + X[:, 1], 0.3 * X[:, 0]], dim=1)
    found = _solve(_samples(torch.stack([X, after], dim=1), None), output="free")
    assert found.by_gap == 0
    assert found.claim.values_move == Representation.vector(2)
    assert any("States and next states move alike" in note for note in notes(found))
    pair = _solve(_samples(X, after), output="free")
    assert pair.by_gap == 1
    assert not any("move alike" in note for note in notes(pair))


def test_targets_that_move_by_a_matrix_of_their_own() -> None:
    form = "2*V2"
    states = torch.randn(3000, 4, generator=RNG)
    tensors = torch.einsum("ni,nj->nij", states[:, :2], states[:, 2:]).flatten(1)
    found = _solve(_samples(states, tensors, form), output="tensor")
    assert found.claim.matrices is not None
    assert len(found.claim.fields) == 4
    assert found.doubt == ""
    free = _solve(_samples(states, tensors, form), output="free")
    assert len(free.claim.fields) == 4


def test_nothing_is_claimed_without_a_gap() -> None:
    y = torch.stack([X[:, 0] + 0.3 * X[:, 1] ** 2, X[:, 1] - 0.2 * X[:, 0] ** 3], dim=1)
    found = _solve(_samples(X, y))
    assert found.by_gap == 0
    assert found.doubt == (
        "among the relative defects of the library there are no values before a gap of at least 3, "
        "up to 0.1"
    )
    assert len(found.claim.fields) == 1


def test_a_number_that_is_asked_for_is_given_and_checked() -> None:
    y = X.square().sum(1, keepdim=True)
    found = _solve(_samples(X, y), n_generators=2)
    assert (found.by_gap, found.by_defect) == (2, 1)
    assert len(found.claim.fields) == 1
    lines = notes(found)
    assert "speak against 1 of those" in lines[1]


def test_the_published_rule_is_said_to_count_too_many() -> None:
    y = X.square().sum(1, keepdim=True)
    found = _solve(_samples(X, y), library="polynomial(2)", count="share", quotient=False)
    assert found.by_gap > 3
    said = " ".join(notes(found))
    assert "Symmetries are values up to 0.1 of the sum of all" in said
    assert "This published rule counts too many of 12 fields" in said
    assert "1/12 of the sum, below 0.1" in said
    assert _solve(_samples(X, y), count="share").warning == ""


def test_noise_has_no_symmetry() -> None:
    found = _solve(_samples(X, torch.randn(2000, 1, generator=RNG)), n_generators=1)
    assert len(found.claim.fields) == 1
    assert found.by_defect in (0, 1)


def test_derivatives_that_are_none_are_noted() -> None:
    y = X.square().sum(1, keepdim=True)
    found = _solve(_samples(X, y), Neighbours(NeighboursOptions()))
    assert largest_angle(TURN, _matrices(found)) < 3
    said = " ".join(notes(found))
    assert "Derivatives of F are slopes of planes" in said
    assert "F is one fitted function" in said


def test_too_much_for_the_memory_is_refused() -> None:
    wide = torch.randn(300, 60, generator=RNG)
    with pytest.raises(OptionError, match=r"1,891 functions for each of 60 components are 113,460"):
        _solve(_samples(wide, wide[:, :1]), library="polynomial(2)")
    far = 400 * X
    with pytest.raises(DataError, match=r"functions of the library 'exponential', or derivatives"):
        _solve(_samples(far, X.square().sum(1, keepdim=True)), library="exponential")


def test_what_cannot_be_solved_is_refused() -> None:
    with pytest.raises(DataError, match=r"there are no targets; take --oracle density"):
        _solve(_samples(X, None))
    scalars = _samples(X, X[:, :1], "2*S")
    with pytest.raises(DataError, match="it has only scalars"):
        _solve(scalars)
