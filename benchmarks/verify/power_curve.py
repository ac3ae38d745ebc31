"""Which defects are seen with how many rows.

A generator that misses a symmetry by a stretch 1 + a is tested on data sets of growing size. It
is seen where the lower end of the relative defect is above 0. What its relative defect truly is,
the largest size tells, as the median over the data sets.

python benchmarks/verify/power_curve.py --cases 10
"""

from __future__ import annotations

import argparse
import statistics
from collections import defaultdict

from measuring import Case, ResultFile, measure
from problems import GRADED

MISSES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
ROWS = (500, 2_000, 8_000)


def main() -> None:
    """Test all cases that the result file lacks and print the curve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=10, help="data sets for each point")
    parser.add_argument("--first", type=int, default=30_000, help="first seed")
    parser.add_argument("--name", default="power_curve", help="name of the result file")
    arguments = parser.parse_args()
    file = ResultFile(arguments.name, ("problem", "a [1]", "rows [1]", "seed [1]"))
    for case in file.missing(cases(arguments.cases, arguments.first)):
        problem, miss, n_rows, seed = case
        file.add(case, measure(GRADED[problem](miss)(n_rows, seed), seed))
    _print(file.rows())


def cases(count: int, first: int) -> list[Case]:
    """One data set of each point after the other."""
    return [
        (problem, miss, n_rows, first + i)
        for i in range(count)
        for problem in GRADED
        for n_rows in ROWS
        for miss in MISSES
    ]


def _print(rows: list[dict[str, str]]) -> None:
    """For each point the share of data sets in which the miss was seen."""
    points = defaultdict(list)
    for row in rows:
        points[row["problem"], int(row["rows [1]"]), float(row["a [1]"])].append(row)
    for key, those in sorted(points.items()):
        seen = sum(float(row["defect_low [1]"]) > 0 for row in those)
        defect = statistics.median(float(row["defect [1]"]) for row in those)
        resolution = statistics.median(float(row["resolution [1]"]) for row in those)
        print(
            *key, f"seen {seen} of {len(those)}; defect {defect:.3f}, resolution {resolution:.3f}"
        )


if __name__ == "__main__":
    main()
