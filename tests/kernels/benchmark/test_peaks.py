"""What the machine can do at most."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
import torch

from symdisc_kernels.benchmark import Peaks, peaks, peaks_of


@pytest.fixture
def nothing_known() -> Iterator[None]:
    """Peaks are measured anew, and again after the test."""
    peaks._core.cache_clear()
    yield
    peaks._core.cache_clear()


needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="there is no C++ compiler")


@needs_compiler
def test_a_core_is_measured() -> None:
    narrow, wide = (peaks_of("cpu", dtype) for dtype in (torch.float32, torch.float64))
    assert narrow.operations is not None
    assert wide.operations is not None
    assert narrow.bandwidth is not None
    assert 1e9 < wide.operations < narrow.operations < 1e12
    assert 1.4 < narrow.operations / wide.operations < 2.8
    assert 0.5e9 < narrow.bandwidth < 1e12


@needs_compiler
def test_threads_multiply_operations_but_not_bandwidth() -> None:
    one, two = (peaks_of("cpu", torch.float32, threads) for threads in (1, 2))
    assert two.operations == 2 * (one.operations or 0)
    assert two.bandwidth == one.bandwidth


@pytest.mark.usefixtures("nothing_known")
def test_unknown_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "/no/such/compiler")
    assert peaks_of("cpu", torch.float32) == Peaks()


@pytest.mark.parametrize(
    ("name", "dtype", "expected"),
    [
        ("NVIDIA H100 80GB HBM3", torch.float32, Peaks(60e12, 3e12)),
        ("NVIDIA H100 80GB HBM3", torch.float64, Peaks(30e12, 3e12)),
        ("NVIDIA GeForce GT 1030", torch.float32, Peaks()),
    ],
)
def test_gpus_are_looked_up(name: str, dtype: torch.dtype, expected: Peaks) -> None:
    assert peaks.gpu_peaks(name, dtype) == expected


def test_the_name_is_that_of_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "NVIDIA H100 PCIe")
    assert peaks_of("cuda", torch.float32).operations == 60e12


def test_descriptions() -> None:
    assert Peaks(120e9, 20e9).describe() == "peak 120 GFLOP/s, 20 GB/s"
    assert Peaks().describe() == "peak unknown"
