from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from symdisc.testing import PROBLEMS, ConformanceError, Problem, check_kernel_backend
from symdisc_kernels import KernelBackend
from symdisc_kernels.group_action.reference import ReferenceBackend


class Good(KernelBackend):
    """Everything else in this file differs from it in one place."""

    def unavailable(self) -> str | None:
        return None

    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        return points @ self.group_elements(coefficients, generators).mT

    def group_elements(self, coefficients: Tensor, generators: Tensor) -> Tensor:
        return self.expm(torch.einsum("...bk,...kij->...bij", coefficients, generators))

    def expm(self, matrices: Tensor) -> Tensor:
        return ReferenceBackend().expm(matrices)


class Unavailable(Good):
    def unavailable(self) -> str | None:
        return "no compiler"


class PlainTorch(Good):
    def expm(self, matrices: Tensor) -> Tensor:
        result: Tensor = torch.linalg.matrix_exp(matrices)
        return result


class Transposed(Good):
    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        return points @ self.group_elements(coefficients, generators)


class NoGradient(Good):
    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        return super().group_action(coefficients.detach(), generators, points)


class HalfGradient(Good):
    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        half = 0.5 * (coefficients + coefficients.detach())
        return super().group_action(half, generators, points)


class OnceOnly(Good):
    """Its gradient is right, but a constant."""

    def expm(self, matrices: Tensor) -> Tensor:
        result: Tensor = _Once.apply(matrices)  # type: ignore[no-untyped-call]
        return result


class _Once(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, matrices: Tensor) -> Tensor:
        ctx.save_for_backward(matrices)
        return ReferenceBackend().expm(matrices)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (matrices,) = ctx.saved_tensors
        with torch.enable_grad():
            again = matrices.detach().requires_grad_()
            exponentials = ReferenceBackend().expm(again)
        exponentials.backward(gradient)  # type: ignore[no-untyped-call]
        result: Tensor = again.grad
        return result


class WantsContiguous(Good):
    def expm(self, matrices: Tensor) -> Tensor:
        return super().expm(matrices.view(-1, *matrices.shape[-2:])).view(matrices.shape)

    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        n = generators.shape[-1]
        flat = generators.view(*generators.shape[:-2], n * n).view(generators.shape)
        return super().group_action(coefficients, flat, points)


class OverwritesPoints(Good):
    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        moved = super().group_action(coefficients, generators, points)
        points.data.zero_()
        return moved


class WrongType(Good):
    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        return super().group_action(coefficients, generators, points).double()


class SpreadsNaN(Good):
    def expm(self, matrices: Tensor) -> Tensor:
        return super().expm(matrices) + 0 * matrices.sum()


class HidesNaN(Good):
    def expm(self, matrices: Tensor) -> Tensor:
        return super().expm(matrices).nan_to_num(0.0)


@pytest.mark.parametrize("backend", [Good(), ReferenceBackend()])
def test_good_backends_pass(backend: KernelBackend) -> None:
    check_kernel_backend(backend)


def test_the_reference_passes_in_half_precision() -> None:
    # e^20 is beyond the largest number of float16.
    problems = [problem for problem in PROBLEMS if problem.norm < 6]
    check_kernel_backend(
        ReferenceBackend(), problems=problems, dtypes=[torch.float16, torch.bfloat16]
    )


@pytest.mark.parametrize(
    ("backend", "message"),
    [
        (Unavailable(), "Unavailable cannot run here: no compiler"),
        (Transposed(), r"Transposed.group_action on Problem\(n=2, .* in float32: they differ by"),
        (NoGradient(), "the gradient of NoGradient.group_action on .* raised RuntimeError"),
        (HalfGradient(), "HalfGradient.group_action on .*, gradient in argument 0: they differ"),
        (OnceOnly(), "OnceOnly.expm on .*, second derivative raised RuntimeError"),
        (WantsContiguous(), "WantsContiguous.group_action on .* raised RuntimeError: view size"),
        (OverwritesPoints(), "OverwritesPoints.group_action on .*: an argument was changed"),
        (WrongType(), "group_action on .* in float32: type torch.float64 of the result"),
        (
            SpreadsNaN(),
            "SpreadsNaN in float32, one element of nan, group_action: others: they differ",
        ),
        (HidesNaN(), "HidesNaN in float32, one element of nan, group_action: no NaN where it must"),
        (ReferenceBackend, "must be an instance of a KernelBackend; got <class"),
    ],
)
def test_broken_promises_are_named(backend: Any, message: str) -> None:
    with pytest.raises(ConformanceError, match=message):
        check_kernel_backend(backend)


def test_torch_itself_fails_on_one_matrix() -> None:
    """The fault that the reference backend is there to keep out; else it may be simplified."""
    problems = [Problem(3, batch=1, norm=norm) for norm in (0.38, 0.4, 0.42)]
    check_kernel_backend(ReferenceBackend(), problems=problems, dtypes=[torch.float32])
    with pytest.raises(ConformanceError, match=r"batch=1, .* in float32: they differ by"):
        check_kernel_backend(PlainTorch(), problems=problems, dtypes=[torch.float32])


def test_the_problems_cover_what_they_should() -> None:
    assert {problem.n for problem in PROBLEMS} >= set(range(1, 9))
    assert {problem.batch for problem in PROBLEMS} >= {0, 1, 5}
    assert any(problem.blocks for problem in PROBLEMS)
    layouts = [p.arguments(torch.float32, torch.device("cpu")) for p in PROBLEMS]
    assert any(not generators.is_contiguous() for _, generators, _ in layouts)
    assert {len(p.leading) for p in PROBLEMS} >= {0, 1, 2}
