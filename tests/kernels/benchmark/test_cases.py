"""Problems have the sizes and the norm that are asked for."""

from __future__ import annotations

import pytest
import torch

from symdisc_kernels.benchmark import Case, make_problem
from symdisc_kernels.benchmark.cases import memory_of_device


def _norms(case: Case) -> torch.Tensor:
    problem = make_problem(case)
    exponents = torch.einsum("bk,kij->bij", problem.coefficients, problem.generators)
    return exponents.abs().sum(1).amax(1)


def test_shapes_and_types() -> None:
    problem = make_problem(Case(3, 2, 4, batch=5, dtype=torch.float64))
    assert problem.coefficients.shape == (5, 2)
    assert problem.generators.shape == (2, 3, 3)
    assert problem.points.shape == problem.gradient.shape == (5, 4, 3)
    assert {tensor.dtype for tensor in problem.arguments} == {torch.float64}
    assert not torch.equal(problem.points, problem.gradient)


@pytest.mark.parametrize("norm", [0.1, 1.0, 30.0])
def test_the_mean_norm_is_the_one_asked_for(norm: float) -> None:
    case = Case(4, batch=500, norm=norm)
    assert float(_norms(case).mean()) == pytest.approx(norm, rel=1e-4)
    assert torch.allclose(make_problem(case).norms(), _norms(case))


def test_norms_of_huge_matrices_are_those_of_a_few() -> None:
    assert make_problem(Case(2100, k=1, batch=9)).norms().shape == (3,)


def test_the_same_seed_gives_the_same_numbers() -> None:
    case = Case(2, batch=7)
    one, same, other = make_problem(case), make_problem(case), make_problem(case, seed=1)
    assert torch.equal(one.points, same.points)
    assert not torch.equal(one.points, other.points)


def test_the_first_samples() -> None:
    problem = make_problem(Case(2, batch=7))
    few = problem.first(3)
    assert torch.equal(few.points, problem.points[:3])
    assert torch.equal(few.gradient, problem.gradient[:3])
    assert few.coefficients.shape == (3, 3)
    assert few.generators is problem.generators


def test_memory() -> None:
    # z, x and y are 3 + 2 + 2 numbers a sample, and so are their gradients.
    assert Case(2, batch=10).bytes == 2 * 10 * 7 * 4
    assert memory_of_device("cpu") > 1 << 28


def test_type_names() -> None:
    assert [Case(2, dtype=d).type_name for d in (torch.float32, torch.float64)] == [
        "float32",
        "float64",
    ]
