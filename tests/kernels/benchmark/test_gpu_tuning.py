"""``benchmarks/kernels/gpu_tuning.py``: what of it can be tested without a GPU."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

FOLDER = Path(__file__).parents[3] / "benchmarks" / "kernels"


@pytest.fixture(scope="module")
def tuning() -> Iterator[ModuleType]:
    path = list(sys.path)
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module("gpu_tuning")
    sys.path[:] = path


def test_other_settings_are_launched_only_inside_the_block(tuning: ModuleType) -> None:
    launches: Any = importlib.import_module("symdisc_kernels.group_action.triton.launches")
    before = launches._ADJOINT_PROGRAMS
    with tuning.launched_by(tuning.Setting("adjoint", 3, 32, 2, 96, 7)):
        inside = launches.configuration("adjoint", 3, torch.float32)
        assert launches._ADJOINT_PROGRAMS == (7, 7)
    outside = launches.configuration("adjoint", 3, torch.float32)
    assert (inside.block, inside.warps, inside.registers) == (32, 2, 96)
    assert (outside.block, outside.warps) != (32, 2)
    assert inside.kernel is outside.kernel
    assert before == launches._ADJOINT_PROGRAMS


@pytest.mark.parametrize("operation", ["action", "adjoint"])
@pytest.mark.parametrize("n", [3, 8, 16])
def test_the_shipped_setting_is_tried_once(tuning: ModuleType, operation: Any, n: int) -> None:
    tried = tuning.settings_of(operation, n)
    assert len(set(tried)) == len(tried)
    assert [setting.row["is_shipped"] for setting in tried].count(True) == 1
    assert any(setting.programs for setting in tried) == (operation == "adjoint")


def test_what_cannot_run_says_why(tuning: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(self: Any) -> Any:
        raise RuntimeError("out of resource: shared memory\nmore")

    monkeypatch.setattr(tuning.Setting, "run", run)
    failure = tuning.compile_setting(tuning.Setting("action", 3, 32, 2))
    assert failure == "out of resource: shared memory"


def test_the_fastest_settings_are_named(tuning: ModuleType) -> None:
    def row(n: int, block: int, seconds: float | None, shipped: bool) -> dict[str, Any]:
        times = {"median_s": seconds, "is_shipped": shipped, "programs": None, "registers": None}
        return {"operation": "action", "n": n, "block": block, "warps": 4} | times

    rows = [row(2, 64, 2e-6, True), row(2, 128, 1e-6, False), row(3, 64, None, True)]
    assert tuning._fastest(rows) == [
        "  action n = 2: block 128, 4 warps 1.0 us; shipped block 64, 4 warps 2.0 us",
        "  action n = 3: the shipped settings do not run",
    ]
