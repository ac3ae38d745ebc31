"""LieGAN on digits turned by up to 45 degrees: the rotation and its range.

python benchmarks/methods/digits.py
"""

from __future__ import annotations

import argparse
import math
from typing import Any

from recording import record, spread

from symdisc import discover
from symdisc.algebra.spans import cosine


def main() -> None:
    """Run the default preset on several data seeds and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data-seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=3000, help="first data and model seed")
    parser.add_argument("--plain", action="store_true", help="without shifts and blur")
    arguments = parser.parse_args()
    options = {"method.shift": 0.0, "method.blur": 0.0} if arguments.plain else {}
    rows = []
    for i in range(arguments.data_seeds):
        rows.append(measure(arguments.first + i, options))
        print(rows[-1], flush=True)
    path = record("digits_rotated" + ("_plain" if arguments.plain else ""), rows)
    print("|cosine|:", spread([row["|cosine| [1]"] for row in rows]))
    print("range:", spread([row["half_width [degree]"] for row in rows]))
    print(path)


def measure(seed: int, options: dict[str, Any]) -> dict[str, Any]:
    """One run on digits turned by angles of its own; model seeds are as fresh as the angles."""
    settings = {"dataset.seed": seed, "run.seeds": 8, **options}
    result = discover("digits-rotated", seed=100 * seed, options=settings)
    truth = result.truth
    if truth is None:
        raise RuntimeError("digits-rotated states its generator")
    singles = [cosine(one[0], truth[0]) for one in result.seed_generators]
    support = result.support
    found = (support.half_width, support.low, support.high) if support else (math.nan,) * 3
    half_width, low, high = (round(math.degrees(angle), 2) for angle in found)
    return {
        "data_seed [1]": seed,
        "seeds [1]": len(result.seeds),
        "|cosine| [1]": round(result.cosine_to_truth(), 5),
        "smallest_seed_|cosine| [1]": round(min(singles), 5),
        "agreement [1]": result.agreement,
        "group": result.group,
        "half_width [degree]": half_width,
        "half_width_low [degree]": low,
        "half_width_high [degree]": high,
        "defect_low [1]": round(result.defects[0].low, 4),
        "defect_high [1]": round(result.defects[0].high, 4),
        "cpu_time [s]": result.provenance["cpu_time [s]"],
    }


if __name__ == "__main__":
    main()
