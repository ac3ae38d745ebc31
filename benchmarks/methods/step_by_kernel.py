"""What the kernel backends are worth in a whole LieGAN step, at the published batch and at 8192.

Needs the data set of the original repository, like ``original_two_body.py``:

    OMP_NUM_THREADS=1 taskset -c 0 python benchmarks/methods/step_by_kernel.py
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, final

import numpy as np
import torch
from original_two_body import train
from recording import record
from torch import Tensor

from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc_kernels import KernelBackend, current_backend, register_backend, use_backend

BACKENDS = ("reference", "taylor", "cpu")
# Batch size, and steps of the shorter and the longer of the two runs that are compared.
RUNS = ((64, 100, 400), (8192, 5, 20))
REPEATS = 5


@final
class Listening(KernelBackend):
    """Another backend, with an ear for what it is asked to compute."""

    def __init__(self, name: str) -> None:
        with use_backend(name):
            self._backend = current_backend()
        self.heard: tuple[Tensor, ...] = ()

    def unavailable(self) -> str | None:
        """See :class:`KernelBackend`."""
        return self._backend.unavailable()

    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        self.heard = tuple(t.detach().clone() for t in (coefficients, generators, points))
        return self._backend.group_action(coefficients, generators, points)

    def group_elements(self, coefficients: Tensor, generators: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        return self._backend.group_elements(coefficients, generators)

    def expm(self, matrices: Tensor) -> Tensor:
        """See :class:`KernelBackend`."""
        return self._backend.expm(matrices)

    def again(self) -> None:
        """What was heard last, forward and backward; points need no gradient here."""
        z, generators, points = self.heard
        moved = self._backend.group_action(z, generators.requires_grad_(), points)
        torch.autograd.grad(moved.sum(), generators)


def main() -> None:
    """Measure and write the result file."""
    folder = Path(os.environ.get("SYMDISC_PARITY_DATA", "../shared/data"))
    states = np.load(folder / "two_body.npz")["coords_reordered"]
    samples = prepare(states, representation="V8")
    rows = []
    for batch, few, many in RUNS:
        for backend in BACKENDS:
            rows.append(measure(samples, backend, batch, few, many))
            print(rows[-1])
    record("step_by_kernel", rows)


def measure(samples: Samples, backend: str, batch: int, few: int, many: int) -> dict[str, Any]:
    """CPU milliseconds of a step of the paper preset, and of the kernel's part of it."""
    more = {"method.batch_size": batch}
    listening = Listening(backend)
    register_backend(f"listening {backend} {batch}", listening)
    with use_backend(f"listening {backend} {batch}"):
        train(samples, "paper", 0, 1, 3, more)
    per_step = []
    with use_backend(backend):
        for seed in range(REPEATS):
            times = [train(samples, "paper", seed, 1, steps, more)[1] for steps in (few, many)]
            per_step.append((times[1] - times[0]) / (many - few) * 1e3)
    alone = cpu_milliseconds(listening.again, 200 if batch < 1000 else 20)
    step = statistics.median(per_step)
    return {
        "preset": "paper",
        "batch_size [1]": batch,
        "backend": backend,
        "cpu_time_per_step [ms]": round(step, 3),
        "smallest [ms]": round(min(per_step), 3),
        "largest [ms]": round(max(per_step), 3),
        "kernel_alone [ms]": round(alone, 3),
        "kernel_share [1]": round(alone / step, 3),
    }


def cpu_milliseconds(call: Callable[[], None], repetitions: int) -> float:
    """Median of several rounds."""
    call()
    rounds: Sequence[float] = [_one_round(call, repetitions) for _ in range(REPEATS)]
    return statistics.median(rounds)


def _one_round(call: Callable[[], None], repetitions: int) -> float:
    begun = time.process_time()
    for _ in range(repetitions):
        call()
    return (time.process_time() - begun) / repetitions * 1e3


if __name__ == "__main__":
    main()
