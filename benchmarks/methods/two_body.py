"""LieGAN on fresh two-body data: consensus, success of single seeds, relative defect.

python benchmarks/methods/two_body.py --preset default
python benchmarks/methods/two_body.py --preset paper
"""

from __future__ import annotations

import argparse
from typing import Any

from recording import record, spread

from symdisc import discover
from symdisc.algebra.spans import cosine


def main() -> None:
    """Run one preset on several data seeds and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--preset", choices=("default", "paper"), default="default")
    parser.add_argument("--data-seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1000, help="first data and model seed")
    arguments = parser.parse_args()
    rows = []
    for i in range(arguments.data_seeds):
        rows.append(measure(arguments.preset, arguments.first + i))
        print(rows[-1], flush=True)
    path = record(f"two_body_{arguments.preset}", rows)
    print("|cosine|:", spread([row["|cosine| [1]"] for row in rows]))
    print("upper bound of the relative defect:", spread([row["defect_high [1]"] for row in rows]))
    print(path)


def measure(preset: str, seed: int) -> dict[str, Any]:
    """One run on a data set of its own; model seeds are as fresh as the data."""
    result = discover("two-body", preset=preset, seed=100 * seed, options={"dataset.seed": seed})
    truth = result.truth
    if truth is None:
        raise RuntimeError("two-body states its true generator")
    singles = [cosine(seed_generators[0], truth[0]) for seed_generators in result.seed_generators]
    defect = result.defects[0]
    return {
        "preset": preset,
        "data_seed [1]": seed,
        "seeds [1]": len(singles),
        "|cosine| [1]": round(cosine(result.generators[0], truth[0]), 6),
        "agreement [1]": result.agreement,
        "seeds_above_0.99 [1]": sum(value >= 0.99 for value in singles),
        "smallest_seed_|cosine| [1]": round(min(singles), 6),
        "group": result.group,
        "defect [1]": round(defect.value, 4),
        "defect_low [1]": round(defect.low, 4),
        "defect_high [1]": round(defect.high, 4),
        "held_out_rows [1]": defect.n_rows,
        "cpu_time [s]": result.provenance["cpu_time [s]"],
    }


if __name__ == "__main__":
    main()
