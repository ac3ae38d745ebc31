"""CPU milliseconds of a LaLiGAN step on the pendulum, at the published width and by default.

    OMP_NUM_THREADS=1 python benchmarks/methods/laligan_step.py

The original took 166 to 175 ms a step with the published settings on the same kind of machine.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from recording import record

from symdisc import discover

RUNS: Mapping[str, tuple[str, int, int, int]] = {
    "published settings, 1 seed": ("paper", 1, 5, 45),
    "published settings, 8 seeds": ("paper", 8, 2, 8),
    "default, 1 seed": ("default", 1, 20, 220),
    "default, 8 seeds": ("default", 8, 10, 110),
}
"""Preset, seeds, and steps of the shorter and the longer of the two runs that are compared."""

REPEATS = 3

QUICK = {
    "dataset.n_trajectories": 60,
    "verify.steps": 10,
    "verify.n_references": 5,
    "verify.draws": 1,
    "verify.resamples": 200,
    "run.evaluate_every": None,
    "run.keep": "last",
    "method.epochs": None,
}


def main() -> None:
    """Measure all of them and write the result file."""
    rows = []
    for name, (preset, seeds, few, many) in RUNS.items():
        for repeat in range(REPEATS):
            short, long = (cpu_time(preset, seeds, steps, repeat) for steps in (few, many))
            rows.append(
                {"run": name, "time of a step [ms]": round((long - short) / (many - few) * 1e3, 2)}
            )
            print(rows[-1], flush=True)
    print(record("laligan_step", rows))


def cpu_time(preset: str, seeds: int, steps: int, seed: int) -> float:
    """CPU seconds of a whole run with so many steps."""
    options: dict[str, Any] = {**QUICK, "method.steps": steps}
    begun = time.process_time()
    discover("pendulum", method="laligan", preset=preset, seeds=seeds, seed=seed, options=options)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
