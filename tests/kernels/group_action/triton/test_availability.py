"""Why Triton cannot run, told without importing it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest
import torch

from symdisc_kernels.group_action.triton import unavailable

NO_TRITON = "Triton is not installed; type: pip install triton"
NO_DEVICE = "torch sees no CUDA device, and TRITON_INTERPRET=1 is not set"


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with Triton and a GPU of capability 9.0."""
    monkeypatch.delenv("TRITON_INTERPRET", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (9, 0))


def test_available_with_a_gpu() -> None:
    assert unavailable() is None


def test_no_triton(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert unavailable() == NO_TRITON


def test_no_device_unless_interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert unavailable() == NO_DEVICE
    monkeypatch.setenv("TRITON_INTERPRET", "1")
    assert unavailable() is None


def test_old_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (7, 5))
    expected = "the CUDA device has compute capability 7.5; the kernels need 8.0"
    assert unavailable() == expected


def test_importing_the_package_does_not_import_triton() -> None:
    program = (
        "import sys; from symdisc_kernels.group_action import triton; triton.unavailable(); "
        "sys.exit('triton' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
