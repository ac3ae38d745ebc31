"""From the symmetry of a density to features that a forest needs, and to a discrete symmetry.

Points of a plane are distributed alike in all directions about the origin, the target
1 / (1 + θ mod 2π/7) depends on their angle θ. The density turns; its invariant and the time along
its flow are features of a random forest. Turns that leave the forest as it is are then looked for.

python benchmarks/fields/density_features.py
"""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import torch
from field_measuring import record, solve, spread
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestRegressor
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.fields.discrete import discrete_symmetries
from symdisc.fields.flow import flow
from symdisc.fields.invariants import Invariants, invariants
from symdisc.fields.reading import library
from symdisc.fields.straightening import flow_time
from symdisc.fields.vector_fields import VectorFields
from symdisc.representations import Representation
from symdisc_vector_field.oracles.density import Density, DensityOptions

SEEDS = range(9000, 9010)
N, N_TEST = 2000, 2000
ORDER = 7
Array = NDArray[np.float64]


def main() -> None:
    """Ten fresh data sets."""
    rows = []
    for seed in SEEDS:
        rows.append(measure(seed))
        print(rows[-1], flush=True)
    print("R² raw:", spread([row["R² of the forest on x [1]"] for row in rows]))
    print("R² features:", spread([row["R² of the forest on features [1]"] for row in rows]))
    for column in ("error of the smallest turn [rad]", "error of that time [rad]"):
        right = sum(row[column] != "" and row[column] <= 0.01 for row in rows)
        print(f"{column} at most 0.01: {right} of {len(rows)}")
    print(record("density_features", rows))


def measure(seed: int) -> dict[str, Any]:
    """One data set; forests are tested on rows of their own."""
    rng = np.random.default_rng(seed)
    x, test = rng.standard_normal((N, 2)), rng.standard_normal((N_TEST, 2))
    y, expected = target(x), target(test)
    start = time.process_time()
    field = turn_of_density(x, seed)
    kept = invariants(field, library("polynomial(2)", 2), torch.from_numpy(x))
    seconds = time.process_time() - start
    raw = forest(seed).fit(x, y)
    learned = forest(seed).fit(features(field, kept, x), y)
    given, along = smallest_turns(field, kept, learned, x)
    return {
        "seed [1]": seed,
        "rows [1]": N,
        "share of the field outside the turn [1]": round(outside(field), 4),
        "R² of the forest on x [1]": round(float(raw.score(test, expected)), 4),
        "R² of the forest on features [1]": round(
            float(learned.score(features(field, kept, test), expected)), 4
        ),
        "smallest turn [rad]": given,
        "error of the smallest turn [rad]": error_of(given),
        "smallest time along the flow [rad]": along,
        "error of that time [rad]": error_of(along),
        "cpu_time of the symmetry [s]": round(seconds, 2),
    }


def target(x: Array) -> Array:
    """1 / (1 + θ mod 2π/7)."""
    return np.asarray(1 / (1 + np.mod(np.arctan2(x[:, 1], x[:, 0]), 2 * np.pi / ORDER)))


def forest(seed: int) -> RandomForestRegressor:
    """A forest with default settings."""
    return RandomForestRegressor(random_state=seed)


def turn_of_density(x: Array, seed: int) -> VectorFields:
    """The linear field with the smallest defect on the density, scaled to turn once in 2π."""
    rows = torch.from_numpy(x).float()
    samples = Samples(rows[:, None], torch.arange(len(x)), Representation.vector(2))
    oracle = Density(DensityOptions(bandwidth=2.0))
    found, _ = solve(samples, oracle, seed, n_generators=1, defect=1.0)
    matrices = found.claim.fields.affine_matrices()
    if matrices is None:
        raise RuntimeError("linear fields are affine")
    fastest = torch.linalg.eigvals(matrices[0]).abs().max()
    return found.claim.fields.along(1 / fastest[None, None])


def features(field: VectorFields, kept: Invariants, x: Array) -> Array:
    """Invariants and the time along the flow."""
    points = torch.from_numpy(x)
    return np.column_stack([kept.values(points).numpy(), flow_time(field, points).numpy()])


def smallest_turns(
    field: VectorFields, kept: Invariants, learned: RandomForestRegressor, x: Array
) -> tuple[float | str, float | str]:
    """Steps that leave the forest as it is: of exact turns, and of times along the flow."""
    points = torch.from_numpy(x[:500])
    times = torch.linspace(0, 2 * math.pi, 120, dtype=torch.float64)

    def function(moved: Tensor) -> Tensor:
        return torch.from_numpy(learned.predict(features(field, kept, moved.numpy())))[:, None]

    def along(t: float, start: Tensor) -> Tensor:
        z = torch.full((len(start), 1), t, dtype=torch.float64)
        return flow(field, z, start[:, None])[:, 0]

    steps = [discrete_symmetries(function, move, points, times).step for move in (turned, along)]
    first, second = ("" if step is None else round(step, 5) for step in steps)
    return first, second


def turned(angle: float, x: Tensor) -> Tensor:
    """Points turned about the origin."""
    c, s = math.cos(angle), math.sin(angle)
    found: Tensor = x @ torch.tensor([[c, s], [-s, c]], dtype=torch.float64)
    return found


def error_of(step: float | str) -> float | str:
    """How far a step is from 2π/7."""
    return "" if isinstance(step, str) else round(abs(step - 2 * math.pi / ORDER), 5)


def outside(field: VectorFields) -> float:
    """Share of the coefficients that is no turn about the origin."""
    own = field.coefficients[0]
    turn = (own[1, 0] - own[0, 1]) / 2
    return float((1 - 2 * turn**2 / own.square().sum()).clamp_min(0).sqrt())


if __name__ == "__main__":
    main()
