"""The plain Taylor code computes what it is compared for."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc_kernels.benchmark import Case, make_problem
from symdisc_kernels.benchmark.plain_taylor import taylor_action


def _exact(z: Tensor, generators: Tensor, points: Tensor) -> Tensor:
    exponents = torch.einsum("bk,kij->bij", z, generators)
    return torch.einsum("bij,bcj->bci", torch.linalg.matrix_exp(exponents), points)


@pytest.mark.parametrize("norm", [0.01, 1.0, 8.0])
@pytest.mark.parametrize("n", [1, 2, 5])
def test_results_and_gradients(n: int, norm: float) -> None:
    problem = make_problem(Case(n, 3, 2, batch=40, dtype=torch.float64, norm=norm))
    leaves = tuple(tensor.requires_grad_() for tensor in problem.arguments)
    y, exact = taylor_action(*leaves), _exact(*leaves)
    torch.testing.assert_close(y, exact, rtol=1e-11, atol=1e-11)
    found = torch.autograd.grad(y, leaves, problem.gradient)
    expected = torch.autograd.grad(exact, leaves, problem.gradient)
    for gradient, other in zip(found, expected, strict=True):
        torch.testing.assert_close(gradient, other, rtol=1e-9, atol=1e-9 * float(other.abs().max()))


def test_float32() -> None:
    problem = make_problem(Case(3, batch=100))
    exact = _exact(*(tensor.double() for tensor in problem.arguments))
    error = (taylor_action(*problem.arguments) - exact).norm() / exact.norm()
    assert float(error) < 1e-6
