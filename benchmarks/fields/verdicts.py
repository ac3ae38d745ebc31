"""What the test on held-out rows says of true symmetries, of none, and of near misses.

python benchmarks/fields/verdicts.py
python benchmarks/fields/verdicts.py --near-misses
python benchmarks/fields/verdicts.py --published-count --seeds 5
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from field_measuring import (
    Problem,
    cusp,
    generic_cubic,
    linear_fields,
    quadric,
    record,
    samples_of,
)

from symdisc import discover
from symdisc.data.pairs import Pairs
from symdisc.interfaces import FieldClaim
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.field_defect import field_defects, verify_fields
from symdisc_vector_field.oracles.polynomial import Polynomial, PolynomialOptions

N, NOISE = 2_000, 0.1
HELD_OUT = 300
STRETCHES = (1.0, 1.5, 1.65, 1.8, 2.2)
IN_LIBRARY = {"affine": 3, "polynomial(2)": 11}
"""True symmetries of a quadric in space: three fields, and their products with coordinates."""

FORCED = {"method.n_generators": 1, "method.defect": 1.0}


def main() -> None:
    """Whole runs; with ``--near-misses`` the test alone."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=21_000, help="first seed")
    parser.add_argument("--near-misses", action="store_true", help="claims that are slightly wrong")
    parser.add_argument("--published-count", action="store_true", help="the rule of shaw")
    arguments = parser.parse_args()
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    if arguments.near_misses:
        rows = [near_miss(stretch, seed) for stretch in STRETCHES for seed in seeds]
        group, name = "second weight [1]", "near_misses"
    elif arguments.published_count:
        names = ("x² + 4y² + 9z²", "x² + y² − z²")
        rows = [counted(n, spec, seed) for seed in seeds for n in names for spec in IN_LIBRARY]
        group, name = "problem", "published_count"
    else:
        rows = [row for seed in seeds for row in whole_runs(seed)]
        group, name = "problem", "verdicts"
    told = Counter((*_case(row, group), row["verdict"]) for row in rows)
    for case, count in sorted(told.items(), key=str):
        print(*case, count, flush=True)
    print(record(name, rows))


def whole_runs(seed: int) -> Iterator[dict[str, Any]]:
    """All problems and libraries; of what has no symmetry one is asked for as well."""
    for name, problem in problems(seed).items():
        for spec in ("linear", "affine"):
            for forced in (False,) if problem.truth is not None else (False, True):
                yield verdict(name, problem, spec, seed, forced=forced)


def problems(seed: int) -> dict[str, Problem]:
    """Problems by name; the generic cubic is another one for every seed."""
    return {
        "x² + 4y² + 9z²": quadric(1, 4, 9),
        "x² + y² − z²": quadric(1, 1, -1),
        "generic cubic": generic_cubic(seed),
        "x³ − y²": cusp("affine"),
    }


def verdict(name: str, problem: Problem, spec: str, seed: int, *, forced: bool) -> dict[str, Any]:
    """One whole run; where forced, the field of least defect is shown whatever it is like."""
    samples = samples_of(problem, N, NOISE, seed)
    if samples.targets is None:
        raise RuntimeError("these samples have targets")
    result = discover(
        samples.states[:, 0].numpy(),
        samples.targets[:, 0].numpy(),
        method="vector-field",
        library=spec,
        seed=seed,
        options={"oracle.fit_degree": problem.degree, **(FORCED if forced else {})},
    )
    tested = result.verification
    if tested is None:
        raise RuntimeError("the result is tested")
    beside = tested.beside
    return {
        "problem": name,
        "fields": spec,
        "asked for": "one field" if forced else "",
        "seed [1]": seed,
        "generators [1]": len(result.generators),
        "verdict": tested.overall.word,
        "decided by": tested.defects[0].statement,
        "verdict beside": "" if beside is None else beside.overall.word,
        "relative defect [1]": round(tested.worst.value, 3),
        "its upper end [1]": round(tested.worst.high, 3),
        "rows tested [1]": tested.worst.n_rows,
        "cpu_time [s]": round(result.provenance["cpu_time [s]"], 2),
    }


def counted(name: str, spec: str, seed: int) -> dict[str, Any]:
    """How many fields the published rule counts, and what the test says of each."""
    problem = problems(seed)[name]
    samples = samples_of(problem, N, NOISE, seed)
    if samples.targets is None:
        raise RuntimeError("these samples have targets")
    result = discover(
        samples.states[:, 0].numpy(),
        samples.targets[:, 0].numpy(),
        method="shaw",
        library=spec,
        seed=seed,
        options={"oracle.fit_degree": problem.degree},
    )
    tested, spectrum = result.verification, result.spectrum
    if tested is None or spectrum is None:
        raise RuntimeError("the result has a spectrum and is tested")
    return {
        "problem": name,
        "fields": spec,
        "seed [1]": seed,
        "in the library [1]": len(spectrum.values),
        "true, with copies [1]": IN_LIBRARY[spec],
        "counted by the rule [1]": spectrum.count,
        "left by validation rows [1]": len(result.generators),
        "confirmed one by one [1]": sum(v.word == "confirmed" for v in tested.verdicts),
        "verdict": tested.overall.word,
        "cpu_time [s]": round(result.provenance["cpu_time [s]"], 2),
    }


def near_miss(stretch: float, seed: int) -> dict[str, Any]:
    """A turn in the plane of x and y, claimed of x² + a y² + 3 z² fitted at degree 4."""
    problem = quadric(1, stretch, 3)
    turn = torch.zeros(1, 3, 3, dtype=torch.float64)
    turn[0, 0, 1], turn[0, 1, 0] = -1, 1
    rows = Pairs.of(samples_of(problem, HELD_OUT, NOISE, seed))
    claim = FieldClaim(linear_fields("affine", turn), _oracle(), rows.representation)
    tested = verify_fields(claim, rows, seed=seed, options=DefectOptions())
    return {
        "second weight [1]": stretch,
        "seed [1]": seed,
        "rows tested [1]": HELD_OUT,
        "relative defect with 8,000 rows [1]": round(_many_rows(problem, claim, seed), 3),
        "relative defect [1]": round(tested.worst.value, 3),
        "its lower end [1]": round(tested.worst.low, 3),
        "its upper end [1]": round(tested.worst.high, 3),
        "verdict": tested.overall.word,
    }


def _many_rows(problem: Problem, claim: FieldClaim, seed: int) -> float:
    """That of many rows and random fields, which is hardly uncertain."""
    rows = Pairs.of(samples_of(problem, 8_000, NOISE, seed + 500_000))
    rng, options = torch.Generator().manual_seed(seed), DefectOptions(n_references=100)
    defects, _ = field_defects(replace(claim, oracle=_oracle()), rows, rng, options)
    return defects[0].value


def _oracle() -> Polynomial:
    return Polynomial(PolynomialOptions(fit_degree=4))


def _case(row: dict[str, Any], group: str) -> tuple[Any, ...]:
    return (row[group], row.get("fields", ""), row.get("asked for", ""))


if __name__ == "__main__":
    main()
