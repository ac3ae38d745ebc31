"""The part ``tuning`` of ``gpu.py``: launch settings other than the shipped ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Any, Literal
from unittest import mock

import torch
from gpu_job import MILLION, Job, workers
from graph_timing import time_graph

from symdisc_kernels.benchmark import Case, Row, make_problem

LANE_SHAPES = ((32, 1), (64, 2), (128, 2), (128, 4), (256, 4), (256, 8))
TILE_SHAPES = ((16, 2), (16, 4), (16, 8), (32, 4), (32, 8))
"""Elements and warps of a program."""


@dataclass(frozen=True)
class Setting:
    """How a kernel is launched, for one operation and size."""

    operation: Literal["action", "adjoint"]
    n: int
    block: int
    warps: int
    registers: int | None = None
    programs: int | None = None

    @property
    def row(self) -> Row:
        """The columns of the setting."""
        shipped = shipped_setting(self.operation, self.n)
        return dict(vars(self)) | {"dtype": "float32", "is_shipped": self == shipped}

    def run(self) -> Callable[[], object]:
        """A call of the bare kernel on one million samples."""
        from symdisc_kernels.group_action import triton

        problem = make_problem(Case(self.n, batch=MILLION, device="cuda"))
        if self.operation == "action":
            return partial(triton.group_action, *problem.arguments)
        return partial(triton.group_action_backward, *problem.arguments, problem.gradient)


def shipped_setting(operation: Literal["action", "adjoint"], n: int) -> Setting:
    """What is launched if nothing else is asked for."""
    from symdisc_kernels.group_action.triton.configurations import configuration

    shipped = configuration(operation, n, torch.float32)
    return Setting(operation, n, shipped.block, shipped.warps, shipped.registers)


def settings_of(operation: Literal["action", "adjoint"], n: int) -> list[Setting]:
    """What is tried for one operation and size."""
    shipped = shipped_setting(operation, n)
    shapes = LANE_SHAPES if shipped.block >= 32 else TILE_SHAPES
    tried = [replace(shipped, block=block, warps=warps) for block, warps in shapes]
    tried += [replace(shipped, registers=count) for count in (64, 96, 128, 168, 255)]
    if operation == "adjoint":
        tried += [replace(shipped, programs=count) for count in (528, 1056, 2112, 4224, 16384)]
    return list(dict.fromkeys([shipped, *tried]))


@contextmanager
def launched_by(setting: Setting) -> Iterator[None]:
    """Launch with this block size, number of warps and programs inside the block."""
    from symdisc_kernels.group_action.triton import configurations, launches

    def changed(operation: Any, n: int, dtype: torch.dtype, k: int | None = None) -> Any:
        shipped = configurations.configuration(operation, n, dtype, k)
        constants = shipped.constants | {"block": setting.block}
        warps, registers = setting.warps, setting.registers
        return replace(shipped, constants=constants, warps=warps, registers=registers)

    programs = launches._ADJOINT_PROGRAMS
    if setting.programs is not None:
        programs = (setting.programs, setting.programs)
    with (
        mock.patch.object(launches, "configuration", changed),
        mock.patch.object(launches, "_ADJOINT_PROGRAMS", programs),
    ):
        yield


def compile_setting(setting: Setting) -> str | None:
    """Run once, so that the compiled kernel is on disk; returns what went wrong."""
    try:
        with launched_by(setting):
            setting.run()()
            torch.cuda.synchronize()
    except Exception as error:  # too many registers or too much shared memory, to be recorded
        return (str(error).splitlines() or ["?"])[0]
    return None


def tuning(job: Job) -> list[str]:
    """Time the bare kernels with other launch settings, all compiled beforehand in parallel."""
    sizes = (2, 3, 4, 8) if job.quick else (2, 3, 4, 6, 8, 12, 16)
    operations: tuple[Literal["action", "adjoint"], ...] = ("action", "adjoint")
    tried = [s for operation, n in product(operations, sizes) for s in settings_of(operation, n)]
    with workers() as pool:
        failures = list(pool.map(compile_setting, reversed(tried)))[::-1]
    rows: list[Row] = []
    for setting, failure in zip(tried, failures, strict=True):
        median = None if failure else _tuned(setting)
        rows.append(setting.row | {"median_s": median, "error": failure})
    job.write("tuning", rows)
    return ["tuning, fastest first:", *_fastest(rows)]


def _tuned(setting: Setting) -> float:
    with launched_by(setting):
        return time_graph(setting.run(), 20).median


def _fastest(rows: Sequence[Row]) -> list[str]:
    lines = []
    for operation, n in dict.fromkeys((row["operation"], row["n"]) for row in rows):
        own = [r for r in rows if (r["operation"], r["n"]) == (operation, n) and r["median_s"]]
        best = min(own, key=lambda row: float(row["median_s"]), default=None)
        shipped = next((row for row in own if row["is_shipped"]), None)
        if best is None or shipped is None:
            lines.append(f"  {operation} n = {n}: the shipped settings do not run")
            continue
        lines.append(f"  {operation} n = {n}: {_described(best)}; shipped {_described(shipped)}")
    return lines


def _described(row: Row) -> str:
    chosen = f"block {row['block']}, {row['warps']} warps"
    chosen += f", {row['registers']} registers" if row["registers"] else ""
    chosen += f", {row['programs']} programs" if row["programs"] else ""
    return f"{chosen} {1e6 * row['median_s']:.1f} us"
