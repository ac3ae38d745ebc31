"""Windows and minibatches against code that handles one item after the other.

    python benchmarks/data/windows.py    # some minutes

Two million windows of two states of four numbers are cut from 200 trajectories and drawn once in
minibatches. Code that handles single items is timed on a part of them, which is stated, and scaled
by the number of windows. Times are CPU seconds on one core, five rounds after one that is not
counted, each with its own random numbers; the two that are compared run one after the other. Memory
is what a process
of its own grows by at its highest while it prepares samples, beyond the libraries and the arrays it
is given, over the size of the tensors that it returns. ``results/windows.csv``.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.data.windows import windows
from symdisc.engine.batches import BatchSampler
from symdisc.provenance import machine, versions
from symdisc.representations import Representation

RESULTS = Path(__file__).parent / "results"
TRAJECTORIES, WINDOWS, STEPS, SIZE = 200, 2_000_000, 2, 4
BATCH = 1024
PART = 50_000
"""Windows that code for single items is timed on."""

ROUNDS = 5
Row = dict[str, object]


def trajectories(kind: type = np.float32, seed: int = 0) -> list[NDArray[np.floating]]:
    """Trajectories that hold as many windows as are wanted."""
    rng = np.random.default_rng(seed)
    length = WINDOWS // TRAJECTORIES + STEPS - 1
    return [rng.standard_normal((length, SIZE)).astype(kind) for _ in range(TRAJECTORIES)]


def seconds(run: Callable[[], object]) -> float:
    """CPU time of one run."""
    start = time.process_time()
    run()
    return time.process_time() - start


def _stacked(data: Sequence[torch.Tensor], wanted: int) -> torch.Tensor:
    """Windows one after the other, as the research code builds them."""
    items = (torch.stack([x[i], x[i + 1]]) for x in data for i in range(len(x) - 1))
    return torch.stack([item for item, _ in zip(items, range(wanted), strict=False)])


class _Items(torch.utils.data.Dataset[torch.Tensor]):
    """A data set that knows single items only, as the research code writes them."""

    def __init__(self, items: torch.Tensor) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int) -> torch.Tensor:
        return self._items[index]


def _loaded(data: torch.utils.data.Dataset[Any]) -> None:
    """One epoch of torch's loader, which fetches single items and stacks them."""
    for _ in torch.utils.data.DataLoader(data, batch_size=BATCH, shuffle=True):
        pass


def _drawn(sampler: BatchSampler, n: int) -> None:
    for _ in range(n // BATCH):
        sampler.next()


def time_windows(number: int) -> Row:
    """Building windows."""
    data = trajectories(seed=number)
    tensors = [torch.from_numpy(x) for x in data]
    ours = seconds(lambda: windows(data, STEPS))
    theirs = seconds(lambda: _stacked(tensors, PART)) * WINDOWS / PART
    return _row("windows", "loop with torch.stack", number, theirs, ours)


def time_batches(number: int) -> Iterator[Row]:
    """Drawing one epoch of minibatches for one seed."""
    made = prepare(trajectories(seed=number), steps=STEPS)
    rng = torch.Generator().manual_seed(number)
    sampler = BatchSampler(made, 1, BATCH, rng)
    ours = seconds(lambda: _drawn(sampler, WINDOWS))
    part = made.states[:PART]
    for against, data in (
        ("torch DataLoader over a TensorDataset", torch.utils.data.TensorDataset(part)),
        ("torch DataLoader over a Dataset of single items", _Items(part)),
    ):
        theirs = seconds(partial(_loaded, data)) * WINDOWS / PART
        yield _row("minibatches", against, number, theirs, ours)


def _row(what: str, against: str, number: int, theirs: float, ours: float) -> Row:
    return {
        "measurement": what,
        "against": against,
        "round": number,
        "windows": WINDOWS,
        "windows_timed_per_item": PART,
        "per_item_cpu_s": round(theirs, 3),
        "symdisc_cpu_s": round(ours, 5),
        "ratio": round(theirs / ours, 1),
    }


def resident(field: str) -> int:
    """Bytes of this process's memory: ``VmRSS`` now, ``VmHWM`` at its highest."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return 1024 * int(line.split()[1])
    raise RuntimeError(f"the operating system does not report {field}")


def growth(kind: str) -> tuple[int, int]:
    """Bytes by which preparing samples grows this process, and bytes of what it returns."""
    prepare(np.random.default_rng(0).standard_normal((20, 4)))  # loads all code
    data = trajectories(np.dtype(kind).type)
    before = resident("VmRSS")
    made = prepare(data, steps=STEPS, representation=str(Representation.vector(SIZE)))
    return resident("VmHWM") - before, made.states.nbytes + made.trajectory.nbytes


def memory(kind: str) -> Row:
    """Peak memory of a process of its own."""
    command = [sys.executable, __file__, "--worker", kind]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    grown, returned = json.loads(done.stdout)
    return {
        "measurement": f"peak memory, {kind} given",
        "against": "states and trajectory numbers returned",
        "windows": WINDOWS,
        "returned_bytes": returned,
        "growth_bytes": grown,
        "ratio": round(grown / returned, 2),
    }


def rows() -> Iterator[Row]:
    """Every measurement."""
    for number in range(ROUNDS + 1):
        measured = [time_windows(number), *time_batches(number)]
        if number:
            yield from measured
    yield memory("float32")
    yield memory("float64")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--worker", metavar="TYPE", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    if options.worker:
        print(json.dumps(growth(options.worker)))
        return
    installed = versions()
    origin = {
        "date": datetime.now(UTC).date().isoformat(),
        **machine(torch.device("cpu")),
        **{package: installed[package] for package in ("symdisc", "torch", "numpy")},
    }
    measured = list(rows())
    names = dict.fromkeys(name for row in measured for name in row)
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "windows.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, [*names, *origin], restval="")
        writer.writeheader()
        writer.writerows({**row, **origin} for row in measured)
    for row in measured:
        print(row)


if __name__ == "__main__":
    main()
