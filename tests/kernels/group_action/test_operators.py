"""The torch operators: what torch itself demands of them, derivatives, vmap, compilation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck, gradgradcheck

from symdisc.testing import Problem
from symdisc_kernels import expm, group_action, use_backend
from symdisc_kernels.group_action.cpu.backend import OPERATORS, CpuBackend

CPU = torch.device("cpu")
DTYPES = [torch.float32, torch.float64]
# The compiler warns about its own code and about things that are not there.
quiet = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


def arguments(dtype: torch.dtype, problem: Problem | None = None) -> tuple[Tensor, Tensor, Tensor]:
    problem = problem or Problem(3, k=2, components=2, batch=4)
    z, generators, points = problem.arguments(dtype, CPU)
    return z.requires_grad_(), generators.requires_grad_(), points.requires_grad_()


@quiet
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("requires_grad", [True, False])
def test_torch_finds_no_fault_with_them(dtype: torch.dtype, requires_grad: bool) -> None:
    given = arguments(dtype)
    group_action(*given)  # loads the kernel
    matrices = given[1].detach()
    gradient = torch.ones_like(given[2])
    cases: list[tuple[Any, list[Tensor]]] = [
        (OPERATORS.group_action, [*given]),
        (OPERATORS.group_action_backward, [*given, gradient]),
        (OPERATORS.expm, [matrices]),
        (OPERATORS.expm_backward, [matrices, torch.ones_like(matrices)]),
    ]
    for operator, tensors in cases:
        inputs = [tensor.detach().requires_grad_(requires_grad) for tensor in tensors]
        result = torch.library.opcheck(operator, tuple(inputs))
        assert set(result.values()) == {"SUCCESS"}


@pytest.mark.parametrize(
    "problem",
    [
        Problem(3, k=2, components=2, batch=4),
        Problem(2, k=3, batch=3, leading=(2,)),
        Problem(5, batch=2, norm=4.0),
        Problem(1, components=3),
    ],
)
def test_first_and_second_derivatives_of_the_action(problem: Problem) -> None:
    given = arguments(torch.float64, problem)
    backend = CpuBackend()
    assert gradcheck(backend.group_action, given)
    assert gradgradcheck(backend.group_action, given)


@pytest.mark.parametrize("norm", [0.1, 1.0, 5.0])
def test_first_and_second_derivatives_of_the_exponential(norm: float) -> None:
    (_, matrices, _) = arguments(torch.float64, Problem(3, k=4, norm=norm))
    backend = CpuBackend()
    assert gradcheck(backend.expm, (matrices,))
    assert gradgradcheck(backend.expm, (matrices,))


def test_only_what_needs_a_gradient_gets_one() -> None:
    z, generators, points = arguments(torch.float32)
    moved = group_action(z.detach(), generators, points.detach())
    moved.sum().backward()  # type: ignore[no-untyped-call]
    assert z.grad is None
    assert generators.grad is not None
    assert not group_action(z.detach(), generators.detach(), points.detach()).requires_grad


@pytest.mark.parametrize("in_dims", [(0, 0, 0), (0, None, None), (None, 1, 0), (1, None, 2)])
def test_vmap_is_one_more_leading_dimension(in_dims: tuple[int | None, ...]) -> None:
    stacked = Problem(3, k=2, components=2, batch=4, leading=(5,)).arguments(torch.float64, CPU)
    z, generators, points = (
        tensor[0] if dim is None else tensor.movedim(0, dim)
        for tensor, dim in zip(stacked, in_dims, strict=True)
    )
    found = torch.func.vmap(group_action, in_dims)(z, generators, points)
    for member in range(5):
        z, generators, points = (
            tensor[0 if dim is None else member]
            for tensor, dim in zip(stacked, in_dims, strict=True)
        )
        assert torch.allclose(found[member], group_action(z, generators, points), rtol=1e-12)


def test_vmap_of_gradients() -> None:
    def loss(z: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        return group_action(z, generators, points).sin().sum()

    stacked = Problem(3, k=2, components=2, batch=4, leading=(5,)).arguments(torch.float64, CPU)
    found = torch.func.vmap(torch.func.grad(loss, argnums=(0, 1, 2)))(*stacked)
    inputs = [tensor.requires_grad_() for tensor in stacked]
    expected = torch.autograd.grad(loss(*stacked), inputs)
    assert all(torch.allclose(a, b, rtol=1e-10) for a, b in zip(found, expected, strict=True))
    matrices = stacked[1].detach()
    both = torch.func.vmap(torch.func.vmap(expm))(matrices)
    assert torch.allclose(both, expm(matrices), rtol=1e-12)


def test_training_under_vmap() -> None:
    """As an ensemble of modules that know nothing of each other is trained."""
    stacked = arguments(torch.float64, Problem(2, leading=(3,)))
    found = torch.autograd.grad(torch.func.vmap(group_action)(*stacked).square().sum(), stacked)
    expected = torch.autograd.grad(group_action(*stacked).square().sum(), stacked)
    assert all(torch.allclose(a, b, rtol=1e-12) for a, b in zip(found, expected, strict=True))


@quiet
def test_forward_mode_is_refused_with_a_way_out() -> None:
    z, generators, points = (tensor.detach() for tensor in arguments(torch.float32))
    message = r"no forward-mode derivative .*; compute with the reference: SYMDISC_KERNEL=reference"

    def move(coefficients: Tensor) -> Tensor:
        return group_action(coefficients, generators, points)

    with pytest.raises(NotImplementedError, match=message):
        torch.func.jvp(move, (z,), (z,))
    with use_backend("reference"):
        results = torch.func.jvp(move, (z,), (torch.zeros_like(z),))
    assert torch.equal(results[1], torch.zeros_like(points))


@quiet
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_whole_graph_can_be_compiled(dtype: torch.dtype) -> None:
    def program(z: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        return group_action(2 * z, generators, points).tanh() + expm(generators).sum()

    given = arguments(dtype)
    compiled: Callable[..., Tensor] = torch.compile(program, fullgraph=True, backend="aot_eager")
    found, expected = compiled(*given), program(*given)
    assert torch.allclose(found, expected)
    of_found = torch.autograd.grad(found.sum(), given)
    of_expected = torch.autograd.grad(expected.sum(), given)
    assert all(torch.allclose(a, b) for a, b in zip(of_found, of_expected, strict=True))


@quiet
@pytest.mark.parametrize("dynamic", [None, True])
def test_compiled_programs_take_other_sizes(dynamic: bool | None) -> None:
    torch._dynamo.reset()
    compiled = torch.compile(group_action, fullgraph=True, backend="aot_eager", dynamic=dynamic)
    for problem in (Problem(3), Problem(5, k=2, batch=9), Problem(2, components=3)):
        given = arguments(torch.float32, problem)
        assert torch.allclose(compiled(*given), group_action(*given))


@quiet
def test_blocks_are_compiled_too_and_load_what_they_need_while_tracing() -> None:
    def program(z: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        return group_action(z, generators, points, blocks=((0, 2), (1, 3)))

    given = arguments(torch.float32, Problem(4, k=2))
    compiled = torch.compile(program, fullgraph=True, backend="aot_eager")
    assert torch.allclose(compiled(*given), program(*given))
