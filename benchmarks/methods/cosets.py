"""Whole runs of atlasd on data with discrete symmetries: which elements are found and confirmed.

An element counts as one of the truth if a coset of the true identity component is within a
distance of 0.15 of it. ``exact`` says whether just the true elements were found and none of them
was refuted; near misses break the symmetry by a term, and no element beyond what is left of it may
be confirmed.

python benchmarks/methods/cosets.py --data-seeds 10
python benchmarks/methods/cosets.py --near-misses --data-seeds 20
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from latent_runs import run_all
from torch import Tensor

from symdisc import SymmetryResult, default_host, discover
from symdisc.algebra.spans import largest_angle
from symdisc.cosets.component import TOLERANCE, coset_distance

FIRST = 3000


@dataclass(frozen=True)
class Problem:
    """A data set whose truth is known.

    Attributes:
        name: Of the data set.
        options: Its options.
    """

    name: str
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The data set with its options."""
        return " ".join([self.name, *(f"{key}={value}" for key, value in self.options.items())])

    def truth(self, seed: int) -> tuple[Tensor, Tensor]:
        """Generators ``(k, n, n)`` and representatives ``(m, n, n)``, the identity first."""
        component = default_host().get("dataset", self.name)
        module = importlib.import_module(component.__module__)
        options = component.Options(seed=seed, **self.options)
        found = (module.generators(options), module.representatives(options))
        return (torch.from_numpy(found[0]), torch.from_numpy(found[1]))


TRUE = (
    Problem("o2-regression"),
    Problem("lorentz-parity"),
    Problem("lorentz-parity", {"energies": "both"}),
    Problem("dihedral", {"which": "D4"}),
    Problem("dihedral", {"which": "C5"}),
    Problem("permutation-s3"),
)
NEAR_MISSES = (
    Problem("o2-regression", {"odd": 0.4}),
    Problem("lorentz-parity", {"odd": 0.5}),
    Problem("dihedral", {"which": "D4", "tilt": 0.4}),
    Problem("dihedral", {"which": "C5", "tilt": 0.4}),
    Problem("permutation-s3", {"handicap": 0.4}),
)


def measure(problem: Problem, seed: int) -> list[dict[str, Any]]:
    """The row of one run."""
    options = {f"dataset.{key}": value for key, value in problem.options.items()}
    result = discover(
        problem.name,
        method="atlasd",
        seed=100 * seed,
        options={"dataset.seed": seed, **options},
    )
    generators, elements = problem.truth(seed)
    found, words = _elements(result)
    matched = [_nearest(h, elements, generators) for h in found]
    wrong = [word for i, word in zip(matched, words, strict=True) if i is None]
    right = {i for i in matched if i is not None}
    refuted = any(w in ("not supported", "approximate") for w in words)
    return [
        {
            "run": f"{problem.label} {seed}",
            "problem": problem.label,
            "data_seed [1]": seed,
            "generators": f"{len(result.generators)} of {len(generators)}",
            "angle [degree]": _angle(result, generators),
            "true elements": len(elements),
            "found elements": len(found) + 1,
            "group": result.discrete.group if result.discrete else "",
            "exact": int(right == set(range(1, len(elements))) and not wrong and not refuted),
            "confirmed wrong elements": wrong.count("confirmed"),
            "verdicts": "; ".join(words),
            "verdict on generators": result.verification.overall.word
            if result.verification is not None
            else "",
            "cpu_time [s]": result.provenance["cpu_time [s]"],
        }
    ]


def _elements(result: SymmetryResult) -> tuple[list[Tensor], list[str]]:
    """Elements besides the identity, and the verdict on each."""
    part = result.discrete
    if part is None:
        return [], []
    words = [""] * (len(part) - 1)
    if part.tests is not None:
        words = [verdict.word for verdict in part.tests.verdicts]
    return list(part.representatives[1:]), words


def _nearest(h: Tensor, elements: Tensor, generators: Tensor) -> int | None:
    """Number of the true element in whose coset h lies; that of the identity is none."""
    distances = [coset_distance(h, other, generators) for other in elements]
    best = min(range(len(distances)), key=distances.__getitem__)
    return best if distances[best] <= TOLERANCE and best else None


def _angle(result: SymmetryResult, generators: Tensor) -> float | str:
    if len(result.generators) != len(generators) or not len(generators):
        return ""
    return round(float(largest_angle(generators, result.generators)), 3)


def main(name: str, true: Sequence[Problem], near_misses: Sequence[Problem]) -> None:
    """Measure what the result files ``name`` and ``name_near_misses`` have no rows of."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--near-misses", action="store_true")
    parser.add_argument("--data-seeds", type=int, default=10)
    arguments = parser.parse_args()
    runs = {
        f"{problem.label} {seed}": partial(measure, problem, seed)
        for seed in range(FIRST, FIRST + arguments.data_seeds)
        for problem in (near_misses if arguments.near_misses else true)
    }
    run_all(f"{name}_near_misses" if arguments.near_misses else name, runs, "run")


if __name__ == "__main__":
    main("cosets", TRUE, NEAR_MISSES)
