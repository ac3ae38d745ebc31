"""The interpreter in a process of its own, and exact values to compare with."""

from __future__ import annotations

import math
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import Tensor

Extended = npt.NDArray[np.longdouble]
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
    """Compute y, gz, gL and gx in extended precision, or with plain torch in a given type."""
    return _gradients


def _gradients(
    z: Tensor, generators: Tensor, x: Tensor, gy: Tensor, dtype: torch.dtype | None = None
) -> tuple[Tensor, ...]:
    if dtype is None:
        a = np.einsum("...bk,...kij->...bij", _extended(z), _extended(generators))
        outer = np.einsum("...bci,...bcj->...bij", _extended(gy), _extended(x))
        e, gradient = _exact_pair(a, outer)
        results = (
            np.einsum("...bij,...bcj->...bci", e, _extended(x)),
            np.einsum("...bij,...kij->...bk", gradient, _extended(generators)),
            np.einsum("...bk,...bij->...kij", _extended(z), gradient),
            np.einsum("...bji,...bcj->...bci", e, _extended(gy)),
        )
        return tuple(torch.from_numpy(result.astype(float)) for result in results)
    inputs = [t.detach().to(dtype).requires_grad_() for t in (z, generators, x)]
    exponents = torch.einsum("...bk,...kij->...bij", inputs[0], inputs[1])
    y = torch.einsum("...bij,...bcj->...bci", torch.linalg.matrix_exp(exponents), inputs[2])
    return (y.detach(), *torch.autograd.grad(y, inputs, gy.to(dtype)))


@pytest.fixture(scope="session")
def matrix_gradients() -> Callable[..., tuple[Tensor, ...]]:
    """Compute exp(A) and the gradient in A, as ``gradients`` does."""
    return _matrix_gradients


def _matrix_gradients(
    a: Tensor, gradient: Tensor, dtype: torch.dtype | None = None
) -> tuple[Tensor, ...]:
    if dtype is None:
        pair = _exact_pair(_extended(a), _extended(gradient))
        return tuple(torch.from_numpy(result.astype(float)) for result in pair)
    given = a.detach().to(dtype).requires_grad_()
    e = torch.linalg.matrix_exp(given)
    return (e.detach(), *torch.autograd.grad(e, given, gradient.to(dtype)))


def _extended(values: Tensor) -> Extended:
    return values.detach().double().numpy().astype(np.longdouble)


def _exact_pair(a: Extended, gradient: Extended) -> tuple[Extended, Extended]:
    """exp(A) and the gradient of <G, exp(A)> in A: Taylor series and squarings of both.

    Exact to a few units of 2^-64 on x86, far below what a kernel in float64 can show.
    """
    t = np.swapaxes(a, -1, -2)
    halvings = max(0, math.ceil(math.log2(float(np.abs(t).sum(-2).max(initial=2.0**-9)))) + 3)
    t, f = t / 2**halvings, gradient / 2**halvings
    e = df = np.zeros_like(t)
    e = e + np.eye(t.shape[-1], dtype=np.longdouble)
    for degree in range(20, 0, -1):
        df = (f @ e + t @ df) / degree
        e = np.eye(t.shape[-1], dtype=np.longdouble) + t @ e / degree
    for _ in range(halvings):
        e, df = e @ e, e @ df + df @ e
    return np.swapaxes(e, -1, -2), df


@pytest.fixture(scope="session")
def assert_close() -> Callable[..., None]:
    """Assert that results are at most twice as far from the exact ones as plain torch's.

    Relative errors with the floor of the type, which ``at_least`` raises.
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
    # The mean over the first dimension: elements with large exponentials would hide the others.
    if exact.numel() == 0:
        return 0.0
    sizes = exact.flatten(1).norm(dim=1)
    distances = (found.double() - exact).flatten(1).norm(dim=1)
    return float((distances / torch.where(sizes > 0, sizes, 1.0)).mean())
