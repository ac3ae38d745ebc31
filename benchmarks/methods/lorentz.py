"""LieGAN on boosted pairs of four-momenta: the form that is kept, so(1,3), CPU time.

python benchmarks/methods/lorentz.py
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from pathlib import Path
from typing import Any

import torch
from recording import record, spread

from symdisc import discover
from symdisc.algebra.forms import kept_form
from symdisc.algebra.spans import largest_angle
from symdisc_basics.datasets.lorentz import METRIC


def main() -> None:
    """Run the recommended preset with seven generators on several data seeds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--generators", type=int, default=7)
    parser.add_argument("--data-seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=3000, help="first data and model seed")
    arguments = parser.parse_args()
    # What torch imports when an optimiser is first built belongs to no run.
    discover("two-body", options={"run.seeds": 1, "method.steps": 1})
    rows = []
    for i in range(arguments.data_seeds):
        rows.append(measure(arguments.first + i, arguments.generators))
        print(rows[-1], flush=True)
    path = record(f"lorentz_{arguments.generators}_generators", rows)
    for column in ("|cosine of form| [1]", "angle [degree]", "training [CPU s]", "whole [CPU s]"):
        print(column, spread([row[column] for row in rows]))
    print(path)


def measure(seed: int, n_generators: int) -> dict[str, Any]:
    """One run on 100,000 events of its own; model seeds are as fresh as the data."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        settings = {"dataset.seed": seed, "group.n_generators": n_generators}
        result = discover("lorentz", seed=100 * seed, options=settings, out=out)
        training = _training_time(out / "metrics" / "liegan.csv")
    if result.truth is None:
        raise RuntimeError("lorentz states its generators")
    form = kept_form(result.generators.numpy())
    metric = METRIC / 2
    singles = [largest_angle(result.truth, one) for one in result.seed_generators]
    return {
        "data_seed [1]": seed,
        "events [1]": 100_000,
        "seeds [1]": len(result.seeds),
        "generators [1]": len(result.generators),
        "|cosine of form| [1]": round(abs(float((form.matrix * metric).sum())), 6),
        "angle [degree]": round(largest_angle(result.truth, result.generators), 3),
        "largest_seed_angle [degree]": round(max(singles), 3),
        "identity_in_span [1]": round(_share(torch.eye(4).double(), result.generators), 4),
        "agreement [1]": result.agreement,
        "group": result.group,
        "training [CPU s]": training,
        "whole [CPU s]": result.provenance["cpu_time [s]"],
    }


def _training_time(metrics: Path) -> float:
    """CPU seconds from the first step to the last."""
    with metrics.open(newline="") as file:
        return float(list(csv.DictReader(file))[-1]["cpu_time [s]"])


def _share(matrix: torch.Tensor, generators: torch.Tensor) -> float:
    """Length of the projection of a matrix onto the span, over its own length."""
    rows = torch.linalg.qr(generators.flatten(1).T)[0]
    flat = matrix.flatten() / torch.linalg.norm(matrix)
    return float(torch.linalg.norm(rows.T @ flat))


if __name__ == "__main__":
    main()
