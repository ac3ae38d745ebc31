"""Fields of a fitted regression that are there by construction: similarity and time.

In two dimensions a polynomial of degree p stays the same along a field of degree p − 1, which is in
the library: these cases show that the arithmetic is right and how long it takes, nothing else.

python benchmarks/fields/regression_checks.py
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from field_measuring import Problem, cusp, linear_fields, record, samples_of, solve_problem, spread

from symdisc.fields.domain import box, similarity

SEEDS = range(8000, 8020)
POINTS = 20_000


def main() -> None:
    """Both cases, three numbers of rows, with and without noise."""
    rows = [
        measure(name, problem, n, noise, seed)
        for name, problem in problems().items()
        for n in (200, 2000, 20_000)
        for noise in (0.0, 0.1)
        for seed in SEEDS
    ]
    for name in problems():
        for n in (200, 2000, 20_000):
            own = [r for r in rows if r["problem"] == name and r["rows [1]"] == n]
            noisy = [r["similarity [1]"] for r in own if r["noise [1]"] > 0]
            times = [r["cpu_time [s]"] for r in own]
            print(f"{name}, {n}: similarity {spread(noisy)}, CPU seconds {spread(times)}")
    print(record("regression_checks", rows))


def problems() -> dict[str, Problem]:
    """Ellipses about (1, 1), and a cusp."""
    turn = linear_fields("affine", torch.tensor([[[0.0, -4.0], [1.0, 0.0]]]))
    turn.coefficients[0, 0] = torch.tensor([4.0, -1.0], dtype=torch.float64)
    ellipse = Problem(
        2,
        lambda x: (x[:, 0] - 1) ** 2 + 4 * (x[:, 1] - 1) ** 2,
        "affine",
        2,
        turn,
        centre=(1.0, 1.0),
    )
    return {"(x−1)² + 4(y−1)²": ellipse, "x³ − y²": cusp("polynomial(2)")}


def measure(name: str, problem: Problem, n: int, noise: float, seed: int) -> dict[str, Any]:
    """One data set: similarity of the field found with the true one over the box of the data."""
    found, seconds = solve_problem(problem, n, noise, seed)
    if problem.truth is None:
        raise RuntimeError("these problems have a truth")
    x = samples_of(problem, n, noise, seed).states[:, 0].double()
    points = box(x, POINTS, torch.Generator().manual_seed(0))
    fields = found.claim.fields
    first = replace(fields, coefficients=fields.coefficients[:1])
    return {
        "problem": name,
        "seed [1]": seed,
        "rows [1]": n,
        "noise [1]": noise,
        "fields [1]": len(fields),
        "similarity [1]": round(similarity(problem.truth, first, points), 8),
        "by construction": bool(found.construction),
        "cpu_time [s]": round(seconds, 3),
    }


if __name__ == "__main__":
    main()
