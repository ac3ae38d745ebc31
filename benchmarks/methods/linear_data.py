"""LieGAN on fresh data of one kind: angle to the truth, name, relative defect.

python benchmarks/methods/linear_data.py so3-invariant
python benchmarks/methods/linear_data.py two-body --blocks
"""

from __future__ import annotations

import argparse
from typing import Any

from recording import record, spread

from symdisc import SymmetryResult, discover
from symdisc.algebra.spans import cosine, largest_angle

BLOCKS: dict[str, list[list[int]]] = {
    "two-body": [[0, 1, 4, 5], [2, 3, 6, 7]],
    "three-body": [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]],
}
"""One block for all positions and one for all momenta: the larger search space."""


def main() -> None:
    """Run the settings that the data recommend on several data seeds; write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data")
    parser.add_argument("--blocks", action="store_true", help="search the larger space")
    parser.add_argument("--data-seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=3000, help="first data and model seed")
    arguments = parser.parse_args()
    options = {"group.blocks": BLOCKS[arguments.data]} if arguments.blocks else {}
    rows = []
    for i in range(arguments.data_seeds):
        rows.append(measure(arguments.data, arguments.first + i, options))
        print(rows[-1], flush=True)
    name = arguments.data.replace("-", "_") + ("_blocks" if arguments.blocks else "")
    path = record(name, rows)
    print("angle:", spread([row["angle_to_truth [degree]"] for row in rows]))
    print(path)


def measure(data: str, seed: int, options: dict[str, Any]) -> dict[str, Any]:
    """One run on a data set of its own; model seeds are as fresh as the data."""
    result = discover(data, seed=100 * seed, options={"dataset.seed": seed, **options})
    worst = max(result.defects, key=lambda defect: defect.high)
    return {
        "data_seed [1]": seed,
        "generators [1]": len(result.generators),
        "angle_to_truth [degree]": round(result.angle_to_truth(), 3),
        "|cosine| [1]": single_cosine(result),
        "largest_seed_angle [degree]": round(max(seed_angles(result)), 3),
        "agreement [1]": result.agreement,
        "group": result.group,
        "defect_low [1]": round(worst.low, 4),
        "defect_high [1]": round(worst.high, 4),
        "held_out_rows [1]": worst.n_rows,
        "cpu_time [s]": result.provenance["cpu_time [s]"],
    }


def single_cosine(result: SymmetryResult) -> float | str:
    """|cosine| with the truth where there is one generator on both sides, else ""."""
    if result.truth is None or len(result.truth) != 1 or len(result.generators) != 1:
        return ""
    return round(cosine(result.generators[0], result.truth[0]), 6)


def seed_angles(result: SymmetryResult) -> list[float]:
    """Angle from the truth into what each seed found [degree]."""
    if result.truth is None:
        raise RuntimeError("these data do not state their generators")
    return [largest_angle(result.truth, seed) for seed in result.seed_generators]


if __name__ == "__main__":
    main()
