"""What every part of ``gpu.py`` is given, and the processes that share the device."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import torch

from symdisc_kernels.benchmark import Row, origin, write_csv

MILLION = 1_000_000
"""Samples of a timed problem."""


@dataclass(frozen=True)
class Job:
    """What is asked for.

    Attributes:
        folder: Where results are written.
        quick: Fewer sizes.
        device: Where tensors are.
        backend: The backend that is judged.
        contenders: Whom it is compared with in the benchmark; all, if empty.
    """

    folder: Path
    quick: bool = False
    device: str = "cuda"
    backend: str = "triton"
    contenders: tuple[str, ...] = ()

    def write(self, part: str, rows: Sequence[Row]) -> None:
        """Write the CSV file of a part."""
        write_csv(self.folder / f"{part}.csv", rows, origin(self.device_name))

    @property
    def device_name(self) -> str:
        """What the device calls itself."""
        return torch.cuda.get_device_name() if self.device == "cuda" else "CPU"


def workers() -> ProcessPoolExecutor:
    """Processes that share the device, each with a compiler of its own."""
    count = max(1, min(12, (os.cpu_count() or 1) - 1))
    return ProcessPoolExecutor(count, multiprocessing.get_context("spawn"))
