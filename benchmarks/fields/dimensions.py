"""How many fields are found: quadrics in space, and functions that have none.

python benchmarks/fields/dimensions.py
python benchmarks/fields/dimensions.py --curve
"""

from __future__ import annotations

import argparse
from typing import Any

from field_measuring import (
    RESULTS,
    Problem,
    cusp,
    dimension,
    generic_cubic,
    quadric,
    record,
    samples_of,
    solve_problem,
)

from symdisc.fields.domain import largest_field_angle

N = 2000
NOISE = 0.1
LEVELS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)


def main() -> None:
    """Fresh seeds for every problem; with ``--curve`` the noise is raised until it fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=7000, help="first seed")
    parser.add_argument("--curve", action="store_true", help="noise from 2 % to 200 %")
    arguments = parser.parse_args()
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    levels = LEVELS if arguments.curve else (NOISE,)
    rows = [
        measure(name, problem, noise, seed)
        for noise in levels
        for seed in seeds
        for name, problem in problems(seed).items()
        if not arguments.curve or problem.truth is not None or "cubic" in name
    ]
    for noise in levels:
        for name in dict.fromkeys(row["problem"] for row in rows):
            own = [r for r in rows if r["problem"] == name and r["noise [1]"] == noise]
            right = sum(row["right [1]"] for row in own)
            print(f"noise {noise:4.2f}  {name:24s} {right} of {len(own)}", flush=True)
    print(record("noise_curve" if arguments.curve else "dimensions", rows))
    if arguments.curve:
        draw(rows)


def problems(seed: int) -> dict[str, Problem]:
    """Problems by name; the generic cubic is another one for every seed."""
    return {
        "x² + 4y² + 9z²": quadric(1, 4, 9),
        "x² + y² − z²": quadric(1, 1, -1),
        "generic cubic": generic_cubic(seed),
        "x³ − y², affine fields": cusp("affine"),
    }


def measure(name: str, problem: Problem, noise: float, seed: int) -> dict[str, Any]:
    """One data set: the dimension found and, where it is right, the angle to the truth."""
    found, seconds = solve_problem(problem, N, noise, seed)
    expected = 0 if problem.truth is None else len(problem.truth)
    count = dimension(found)
    angle: float | str = ""
    if problem.truth is not None and count:
        x = samples_of(problem, N, noise, seed).states[:, 0].double()
        angle = round(largest_field_angle(problem.truth, found.claim.fields, x), 3)
    values = found.spectrum.values
    return {
        "problem": name,
        "seed [1]": seed,
        "rows [1]": N,
        "noise [1]": noise,
        "expected dimension [1]": expected,
        "dimension [1]": count,
        "by gap [1]": found.by_gap,
        "right [1]": int(count == expected),
        "angle [degree]": angle,
        "relative defects [1]": " ".join(f"{v:.4f}" for v in values[:5].tolist()),
        "cpu_time [s]": round(seconds, 3),
    }


def draw(rows: list[dict[str, Any]]) -> None:
    """Share of right dimensions over noise, as a picture."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.6), layout="constrained")
    ax = figure.subplots()
    for name in dict.fromkeys(row["problem"] for row in rows):
        own = [row for row in rows if row["problem"] == name]
        levels = sorted({row["noise [1]"] for row in own})
        shares = [
            sum(r["right [1]"] for r in own if r["noise [1]"] == level)
            / sum(r["noise [1]"] == level for r in own)
            for level in levels
        ]
        ax.plot(levels, shares, marker="o", label=name)
    ax.set_xscale("log")
    ax.set_xlabel("noise of the target over its spread [1]")
    ax.set_ylabel("share of right dimensions [1]")
    ax.legend(frameon=False)
    figure.savefig(RESULTS / "noise_curve.png", dpi=120, metadata={"Software": None})


if __name__ == "__main__":
    main()
