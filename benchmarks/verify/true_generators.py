"""How often true generators are confirmed.

All generators of a true algebra are tested together, with random elements of their span, on rows
that nothing was trained on. Lorentz transformations are also tested by the law of the states,
which they do not keep.

python benchmarks/verify/true_generators.py --cases 20
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict

from measuring import Case, ResultFile, measure
from problems import TRUE

from symdisc.verify.distributional import Distributional

ROWS = (20_000, 2_000)
BY_LAW = "so(1,3), by the law of the states"


def main() -> None:
    """Test all cases that the result file lacks and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=20, help="data sets for each problem and size")
    parser.add_argument("--first", type=int, default=20_000, help="first seed")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS, help="held-out rows [1]")
    parser.add_argument("--name", default="true_generators", help="name of the result file")
    arguments = parser.parse_args()
    file = ResultFile(arguments.name, ("problem", "rows [1]", "seed [1]"))
    for case in file.missing(cases(arguments.cases, arguments.first, arguments.rows)):
        problem, n_rows, seed = case
        if problem == BY_LAW:
            made = TRUE["so(1,3), label"](n_rows, seed)
            file.add(case, measure(made, seed, Distributional()))
        else:
            file.add(case, measure(TRUE[problem](n_rows, seed), seed))
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in file.rows():
        counted[row["rows [1]"], row["problem"]][row["verdict"]] += 1
    for key, words in sorted(counted.items()):
        print(*key, dict(words))


def cases(count: int, first: int, rows: list[int]) -> list[Case]:
    """One data set of each problem and size after the other."""
    names = [*TRUE, BY_LAW]
    return [(name, n_rows, first + i) for i in range(count) for n_rows in rows for name in names]


if __name__ == "__main__":
    main()
