"""``benchmarks/kernels/gpu.py``: what of it can be tested without a GPU."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from symdisc_kernels import register_backend, selection
from symdisc_kernels.benchmark import Case
from symdisc_kernels.group_action.reference import ReferenceBackend

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "kernels" / "gpu.py"


@pytest.fixture(scope="module")
def gpu() -> Iterator[ModuleType]:
    path = list(sys.path)
    spec = importlib.util.spec_from_file_location("kernel_gpu_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = path
    del sys.modules[spec.name]


class _Wrong(ReferenceBackend):
    def group_action(self, coefficients: Any, generators: Any, points: Any) -> Any:
        return super().group_action(coefficients, generators, points) * (1 + 1e-4)


def test_without_a_gpu(
    gpu: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert gpu.main([str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == (
        "gpu.py: torch sees no CUDA device; run it on a machine that has one\n"
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_right_results_pass(gpu: ModuleType, tmp_path: Path, dtype: torch.dtype) -> None:
    job = gpu.Job(tmp_path, device="cpu", backend="taylor")
    rows = gpu.check(Case(3, 3, 2, 50, torch.float64, 1.0), dtype, job)
    assert [row["output"] for row in rows] == ["y", "gz", "gL", "gx"]
    assert all(row["is_right"] for row in rows)


def test_wrong_results_are_called_wrong(
    gpu: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "_BACKENDS", dict(selection._BACKENDS))
    register_backend("wrong", _Wrong())
    job = gpu.Job(tmp_path, device="cpu", backend="wrong")
    rows = gpu.check(Case(3, 3, 2, 50, torch.float64, 1.0), torch.float32, job)
    assert not any(row["is_right"] for row in rows)


def test_lost_elements(gpu: ModuleType, tmp_path: Path) -> None:
    job = gpu.Job(tmp_path, device="cpu", backend="reference")
    assert gpu.check_lost(3, torch.float32, float("nan"), job)["is_right"]


def test_norms_of_the_problem_are_all_the_same(gpu: ModuleType) -> None:
    case = Case(3, batch=30, dtype=torch.float64, norm=1.4)
    norms = gpu.uniform_problem(case, torch.float64).norms()
    assert torch.allclose(norms, torch.full_like(norms, 1.4))


def test_a_part_that_breaks_leaves_the_others_their_turn(
    gpu: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    def broken(job: Any) -> list[str]:
        raise ValueError("no such thing")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "a device")
    monkeypatch.setitem(gpu.PARTS, "launches", broken)
    monkeypatch.setitem(gpu.PARTS, "roofline", lambda job: ["fine"])
    assert gpu.main([str(tmp_path / "out"), "--parts", "launches", "roofline"]) == 1
    printed = capsys.readouterr().out
    assert "WRONG: launches stopped: " in printed
    assert "ValueError: no such thing" in printed
    assert (tmp_path / "out" / "summary.txt").read_text(encoding="utf-8") == printed
    assert printed.endswith("fine\n")
