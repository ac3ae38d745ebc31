"""Every contender computes the action, and all three gradients where it has any."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from symdisc_kernels import KernelBackend, register_backend, selection
from symdisc_kernels.benchmark import Case, Contender, known_contenders, make_problem
from symdisc_kernels.benchmark.contenders import default_names
from symdisc_kernels.group_action.reference import ReferenceBackend

CASE = Case(3, 2, 2, batch=20)
TORCH_NAMES = ("torch", "taylor-baddbmm", "taylor", "reference")


def _expected() -> tuple[torch.Tensor, tuple[torch.Tensor, ...]]:
    problem = make_problem(CASE)
    leaves = [tensor.double().requires_grad_() for tensor in problem.arguments]
    y = ReferenceBackend().group_action(*leaves)
    return y.detach(), torch.autograd.grad(y, leaves, problem.gradient.double())


@pytest.mark.parametrize("name", TORCH_NAMES)
def test_gradients_are_taken_of_all_arguments(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    grad = torch.autograd.grad

    def spy(y: Any, leaves: Any, gradient: Any) -> Any:
        seen.append((y.detach(), grad(y, leaves, gradient)))
        return seen[-1][1]

    run = known_contenders()[name].bind(make_problem(CASE), "forward+backward")
    assert run is not None
    expected, expected_gradients = _expected()
    monkeypatch.setattr(torch.autograd, "grad", spy)
    run(2)
    assert len(seen) == 2
    torch.testing.assert_close(seen[0][0].double(), expected, rtol=1e-4, atol=1e-4)
    for found, other in zip(seen[0][1], expected_gradients, strict=True):
        torch.testing.assert_close(found.double(), other, rtol=1e-4, atol=1e-4)


class _Counting(KernelBackend):
    """Counts calls, and how many of them were to be differentiated."""

    def __init__(self) -> None:
        self.calls: list[bool] = []

    def unavailable(self) -> str | None:
        return None

    def group_action(self, coefficients: Any, generators: Any, points: Any) -> Any:
        self.calls.append(torch.is_grad_enabled())
        return points * coefficients.sum() * generators.sum()

    def group_elements(self, coefficients: Any, generators: Any) -> Any:
        raise NotImplementedError

    def expm(self, matrices: Any) -> Any:
        raise NotImplementedError


def test_a_registered_backend_is_a_contender(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = _Counting()
    monkeypatch.setattr(selection, "_BACKENDS", dict(selection._BACKENDS))
    register_backend("counting", backend)
    assert "counting" in default_names("cpu")
    contender = known_contenders()["counting"]
    assert contender.measured_batch(Case(8, batch=10_000_000)) == 10_000_000
    for direction, expected in (("forward", False), ("forward+backward", True)):
        run = contender.bind(make_problem(CASE), direction)  # type: ignore[arg-type]
        assert run is not None
        run(3)
        assert backend.calls == [expected] * 3
        backend.calls.clear()


def test_scipy_computes_the_action_and_has_no_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    results: list[Any] = []
    einsum = np.einsum

    def spy(*arguments: Any) -> Any:
        results.append(einsum(*arguments))
        return results[-1]

    contender = known_contenders()["scipy"]
    run = contender.bind(make_problem(CASE), "forward")
    assert run is not None
    assert contender.bind(make_problem(CASE), "forward+backward") is None
    monkeypatch.setattr(np, "einsum", spy)
    run(1)
    np.testing.assert_allclose(results[-1], _expected()[0], rtol=1e-4, atol=1e-5)


def test_large_batches_are_cut_for_what_allocates_matrices() -> None:
    known = known_contenders()
    million = Case(8, batch=1_000_000)
    assert known["torch"].measured_batch(million) == 100_000
    assert known["scipy"].measured_batch(million) == 5_000
    assert known["cpu"].measured_batch(million) == 1_000_000
    assert known["torch"].measured_batch(Case(8, batch=64)) == 64
    # No fused kernel is that large.
    assert known["cpu"].measured_batch(Case(20, batch=1_000_000)) == 16_000
    assert known["torch"].measured_batch(Case(10_000)) == 1


def test_a_gpu_is_filled_to_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (480_000, 1_000_000))
    assert known_contenders()["torch"].measured_batch(Case(2, batch=10_000, device="cuda")) == 250
    # With more than that, five matrices of size 2n a sample have more than 2^31 numbers.
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (10**13, 10**13))
    large = Case(12, batch=10**6, device="cuda")
    assert known_contenders()["torch"].measured_batch(large) == 745_654


def test_why_a_contender_cannot_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    known = known_contenders()
    assert known["jax"].unavailable("cpu") == "JAX is not installed; type: pip install jax"
    assert known["scipy"].unavailable("cuda") == "it computes on the CPU, not on cuda"
    assert known["torch"].unavailable("cuda") is None
    reason = known["triton"].unavailable("cpu")
    assert reason is not None
    assert "triton" in reason


def test_what_is_compared_by_default() -> None:
    names = default_names("cpu")
    assert names[0] == "torch"
    assert {"taylor-baddbmm", "taylor", "scipy"} <= set(names)
    assert not {"reference", "triton"} & set(names)


def test_names_are_those_of_the_table() -> None:
    assert all(
        isinstance(c, Contender) and c.name == name for name, c in known_contenders().items()
    )
