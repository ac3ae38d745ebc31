"""How often true discrete elements are confirmed, and those of near misses.

python benchmarks/verify/elements.py --cases 10

One element of each data set is tested as it stands, by turns, on 6,000 rows of which half fit the
predictor of the targets. The same matrix is tested on data whose symmetry a stated term breaks.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from typing import Any

import torch
from measuring import ResultFile

from symdisc.data.prepare import prepare
from symdisc.registry import default_host
from symdisc.verify.conditional import Conditional
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.relative_defect import element_defects
from symdisc.verify.verdict import verdicts_of

ROWS = 6_000
SIZES = {"lorentz-parity": "n_events"}
"""Option for the number of rows, where it is not ``n_samples``."""

KEYS = ("data set", "broken by", "by [1]", "case [1]")


@dataclass(frozen=True)
class Problem:
    """A data set, and a term that breaks its discrete symmetry.

    Attributes:
        name: Of the data set.
        options: Its options.
        term: The option that breaks the symmetry, ``""`` for none.
        weight: Its value.
    """

    name: str
    options: tuple[tuple[str, Any], ...] = ()
    term: str = ""
    weight: float = 0.0

    @property
    def label(self) -> str:
        """The data set with its options, one word after the other."""
        return " ".join([self.name, *(str(value) for _, value in self.options)])


TRUE = (
    Problem("o2-regression"),
    Problem("lorentz-parity"),
    Problem("dihedral"),
    Problem("dihedral", (("which", "C5"),)),
    Problem("permutation-s3"),
)
TERMS = {"o2-regression": "odd", "lorentz-parity": "odd", "dihedral": "tilt"}
TERMS |= {"permutation-s3": "handicap"}
BROKEN = tuple(
    Problem(true.name, true.options, TERMS[true.name], weight)
    for true in TRUE
    for weight in (0.2, 0.4)
)


def verdict(problem: Problem, case: int) -> dict[str, Any]:
    """The verdict on one element of the unbroken symmetry group."""
    component = default_host().get("dataset", problem.name)
    module = __import__(component.__module__, fromlist=["representatives"])
    size = SIZES.get(problem.name, "n_samples")
    whole = component.Options(**{size: ROWS, "seed": 1000 + case}, **dict(problem.options))
    made = whole.model_copy(update={problem.term: problem.weight} if problem.term else {})
    matrices = torch.from_numpy(module.representatives(whole))[1:]
    samples = prepare(component(made).make())
    h = matrices[case % len(matrices)][None]
    options, n = DefectOptions(), h.shape[-1]
    generators = torch.from_numpy(module.generators(whole))
    defects = element_defects(
        samples, h, generators, torch.ones(n, n), None, Conditional(), seed=case, options=options
    )
    ((defect,), (found,)) = defects, verdicts_of(defects, options)
    return {
        "verdict": found.word,
        "relative defect [1]": round(defect.value, 4),
        "high [1]": round(defect.high, 4),
        "support [1]": round(defect.support, 3),
        "displacement [1]": round(defect.displacement, 3),
        "tested rows": defect.n_rows,
    }


def main() -> None:
    """Test all cases that are missing and count the verdicts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=10, help="data sets of each kind")
    cases = parser.parse_args().cases
    file = ResultFile("elements", KEYS)
    problems = {(p.label, p.term, str(p.weight)): p for p in (*TRUE, *BROKEN)}
    wanted = ((*key, case) for case in range(cases) for key in problems)
    for key in file.missing(wanted):
        file.add(key, verdict(problems[key[:3]], int(key[3])))
    for key in problems:
        rows = [row for row in file.rows() if tuple(row[name] for name in KEYS[:3]) == key]
        print(*key, dict(Counter(row["verdict"] for row in rows)))


if __name__ == "__main__":
    main()
