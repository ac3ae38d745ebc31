"""How often a generator that is no symmetry is confirmed.

Negative cases: functions and laws without symmetry, generators drawn at random, targets that are
noise, and generators whose relative defect on many rows is 0.3 or more.

python benchmarks/verify/false_confirmations.py --cases 400
"""

from __future__ import annotations

import argparse
from collections import Counter

from measuring import Case, ResultFile, measure, upper_bound
from problems import FALSE

ROWS = (1000, 4000, 16000)


def main() -> None:
    """Test all cases that the result file lacks and print the bound."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--first", type=int, default=10_000, help="first seed")
    parser.add_argument("--name", default="false_confirmations", help="name of the result file")
    arguments = parser.parse_args()
    file = ResultFile(arguments.name, ("problem", "rows [1]", "seed [1]"))
    for case in file.missing(cases(arguments.cases, arguments.first)):
        problem, n_rows, seed = case
        file.add(case, measure(FALSE[problem](n_rows, seed), seed))
    counted = Counter(row["verdict"] for row in file.rows())
    total, wrong = sum(counted.values()), counted["confirmed"]
    print(counted)
    print(f"{wrong} of {total} confirmed; 95 % upper bound {upper_bound(wrong, total):.3f}")


def cases(count: int, first: int) -> list[Case]:
    """Problems and numbers of rows in turn, a seed of its own for each."""
    names = list(FALSE)
    return [
        (names[i % len(names)], ROWS[i // len(names) % len(ROWS)], first + i) for i in range(count)
    ]


if __name__ == "__main__":
    main()
