"""The closed form against LieGAN on one affine problem: angle to the truth and CPU seconds.

(x − 1)² + 4(y − 1)² of normally distributed points about (1, 1), 10 % noise. LieGAN learns matrices
about the mean of the data (``standardise="centre"``, default preset, 16 seeds at once), the vector
field method affine fields. Both are timed without the test on held-out rows.

python benchmarks/fields/against_liegan.py
"""

from __future__ import annotations

import time
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from field_measuring import Problem, linear_fields, record, samples_of

from symdisc import SymmetryResult, discover
from symdisc.fields.domain import largest_field_angle
from symdisc.fields.vector_fields import VectorFields

SEEDS = range(11_000, 11_003)
NOISE = 0.1


def main() -> None:
    """Three sizes, three data sets each."""
    rows = []
    for n in (200, 2000, 20_000):
        for seed in SEEDS:
            for method in ("vector-field", "liegan"):
                rows.append(measure(method, n, seed))
                print(rows[-1], flush=True)
    print(record("against_liegan", rows))


def problem() -> Problem:
    """Ellipses about (1, 1)."""
    turn = linear_fields("affine", torch.tensor([[[0.0, -4.0], [1.0, 0.0]]]))
    turn.coefficients[0, 0] = torch.tensor([4.0, -1.0], dtype=torch.float64)
    return Problem(
        2,
        lambda x: (x[:, 0] - 1) ** 2 + 4 * (x[:, 1] - 1) ** 2,
        "affine",
        2,
        turn,
        centre=(1.0, 1.0),
    )


def measure(method: str, n: int, seed: int) -> dict[str, Any]:
    """One run on one data set."""
    case = problem()
    samples = samples_of(case, n, NOISE, seed)
    if samples.targets is None or case.truth is None:
        raise RuntimeError("this problem has targets and a truth")
    x = samples.states[:, 0].double()
    settings: dict[str, Any] = {"standardise": "centre", "n_generators": 1}
    if method == "vector-field":
        settings = {"library": "affine"}
    start = time.process_time()
    with patch("symdisc.discovery.verify_result", lambda *_, **__: None):
        result = discover(
            x.numpy(), samples.targets.numpy(), method=method, seed=seed, device="cpu", **settings
        )
    seconds = time.process_time() - start
    fields = as_fields(result)
    return {
        "method": method,
        "rows [1]": n,
        "seed [1]": seed,
        "fields [1]": len(fields),
        "angle [degree]": round(largest_field_angle(case.truth, fields, x), 3),
        "cpu_time [s]": round(seconds, 2),
    }


def as_fields(result: SymmetryResult) -> VectorFields:
    """What was found as affine fields."""
    if result.fields is not None:
        return result.fields
    fields = linear_fields("affine", result.generators)
    centre = np.zeros(2) if result.centre is None else result.centre.numpy()
    fields.coefficients[:, 0] = -torch.einsum(
        "kij,j->ki", result.generators, torch.from_numpy(np.asarray(centre)).double()
    )
    return fields


if __name__ == "__main__":
    main()
