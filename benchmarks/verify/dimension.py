"""Whether the number of generators is found without being told.

The linear data sets, with `group.n_generators=auto` and otherwise the settings that they recommend.
A dimension is found if the test confirms the generators, exactly or approximately; else it is 0.

python benchmarks/verify/dimension.py --cases 10
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from typing import Any

from measuring import ResultFile

from symdisc import SymmetryResult, discover

TRUE = {
    "two-body": 1,
    "three-body": 1,
    "so3-invariant": 3,
    "scaling-ratio": 1,
    "lorentz": 6,
    "digits-rotated": 1,
    "no-symmetry": 0,
}
"""Dimension of the symmetry of each data set [1]."""

MORE_NEGATIVE = 2
"""Cases without a symmetry for each case of the others: nothing found must be the rule."""


def main() -> None:
    """Run all cases that the result file lacks and print how often the dimension is right."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=10, help="data sets of each kind")
    parser.add_argument("--first", type=int, default=50_000, help="first seed")
    parser.add_argument("--data", nargs="+", default=[*TRUE], help="kinds of data")
    parser.add_argument("--name", default="dimension", help="name of the result file")
    arguments = parser.parse_args()
    file = ResultFile(arguments.name, ("data", "seed [1]"))
    for case in file.missing(cases(arguments.data, arguments.cases, arguments.first)):
        file.add(case, measure(*case))
    counted: dict[str, Counter[int]] = defaultdict(Counter)
    for row in file.rows():
        counted[row["data"]][int(row["dimension [1]"])] += 1
    for data, found in counted.items():
        print(f"{data}: true {TRUE[data]}, found {dict(found)}")


def cases(kinds: list[str], count: int, first: int) -> list[tuple[str, int]]:
    """One data set of each kind after the other."""
    return [
        (kind, first + i)
        for i in range(MORE_NEGATIVE * count)
        for kind in kinds
        if i < count or TRUE[kind] == 0
    ]


def measure(data: str, seed: int) -> dict[str, Any]:
    """One run on a data set of its own; model seeds are as fresh as the data."""
    options = {"dataset.seed": seed, "group.n_generators": "auto"}
    result = discover(data, seed=100 * seed, options=options)
    worst = None if result.verification is None else result.verification.worst
    return {
        "true [1]": TRUE[data],
        "dimension [1]": len(result.generators) if result.holds else 0,
        "shown [1]": len(result.generators),
        "verdict": "" if result.verification is None else result.verification.overall.word,
        "group": result.group,
        "agreement [1]": result.agreement,
        "angle_to_truth [degree]": _angle(result),
        "defect [1]": "" if worst is None else round(worst.value, 4),
        "cpu_time [s]": result.provenance["cpu_time [s]"],
    }


def _angle(result: SymmetryResult) -> float | str:
    """Angle from the truth into what was found, where both are known [degree]."""
    if result.truth is None or len(result.truth) == 0:
        return ""
    if len(result.truth) > len(result.generators):
        return 90.0
    return round(result.angle_to_truth(), 3)


if __name__ == "__main__":
    main()
