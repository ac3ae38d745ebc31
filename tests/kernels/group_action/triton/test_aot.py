"""Every shipped kernel compiles without a GPU and keeps within its registers."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import torch

from symdisc_kernels.group_action.triton import aot
from symdisc_kernels.group_action.triton.configurations import Configuration, all_configurations

# Registers and bytes of stack of a lane, the larger of both targets, registers rounded up.
BUDGETS = {
    "sum_parts[32]-float32": (40, 0),
    "lane_action[1]-float32": (32, 0),
    "lane_action[2]-float32": (32, 0),
    "lane_action[3]-float32": (48, 0),
    "lane_action[4]-float32": (64, 0),
    "lane_action[5]-float32": (128, 0),
    "lane_action[6]-float32": (168, 0),
    "lane_action[7]-float32": (248, 0),
    "lane_action[8]-float32": (224, 0),
    "tile_action[16]-float32": (216, 0),
    "lane_adjoint[1]-float32": (120, 0),
    "lane_adjoint[1, k = 8]-float32": (96, 0),
    "lane_adjoint[2]-float32": (128, 0),
    "lane_adjoint[2, k = 8]-float32": (128, 0),
    "lane_adjoint[3]-float32": (128, 0),
    "lane_adjoint[3, k = 3]-float32": (128, 0),
    "lane_adjoint[4]-float32": (168, 0),
    "lane_adjoint[4, k = 2]-float32": (168, 0),
    "lane_adjoint[5]-float32": (224, 0),
    "lane_adjoint[5, k = 1]-float32": (200, 0),
    "lane_adjoint[6]-float32": (255, 0),
    "lane_adjoint[7]-float32": (255, 304),
    "lane_adjoint[8]-float32": (255, 432),
    "tile_adjoint[16]-float32": (255, 256),
    "lane_expm[1]-float32": (16, 0),
    "lane_expm[2]-float32": (32, 0),
    "lane_expm[3]-float32": (40, 0),
    "lane_expm[4]-float32": (56, 0),
    "tile_expm[8]-float32": (144, 0),
    "tile_expm[16]-float32": (184, 0),
    "lane_expm_adjoint[1]-float32": (32, 0),
    "lane_expm_adjoint[2]-float32": (48, 0),
    "lane_expm_adjoint[3]-float32": (72, 0),
    "lane_expm_adjoint[4]-float32": (104, 0),
    "tile_expm_adjoint[8]-float32": (240, 0),
    "tile_expm_adjoint[16]-float32": (255, 104),
    "sum_parts[32]-float64": (56, 0),
    "lane_action[1]-float64": (40, 0),
    "lane_action[2]-float64": (40, 0),
    "lane_action[3]-float64": (72, 0),
    "lane_action[4]-float64": (128, 0),
    "tile_action[8]-float64": (128, 0),
    "tile_action[16]-float64": (232, 0),
    "lane_adjoint[1]-float64": (128, 0),
    "lane_adjoint[2]-float64": (168, 0),
    "lane_adjoint[3]-float64": (224, 0),
    "lane_adjoint[4]-float64": (255, 0),
    "tile_adjoint[8]-float64": (255, 0),
    "tile_adjoint[16]-float64": (255, 184),
    "lane_expm[1]-float64": (24, 0),
    "lane_expm[2]-float64": (40, 0),
    "lane_expm[3]-float64": (72, 0),
    "lane_expm[4]-float64": (128, 0),
    "tile_expm[8]-float64": (120, 0),
    "tile_expm[16]-float64": (232, 0),
    "lane_expm_adjoint[1]-float64": (48, 0),
    "lane_expm_adjoint[2]-float64": (120, 0),
    "lane_expm_adjoint[3]-float64": (144, 0),
    "lane_expm_adjoint[4]-float64": (208, 0),
    "tile_expm_adjoint[8]-float64": (168, 0),
    "tile_expm_adjoint[16]-float64": (255, 0),
}

_ALL = {found.name: found for found in all_configurations()}
_SLOW = ("[4]", "[4, k = 2]", "[6]", "[7]", "[8]")
_IS_SLOW = {f"lane_adjoint{size}-float32" for size in _SLOW}

# A kernel for few generators is made like that for any number of them: one target is enough.
_COMPILED = [(name, t) for name in BUDGETS for t in aot.TARGETS if t == 90 or "k = " not in name]

# Half types differ in loads and stores only: one of each kind of kernel stands for all sizes.
_HALF = (
    "lane_action[4]",
    "lane_adjoint[3]",
    "lane_expm[2]",
    "lane_expm_adjoint[2]",
    "tile_action[16]",
    "tile_adjoint[16]",
    "tile_expm[16]",
    "tile_expm_adjoint[16]",
    "sum_parts[32]",
)


def _sizes(found: Configuration) -> range:
    """Sizes n that a configuration computes."""
    if "n" in found.constants:
        return range(found.constants["n"], found.constants["n"] + 1)
    side = found.constants.get("side", 1)
    return range({8: 5, 16: 9}.get(side, 1), side + 1)


def test_every_float_configuration_has_a_budget() -> None:
    assert set(BUDGETS) == {name for name in _ALL if "float32" in name or "float64" in name}


def test_nothing_is_spilled_up_to_n_6() -> None:
    for name, (_, stack) in BUDGETS.items():
        if _sizes(_ALL[name])[0] <= 6:
            assert stack == 0, name


@pytest.mark.parametrize(
    ("name", "target"),
    [pytest.param(*one, marks=[pytest.mark.slow] * (one[0] in _IS_SLOW)) for one in _COMPILED],
)
def test_registers_and_stack(name: str, target: int) -> None:
    report = aot.compile_for(_ALL[name], target)
    registers, stack = BUDGETS[name]
    assert 0 < report.registers <= registers
    assert report.stack <= stack
    assert stack > 0 or report.spills == 0
    assert report.instructions > 50


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
@pytest.mark.parametrize("kernel", _HALF)
def test_half_types_need_no_more_than_float32(kernel: str, dtype: str) -> None:
    report = aot.compile_for(_ALL[f"{kernel}-{dtype}"], 90)
    registers, stack = BUDGETS[f"{kernel}-float32"]
    # Conversions of the points: a few registers, and the stack where there is one already.
    assert report.registers <= min(255, registers + 24)
    assert report.stack <= 1.5 * stack


def test_interpreting_process_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRITON_INTERPRET", "1")
    message = "kernels cannot be compiled while TRITON_INTERPRET is set; unset it"
    with pytest.raises(RuntimeError, match=re.escape(message)):
        aot.compile_for(_ALL["lane_expm[1]-float32"], 90)


def test_table_of_the_command_line() -> None:
    command = [sys.executable, "-m", aot.__name__, "--only", "lane_expm[1]-float32"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    header, *rows = done.stdout.splitlines()
    assert header.split()[:4] == ["configuration", "target", "regs", "stack"]
    assert [row.split()[:2] for row in rows] == [
        ["lane_expm[1]-float32", "80"],
        ["lane_expm[1]-float32", "90"],
    ]


def test_all_types_are_known() -> None:
    assert {found.dtype for found in _ALL.values()} == {
        torch.float32,
        torch.float64,
        torch.bfloat16,
        torch.float16,
    }
