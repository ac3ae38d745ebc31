"""The sparse equation: values, thresholds, words, stacking."""

from __future__ import annotations

import torch

from symdisc.testing import check_stacked
from symdisc_laligan.sindy.equation import SparseEquation, equation_text, equations
from symdisc_laligan.sindy.library import FunctionLibrary

LIBRARY = FunctionLibrary(2, 1)


def turning(speed: float = 2.0, small: float = 0.01) -> SparseEquation:
    equation = SparseEquation(LIBRARY, 2)
    equation.weight.data.copy_(torch.tensor([[small, 0.0], [0.0, speed], [-speed, 0.0]]))
    return equation


def test_velocities_are_combinations_of_the_library() -> None:
    z = torch.tensor([[1.0, 0.5]])
    torch.testing.assert_close(turning(small=0.0)(z), torch.tensor([[-1.0, 2.0]]))
    torch.testing.assert_close(turning().size(), torch.tensor(4.01))


def test_small_coefficients_are_cut_for_good() -> None:
    equation = turning()
    assert equation.cut(torch.tensor(0.05)) == 2
    equation.weight.data.fill_(3.0)
    assert equation.coefficients().count_nonzero() == 2


def test_all_seeds_start_alike_and_are_cut_apart() -> None:
    ensemble = equations(LIBRARY, 2, 3, torch.device("cpu"))
    before = ensemble.call("coefficients")
    assert (before == before[0]).all()
    assert ensemble.call("cut", torch.tensor([0.0, 1.0, 0.0])).tolist() == [6, 0, 6]


def test_stacked_and_single_forms_agree() -> None:
    members = [turning(), turning(1.0), SparseEquation(LIBRARY, 2)]
    check_stacked(members, torch.randn(3, 5, 2))


def test_in_words() -> None:
    text = equation_text(torch.tensor([[0.5, 0.0], [0.0, 0.0], [-1.25, 0.0]]), LIBRARY.names)
    assert text == "dz1/dt = +0.5 -1.25 z2; dz2/dt = 0"
