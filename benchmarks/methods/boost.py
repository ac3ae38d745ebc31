"""LieGAN on a boost of the plane, with one generator and with generators to spare.

The data are those of the conformance suite of methods: y = x1² − x2² on normal states.

python benchmarks/methods/boost.py
"""

from __future__ import annotations

import argparse
from typing import Any

from recording import record

from symdisc import discover
from symdisc.testing import method_cases

ASKED: tuple[int | str, ...] = (1, "auto")


def main() -> None:
    """Run both settings on several data seeds and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data-seeds", type=int, default=9)
    parser.add_argument("--first", type=int, default=60, help="first data seed")
    arguments = parser.parse_args()
    seeds = range(arguments.first, arguments.first + arguments.data_seeds)
    rows = [measure(seed, asked) for seed in seeds for asked in ASKED]
    for asked in ASKED:
        found = [row["holds"] for row in rows if row["n_generators"] == asked]
        print(f"n_generators={asked}: found in {sum(found)} of {len(found)}")
    print(record("boost", rows))


def measure(seed: int, asked: int | str) -> dict[str, Any]:
    """One run on a data set of its own; model seeds are as fresh as the data."""
    case = next(one for one in method_cases(seed) if one.name == "a difference of squares")
    options = {"group.n_generators": asked}
    result = discover(case.states, case.targets, seed=100 * seed, options=options)
    tested = result.verification
    return {
        "data_seed [1]": seed,
        "n_generators": asked,
        "holds": result.holds,
        "verdict": "" if tested is None else tested.overall.word,
        "generators [1]": len(result.generators),
        "agreement [1]": result.agreement,
        "group": result.group,
        "cpu_time [s]": result.provenance["cpu_time [s]"],
    }


if __name__ == "__main__":
    main()
