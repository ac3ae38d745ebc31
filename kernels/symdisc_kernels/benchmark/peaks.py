"""What the machine can do at most: measured on a CPU core, looked up for a GPU."""

from __future__ import annotations

import ctypes
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from symdisc_kernels.group_action.cpu.compiler import BuildError, shared_library

_SOURCE = Path(__file__).parent / "source" / "peaks.cpp"
_SIZE = 1 << 28  # bytes: far more than any cache
_REPEATS = 5

# Sustained rates of float32 [operations/s] and memory [bytes/s] by a part of the device's name.
_GPUS = {"H100": (60e12, 3.0e12)}


@dataclass(frozen=True)
class Peaks:
    """Highest rates of the device, ``None`` where they are not known.

    Attributes:
        operations: Multiply-adds in registers, two operations each [1/s].
        bandwidth: Memory traffic [bytes/s].
    """

    operations: float | None = None
    bandwidth: float | None = None

    def describe(self) -> str:
        """One line for people."""
        if self.operations is None or self.bandwidth is None:
            return "peak unknown"
        return f"peak {self.operations / 1e9:,.0f} GFLOP/s, {self.bandwidth / 1e9:,.0f} GB/s"


def peaks_of(device: str, dtype: torch.dtype, threads: int = 1) -> Peaks:
    """Peaks of a device for one type of number.

    On the CPU the best of several runs on one core, in CPU time: multiply-adds without memory, and
    the faster of reading and copying; several threads are taken to reach a multiple of the former.
    Unknown without a C++ compiler. GPUs are looked up in a small table.

    Args:
        device: ``cpu`` or ``cuda``.
        dtype: ``torch.float32`` or ``torch.float64``.
        threads: Threads on the CPU.
    """
    if device == "cuda":
        return gpu_peaks(torch.cuda.get_device_name(), dtype)
    try:
        core = _core(dtype)
    except BuildError:
        return Peaks()
    return Peaks(threads * (core.operations or 0.0), core.bandwidth)


def gpu_peaks(name: str, dtype: torch.dtype) -> Peaks:
    """Peaks of a GPU of this name; float64 at half the rate of float32."""
    for part, (operations, bandwidth) in _GPUS.items():
        if part in name:
            return Peaks(operations * 4 / dtype.itemsize, bandwidth)
    return Peaks()


@functools.cache
def _core(dtype: torch.dtype) -> Peaks:
    library = ctypes.CDLL(str(shared_library("peaks", [_SOURCE], what="the measurement of peaks")))
    return Peaks(_operations(library, dtype), _bandwidth(library))


def _operations(library: ctypes.CDLL, dtype: torch.dtype) -> float:
    run = library.multiply_add_float if dtype.itemsize == 4 else library.multiply_add_double
    run.argtypes, run.restype = [ctypes.c_int64], ctypes.c_double
    rounds = 2_000_000
    return rounds * int(library.operations_per_round(dtype.itemsize)) / _least(lambda: run(rounds))


def _bandwidth(library: ctypes.CDLL) -> float:
    source = torch.ones(_SIZE, dtype=torch.uint8)
    target = torch.zeros(_SIZE, dtype=torch.uint8)
    size = ctypes.c_int64(_SIZE)
    read, copy = library.read_memory, library.copy_memory
    addresses = [ctypes.c_void_p(tensor.data_ptr()) for tensor in (target, source)]
    reading = _least(lambda: read(addresses[1], size))
    copying = _least(lambda: copy(*addresses, size))
    return max(_SIZE / reading, 2 * _SIZE / copying)


def _least(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(_REPEATS):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return min(seconds)
