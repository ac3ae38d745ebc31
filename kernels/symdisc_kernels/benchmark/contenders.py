"""Ways to compute the action that are timed against each other."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

import symdisc_kernels
from symdisc_kernels.backend import BackendError
from symdisc_kernels.benchmark.cases import Case, Direction, Problem
from symdisc_kernels.benchmark.plain_taylor import taylor_action
from symdisc_kernels.benchmark.timing import Run
from symdisc_kernels.group_action.cpu.backend import MOST_SIZE
from symdisc_kernels.selection import backend_names, resolve_backend, use_backend

BASELINE = "torch"
PLAIN = ("taylor-baddbmm", "taylor")
"""Plain torch, no kernel; the faster of them is "the best plain torch code"."""

_SAME_AS_BASELINE = "reference"
Action = Callable[[Tensor, Tensor, Tensor], Tensor]

# Largest B·n² on the CPU: half a second of torch.linalg.matrix_exp, two seconds with its gradient;
# scipy takes ten microseconds for each matrix.
_MOST_ENTRIES = 6_400_000
_MOST_ENTRIES_OF_SCIPY = 320_000
# The gradient of torch.linalg.matrix_exp keeps five matrices of size 2n for each sample. With 2^31
# numbers in them (n = 12, a million samples) torch 2.11 stopped on an H100 with an illegal access.
_MOST_ENTRIES_ON_GPU = (2**31 - 1) // (5 * 4)
# Numbers that torch's matrix_exp and its gradient allocate, for each entry of the batch.
_NUMBERS_PER_ENTRY = 60


@dataclass(frozen=True)
class Contender:
    """One way to compute the action.

    Attributes:
        name: Unique name.
        bind: Makes the run for a problem and direction; ``None`` where there is no such thing.
        unavailable: Why it cannot run on this type of device, or ``None``.
        most_entries: Largest B·n² that is measured on the CPU; larger batches are extrapolated.
        is_fused: Whether it allocates no matrices up to n = 16, so that any batch is measured.
    """

    name: str
    bind: Callable[[Problem, Direction], Run | None]
    unavailable: Callable[[str], str | None]
    most_entries: int = _MOST_ENTRIES
    is_fused: bool = False

    def measured_batch(self, case: Case) -> int:
        """The largest batch, at most that of the case, that fits into memory and time."""
        if self.is_fused and case.n <= MOST_SIZE:
            return case.batch
        entries = self.most_entries
        if case.device == "cuda":
            free, _ = torch.cuda.mem_get_info()
            entries = free // (2 * _NUMBERS_PER_ENTRY * case.dtype.itemsize)
            entries = min(entries, _MOST_ENTRIES_ON_GPU)
        return max(1, min(case.batch, entries // case.n**2))


def known_contenders() -> dict[str, Contender]:
    """Every contender by its name, whether it can run here or not; the baseline first."""
    offers = [
        Contender(BASELINE, _torch(_matrix_exponential), _anywhere),
        Contender("taylor-baddbmm", _torch(taylor_action), _anywhere),
        *(_backend(name) for name in backend_names()),
        Contender("scipy", _bind_scipy, _only_cpu, _MOST_ENTRIES_OF_SCIPY),
        Contender("jax", _bind_jax, _jax_unavailable),
    ]
    return {offer.name: offer for offer in offers}


def default_names(device: str) -> list[str]:
    """Names of those that can run on this type of device, each computation once."""
    return [
        name
        for name, contender in known_contenders().items()
        if name != _SAME_AS_BASELINE and contender.unavailable(device) is None
    ]


def _anywhere(device: str) -> None:
    """Plain torch runs on any device."""


def _only_cpu(device: str) -> str | None:
    return None if device == "cpu" else f"it computes on the CPU, not on {device}"


def _matrix_exponential(coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
    exponents = torch.einsum("bk,kij->bij", coefficients, generators)
    return torch.einsum("bij,bcj->bci", torch.linalg.matrix_exp(exponents), points)


def _torch(
    action: Action, context: Callable[[], AbstractContextManager[None]] = nullcontext
) -> Callable[[Problem, Direction], Run]:
    """Runs of a function of torch tensors, with autograd for the gradients."""

    def bind(problem: Problem, direction: Direction) -> Run:
        leaves = [argument.detach().requires_grad_() for argument in problem.arguments]

        def forward(count: int) -> None:
            with context(), torch.no_grad():
                for _ in range(count):
                    action(*problem.arguments)

        def both(count: int) -> None:
            with context():
                for _ in range(count):
                    torch.autograd.grad(action(*leaves), leaves, problem.gradient)

        return forward if direction == "forward" else both

    return bind


def _backend(name: str) -> Contender:
    def unavailable(device: str) -> str | None:
        try:
            resolve_backend(name, device)
        except BackendError as error:
            return str(error)
        return None

    bind = _torch(symdisc_kernels.group_action, partial(use_backend, name))
    is_fused = name not in (*PLAIN, _SAME_AS_BASELINE)
    return Contender(name, bind, unavailable, is_fused=is_fused)


def _bind_scipy(problem: Problem, direction: Direction) -> Run | None:
    """Batched ``scipy.linalg.expm``, which has no gradient."""
    if direction != "forward":
        return None
    # Its BLAS reads this once, when it is loaded. Two threads of it that wait for each other take
    # a hundred times as long for matrices this small.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", str(torch.get_num_threads()))
    import numpy as np
    from scipy.linalg import expm

    z, generators, points = (argument.numpy() for argument in problem.arguments)

    def forward(count: int) -> None:
        for _ in range(count):
            elements = expm(np.einsum("bk,kij->bij", z, generators))
            np.einsum("bij,bcj->bci", elements, points)

    return forward


def _jax_unavailable(device: str) -> str | None:
    if importlib.util.find_spec("jax") is None:
        return "JAX is not installed; type: pip install jax"
    return _only_cpu(device)


def _bind_jax(problem: Problem, direction: Direction) -> Run:
    """``jax.scipy.linalg.expm`` under ``vmap`` and ``jit``; gradients by ``vjp``."""
    jax: Any = importlib.import_module("jax")
    jnp: Any = importlib.import_module("jax.numpy")
    if problem.points.dtype == torch.float64:
        jax.config.update("jax_enable_x64", True)
    *arguments, gradient = (
        jnp.asarray(tensor.numpy()) for tensor in (*problem.arguments, problem.gradient)
    )

    def action(z: Any, generators: Any, points: Any) -> Any:
        exponents = jnp.einsum("bk,kij->bij", z, generators)
        elements = jax.vmap(jax.scipy.linalg.expm)(exponents)
        return jnp.einsum("bij,bcj->bci", elements, points)

    def both(*values: Any) -> Any:
        _, pull_back = jax.vjp(action, *values)
        return pull_back(gradient)

    compiled = jax.jit(action if direction == "forward" else both)

    def run(count: int) -> None:
        for _ in range(count):
            jax.block_until_ready(compiled(*arguments))

    return run
