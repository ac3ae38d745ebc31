"""Every method as a whole run on the CPU or on a GPU: does it end, with what verdict, how fast?

    python benchmarks/methods/devices.py --device cuda --out FOLDER
    python benchmarks/methods/devices.py --device cpu --jobs 4 --only liegan

Each run is a process of its own, of one thread of the CPU. FOLDER receives ``devices_DEVICE.csv``
and what each run printed. Runs that share a device slow each other down: for times use --jobs 1.
The status is 1 if a run failed.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import torch

from symdisc.provenance import machine, versions

LATENT = ["--set", "verify.draws=2"]
FUNCTION = ["invariant-function", "--set", "dataset.which=quadric"]

RUNS: Mapping[str, Sequence[str]] = {
    "liegan, two-body, 16 seeds": ["two-body", "--method", "liegan"],
    "liegan, two-body, as published": ["two-body", "--method", "liegan", "--preset", "paper"],
    "liegan, lorentz, 7 generators": ["lorentz", "--method", "liegan", "--n-generators", "7"],
    "liegan, turned digits": ["digits-rotated", "--method", "liegan"],
    "liegan, discrete rotation": ["discrete-rotation", "--method", "liegan"],
    "liegan, elements of O(2)": ["o2-regression", "--method", "liegan", "--group", "cosets"],
    "laligan, lotka-volterra, 8 seeds": ["lotka-volterra", "--method", "laligan", *LATENT],
    "laligan, pendulum, 8 seeds": ["pendulum", "--method", "laligan", *LATENT],
    "laligan, pictures of an object": ["rotating-object", "--method", "laligan", *LATENT],
    "laligan, double bump": ["double-bump", "--method", "laligan", *LATENT],
    "laligan, spiral waves": ["reaction-diffusion", "--method", "laligan", *LATENT],
    "atlasd, square on a plane": ["dihedral", "--method", "atlasd"],
    "atlasd, films of heat": ["heat-equation", "--method", "atlasd"],
    "vector-field, quadric": [*FUNCTION, "--method", "vector-field"],
    "shaw, quadric": [*FUNCTION, "--method", "shaw"],
    "liegg, so3-invariant": ["so3-invariant", "--method", "liegg"],
    "liesd, so3-invariant": ["so3-invariant", "--method", "liesd"],
}
"""Words of ``symdisc discover`` by the name of the run."""


@dataclass(frozen=True)
class Job:
    """Where and how long runs may be."""

    device: str
    folder: Path
    limit: float

    def run(self, name: str) -> dict[str, Any]:
        """The row of one run."""
        words = ["discover", *RUNS[name], "--device", self.device, "--quiet"]
        log = self.folder / f"{_file_name(name)}.{self.device}.txt"
        with tempfile.TemporaryDirectory() as folder, log.open("w") as printed:
            out = Path(folder) / "run"
            begun = time.perf_counter()
            status = self._status([*words, "--out", str(out)], printed)
            wall = round(time.perf_counter() - begun, 1)
            printed.flush()
            headline = _headline(log, out)
        row = {"run": name, "asked_device": self.device, "status": status, "wall_time [s]": wall}
        row |= {"headline": headline}
        print(row, flush=True)
        return row

    def _status(self, words: Sequence[str], printed: Any) -> str:
        command = [sys.executable, "-m", "symdisc", *words]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        both = {"stdout": printed, "stderr": subprocess.STDOUT}
        try:
            run = partial(subprocess.run, env=environment, timeout=self.limit, check=False, **both)
            return str(run(command).returncode)
        except subprocess.TimeoutExpired:
            return f"not done within {self.limit:g} s"


def _file_name(name: str) -> str:
    return name.replace(",", "").replace(" ", "_")


def _headline(log: Path, out: Path) -> str:
    """The line that tells a result; of a run that failed, the last that was printed."""
    lines = [line.strip() for line in log.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line]
    told = [line for line in lines if " generator" in line] if out.exists() else lines[-1:]
    return told[0] if told else ""


def main() -> int:
    """Do the runs; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--jobs", type=int, default=1, help="runs at once")
    parser.add_argument("--limit", type=float, default=300.0, help="wall time of a run [s]")
    parser.add_argument("--only", nargs="+", default=[""], help="runs whose names contain a text")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    job = Job(options.device, options.out, options.limit)
    names = [name for name in RUNS if any(text in name for text in options.only)]
    with ThreadPoolExecutor(options.jobs) as pool:
        rows = list(pool.map(job.run, names))
    _write(options.out / f"devices_{options.device}.csv", rows)
    return int(any(row["status"] != "0" for row in rows))


def _write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    installed = versions()
    card = {"gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else "none"}
    origin = {"date": datetime.now(UTC).date().isoformat(), **card}
    origin |= {"processor": machine(torch.device("cpu"))["device"]}
    origin |= {package: installed[package] for package in ("symdisc", "torch", "triton")}
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows[0], *origin])
        writer.writeheader()
        writer.writerows({**row, **origin} for row in rows)


if __name__ == "__main__":
    sys.exit(main())
