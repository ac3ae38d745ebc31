"""``benchmarks/kernels/cuda_against_triton.py``: what of it can be tested without a GPU."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor

import symdisc_kernels
from symdisc_kernels.benchmark import Case, make_problem
from symdisc_kernels.benchmark.timing import Timing

FOLDER = Path(__file__).parents[3] / "benchmarks" / "kernels"


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    path = list(sys.path)
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module("cuda_against_triton")
    sys.path[:] = path


def action(z: Tensor, generators: Tensor, x: Tensor) -> Tensor:
    with symdisc_kernels.use_backend("taylor"):
        return symdisc_kernels.group_action(z, generators, x)


def adjoint(z: Tensor, generators: Tensor, x: Tensor, gy: Tensor) -> Any:
    given = [tensor.clone().requires_grad_() for tensor in (z, generators, x)]
    return torch.autograd.grad(action(*given), given, gy)


def wrong_action(z: Tensor, generators: Tensor, x: Tensor) -> Tensor:
    return action(z, generators, x) * (1 + 1e-4)


@pytest.fixture
def on_cpu(script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A small job on the CPU, both contenders being plain torch."""
    for module, names in (
        (script.cuda_contender, ("action", "adjoint")),
        (script.triton, ("group_action", "group_action_backward")),
    ):
        for name, function in zip(names, (action, adjoint), strict=True):
            monkeypatch.setattr(module, name, function)
    monkeypatch.setattr(script, "BATCHES", (20, 50))
    monkeypatch.setattr(script, "CHUNK", 32)
    monkeypatch.setattr(script, "MILLION", 40)
    return script.Job(tmp_path, device="cpu")


def test_without_a_gpu(
    script: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert script.main([str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == (
        "cuda_against_triton.py: torch sees no CUDA device; run it on a machine that has one\n"
    )
    assert not (tmp_path / "out").exists()


def test_the_truth_in_pieces_is_the_same(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = make_problem(Case(3, batch=50, dtype=torch.float64))
    whole = script.truth_of(problem)
    monkeypatch.setattr(script, "CHUNK", 16)
    for name, value in script.truth_of(problem).items():
        torch.testing.assert_close(value, whole[name])


def test_right_results_pass(script: ModuleType, on_cpu: Any) -> None:
    assert script.correctness(on_cpu) == ["errors: 192 of 192 right"]
    lines = (on_cpu.folder / "cuda_errors.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 193


def test_wrong_results_are_called_wrong(
    script: ModuleType, on_cpu: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script.cuda_contender, "action", wrong_action)
    lines = script.correctness(on_cpu)
    assert lines[0] == "errors: 144 of 192 right"
    assert all(line.startswith("  WRONG: y for n = ") for line in lines[1:])
    assert len(lines) == 49


def test_lost_results_are_called_wrong(script: ModuleType) -> None:
    truth = torch.ones(5, 2, dtype=torch.float64)
    lost = truth.clone()
    lost[3] = float("nan")
    assert not script.judged(lost, truth, truth)["is_right"]
    assert script.judged(truth, truth, truth)["is_right"]


def test_times(script: ModuleType, on_cpu: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([1e-5, 2e-5, 4e-5, 3e-5] * len(script.TIMED))

    def time_graph(run: Any) -> Timing:
        run()
        median = next(seconds)
        return Timing(median, median, median, 1)

    monkeypatch.setattr(script, "time_graph", time_graph)
    lines = script.times(on_cpu)
    assert lines[1:3] == [
        "  n 2 k  3 forward   CUDA C++   10.0 us  Triton   20.0 us  CUDA C++ is 2.00 times as fast",
        "  n 2 k  3 backward  CUDA C++   40.0 us  Triton   30.0 us  CUDA C++ is 0.75 times as fast",
    ]
    table = (on_cpu.folder / "cuda_against_triton.csv").read_text(encoding="utf-8")
    assert len(table.splitlines()) == 1 + 2 * len(script.TIMED)
