"""What the measurements of vector fields share: data with known fields, runs, result files."""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext
from symdisc.fields.polynomials import Polynomials
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields
from symdisc.interfaces import Oracle
from symdisc.provenance import machine, versions
from symdisc.representations import Representation
from symdisc_vector_field.options import VectorFieldOptions
from symdisc_vector_field.oracles.polynomial import Polynomial, PolynomialOptions
from symdisc_vector_field.stage import FieldStage, Found

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Problem:
    """A function of points and the fields along which it stays the same.

    Attributes:
        size: Number of coordinates.
        value: The function, ``(N, d)`` to ``(N,)``.
        library: In which fields are looked for.
        degree: Degree of the polynomial that is fitted.
        truth: The true fields in this library; ``None``: there are none.
        scale: Standard deviation of the points.
    """

    size: int
    value: Callable[[Tensor], Tensor]
    library: str
    degree: int
    truth: VectorFields | None = None
    scale: float = 1.0
    centre: tuple[float, ...] = ()


def linear_fields(spec: str, matrices: Tensor) -> VectorFields:
    """Fields (L x)·∂ ``(k, d, d)`` in a library that holds the linear functions."""
    functions = library(spec, matrices.shape[-1])
    first = functions.degrees.index(1)
    coefficients = torch.zeros(len(matrices), len(functions), functions.size, dtype=torch.float64)
    coefficients[:, first : first + functions.size] = matrices.double().mT
    return VectorFields(functions, coefficients)


def kept_form(diagonal: Sequence[float]) -> Tensor:
    """Generators of the group that keeps the form diag(...): ``(k, d, d)``."""
    form = torch.tensor(diagonal, dtype=torch.float64)
    i, j = torch.triu_indices(len(form), len(form), 1)
    skew = torch.zeros(len(i), len(form), len(form), dtype=torch.float64)
    skew[torch.arange(len(i)), i, j] = 1
    return (skew - skew.mT) / form[:, None]


def quadric(*diagonal: float) -> Problem:
    """Σ a_i x_i², fitted at degree 4."""
    weights = torch.tensor(diagonal, dtype=torch.float64)
    truth = linear_fields("affine", kept_form(diagonal))
    return Problem(len(diagonal), lambda x: x.square() @ weights, "affine", 4, truth)


def generic_cubic(seed: int) -> Problem:
    """A polynomial of degree 3 in three coordinates with random weights."""
    functions = Polynomials(3, 3)
    rng = torch.Generator().manual_seed(seed)
    weights = torch.randn(len(functions), generator=rng, dtype=torch.float64)
    return Problem(3, lambda x: functions.values(x) @ weights, "affine", 4)


def cusp(spec: str) -> Problem:
    """x³ − y², which in polynomials of degree 2 stays the same along 2y ∂/∂x + 3x² ∂/∂y."""
    truth = None
    if spec == "polynomial(2)":
        functions = library(spec, 2)
        coefficients = torch.zeros(1, 6, 2, dtype=torch.float64)
        coefficients[0, 2, 0], coefficients[0, 3, 1] = 2, 3
        truth = VectorFields(functions, coefficients)
    return Problem(2, lambda x: x[:, 0] ** 3 - x[:, 1] ** 2, spec, 3, truth, scale=2.0)


def samples_of(problem: Problem, n: int, noise: float, seed: int) -> Samples:
    """Rows with normally distributed points; noise is that of the target over its spread."""
    rng = torch.Generator().manual_seed(seed)
    x = problem.scale * torch.randn(n, problem.size, generator=rng, dtype=torch.float64)
    if problem.centre:
        x = x + torch.tensor(problem.centre, dtype=torch.float64)
    y = problem.value(x)
    y = y + noise * y.std() * torch.randn(n, generator=rng, dtype=torch.float64)
    form = Representation.vector(problem.size)
    return Samples(
        x.float()[:, None], torch.arange(n), form, y.float()[:, None], Representation.scalars(1)
    )


def solve(samples: Samples, oracle: Oracle, seed: int = 0, **options: Any) -> tuple[Found, float]:
    """What the stage finds, 80 % of the rows being for training; and the CPU seconds it took."""
    count = len(samples)
    training = torch.arange(count) < 0.8 * count
    context = RunContext(
        samples.rows(training),
        (seed,),
        torch.device("cpu"),
        torch.Generator().manual_seed(seed),
        {},
        validation=samples.rows(~training),
        make_oracle=lambda: oracle,
    )
    start = time.process_time()
    found: Found = FieldStage(VectorFieldOptions(**options)).solve(context, {})["found"]
    return found, time.process_time() - start


def solve_problem(problem: Problem, n: int, noise: float, seed: int) -> tuple[Found, float]:
    """The stage with a polynomial of the problem's degree."""
    oracle = Polynomial(PolynomialOptions(fit_degree=problem.degree))
    samples = samples_of(problem, n, noise, seed)
    return solve(samples, oracle, seed, library=problem.library)


def dimension(found: Found) -> int:
    """Number of fields that are claimed."""
    return 0 if found.doubt else len(found.claim.fields)


def record(name: str, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write ``results/<name>.csv`` anew; every row carries versions and machine."""
    installed = versions()
    origin = {
        "date": datetime.now(UTC).date().isoformat(),
        **machine(torch.device("cpu")),
        **{package: installed[package] for package in ("symdisc", "torch", "numpy")},
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], *origin])
        writer.writeheader()
        writer.writerows({**row, **origin} for row in rows)
    return path


def spread(values: Sequence[float]) -> str:
    """Median, smallest and largest value as text."""
    return f"median {statistics.median(values):.4g} ({min(values):.4g} to {max(values):.4g})"
