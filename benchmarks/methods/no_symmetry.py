"""A negative control: on data without symmetry the relative defect must stay large.

python benchmarks/methods/no_symmetry.py
"""

from __future__ import annotations

import argparse
from typing import Any

from recording import record, spread

from symdisc import discover


def main() -> None:
    """Run the default preset on several data seeds and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data-seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1000, help="first data and model seed")
    arguments = parser.parse_args()
    rows = []
    for i in range(arguments.data_seeds):
        rows.append(measure(arguments.first + i))
        print(rows[-1], flush=True)
    path = record("no_symmetry_default", rows)
    print("lower bound of the relative defect:", spread([row["defect_low [1]"] for row in rows]))
    print(path)


def measure(seed: int) -> dict[str, Any]:
    """One run on a data set of its own."""
    result = discover("no-symmetry", seed=100 * seed, options={"dataset.seed": seed})
    defect = result.defects[0]
    return {
        "data_seed [1]": seed,
        "agreement [1]": result.agreement,
        "group": result.group,
        "defect [1]": round(defect.value, 4),
        "defect_low [1]": round(defect.low, 4),
        "defect_high [1]": round(defect.high, 4),
        "support [1]": round(defect.support, 3),
        "held_out_rows [1]": defect.n_rows,
        "cpu_time [s]": result.provenance["cpu_time [s]"],
    }


if __name__ == "__main__":
    main()
