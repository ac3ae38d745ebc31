"""Does it help to keep the best state of each seed on validation rows instead of the last one?

python benchmarks/methods/kept_state.py
"""

from __future__ import annotations

import argparse
from typing import Any

from recording import record, spread

from symdisc import SymmetryResult, discover
from symdisc.algebra.spans import cosine

EVALUATE_EVERY = 50


def main() -> None:
    """Run the default preset on several data sets with both settings and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data-seeds", type=int, default=4)
    parser.add_argument("--first", type=int, default=5000, help="first data and model seed")
    arguments = parser.parse_args()
    rows = []
    for i in range(arguments.data_seeds):
        for data in ("two-body", "no-symmetry"):
            for keep in ("last", "best"):
                rows.append(measure(data, arguments.first + i, keep))
                print(rows[-1], flush=True)
    path = record("kept_state", rows)
    for keep in ("last", "best"):
        chosen = [row for row in rows if row["keep"] == keep]
        found = [row["seeds_above_0.99 [1]"] for row in chosen if row["data"] == "two-body"]
        print(keep, "seeds above 0.99 of 16:", spread(found))
    print(path)


def measure(data: str, seed: int, keep: str) -> dict[str, Any]:
    """One run on a data set of its own."""
    options = {
        "dataset.seed": seed,
        "run.keep": keep,
        "run.evaluate_every": EVALUATE_EVERY,
    }
    result = discover(data, seed=100 * seed, options=options)
    defect = result.defects[0]
    steps = result.provenance["validation"]["liegan"]["step"]
    return {
        "data": data,
        "data_seed [1]": seed,
        "keep": keep,
        "|cosine| [1]": _cosine(result),
        "seeds_above_0.99 [1]": _good_seeds(result),
        "agreement [1]": result.agreement,
        "group": result.group,
        "defect_low [1]": round(defect.low, 4),
        "defect_high [1]": round(defect.high, 4),
        "best_step_median [1]": sorted(steps)[len(steps) // 2],
        "cpu_time [s]": result.provenance["cpu_time [s]"],
    }


def _cosine(result: SymmetryResult) -> float | str:
    known = result.truth is not None and len(result.truth) == len(result.generators) == 1
    return round(result.cosine_to_truth(), 5) if known else ""


def _good_seeds(result: SymmetryResult) -> int:
    if result.truth is None or len(result.truth) != 1:
        return 0
    truth = result.truth[0]
    return sum(cosine(truth, generators[0]) > 0.99 for generators in result.seed_generators)


if __name__ == "__main__":
    main()
