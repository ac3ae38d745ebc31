"""The interpreter in a process of its own, and exact values to compare with."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

WORKER = Path(__file__).with_name("interpreter_worker.py")
_FLOOR = {torch.float32: 1e-6, torch.float64: 1e-14, torch.bfloat16: 8e-3, torch.float16: 1e-3}


@pytest.fixture(scope="session")
def interpreted() -> Iterator[Callable[..., Any]]:
    """Call ``interpreted(name, *arguments)``: a function of the package or of ``probes.py``."""
    environment = {**os.environ, "TRITON_INTERPRET": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "ignore", str(WORKER)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def call(name: str, *arguments: Any) -> Any:
            pickle.dump((name, arguments), stdin)
            stdin.flush()
            done, answer = pickle.load(stdout)
            assert done, answer
            return answer

        yield call
        stdin.close()


@pytest.fixture(scope="session")
def problem() -> Callable[..., tuple[Tensor, Tensor, Tensor, Tensor]]:
    """Make z, L, x and gy; ``norms`` are the 1-norms of the exponents, one for each element."""
    return _problem


def _problem(
    n: int, k: int, c: int, norms: Tensor, dtype: torch.dtype, leading: tuple[int, ...] = ()
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    rng = torch.Generator().manual_seed(100 * n + 10 * k + c)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*leading, *shape, generator=rng, dtype=torch.float64)

    batch = len(norms)
    z, generators, x, gy = (
        normal(batch, k),
        normal(k, n, n),
        normal(batch, c, n),
        normal(batch, c, n),
    )
    exponents = torch.einsum("...bk,...kij->...bij", z, generators)
    z = z * (norms / exponents.abs().sum(-2).amax(-1).clamp_min(1e-30))[..., None]
    return z.to(dtype), generators.to(dtype), x.to(dtype), gy.to(dtype)


@pytest.fixture(scope="session")
def gradients() -> Callable[..., tuple[Tensor, ...]]:
    """Compute y, gz, gL and gx with plain torch in a given type."""
    return _gradients


def _gradients(
    z: Tensor, generators: Tensor, x: Tensor, gy: Tensor, dtype: torch.dtype = torch.float64
) -> tuple[Tensor, ...]:
    inputs = [t.detach().to(dtype).requires_grad_() for t in (z, generators, x)]
    exponents = torch.einsum("...bk,...kij->...bij", inputs[0], inputs[1])
    y = torch.einsum("...bij,...bcj->...bci", _expm(exponents), inputs[2])
    return (y.detach(), *torch.autograd.grad(y, inputs, gy.to(dtype)))


@pytest.fixture(scope="session")
def matrix_gradients() -> Callable[..., tuple[Tensor, ...]]:
    """Compute exp(A) and the gradient in A with plain torch in a given type."""
    return _matrix_gradients


def _matrix_gradients(
    a: Tensor, gradient: Tensor, dtype: torch.dtype = torch.float64
) -> tuple[Tensor, ...]:
    given = a.detach().to(dtype).requires_grad_()
    e = _expm(given)
    return (e.detach(), *torch.autograd.grad(e, given, gradient.to(dtype)))


def _expm(matrices: Tensor) -> Tensor:
    # Two copies of each: torch computes a batch of one matrix less exactly.
    n = matrices.shape[-1]
    flat = matrices.reshape(-1, n, n)
    twice: Tensor = torch.linalg.matrix_exp(torch.cat([flat, flat]))
    return twice[: len(flat)].reshape(matrices.shape)


@pytest.fixture(scope="session")
def assert_close() -> Callable[..., None]:
    """Assert that results are at most twice as far from the exact ones as plain torch's.

    Relative errors over the whole tensor, with the floor of the type; ``at_least`` raises it.
    """
    return _assert_close


def _assert_close(
    found: tuple[Tensor, ...],
    exact: tuple[Tensor, ...],
    plain: tuple[Tensor, ...] | None = None,
    at_least: float = 0.0,
) -> None:
    for place, (mine, truth) in enumerate(zip(found, exact, strict=True)):
        assert mine.shape == truth.shape
        allowed = max(_FLOOR[mine.dtype], at_least)
        if plain is not None:
            allowed = max(allowed, 2 * _error(plain[place], truth))
        assert _error(mine, truth) <= allowed, f"result {place}"


def _error(found: Tensor, exact: Tensor) -> float:
    size = float(exact.norm())
    distance = float((found.double() - exact).norm())
    return distance / size if size > 0 else distance
