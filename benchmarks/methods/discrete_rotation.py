"""LieGAN with whole coefficients on a seven-fold symmetry: angle, leakage, order.

python benchmarks/methods/discrete_rotation.py
"""

from __future__ import annotations

import argparse
import math
from typing import Any

import torch
from recording import record, spread
from torch import Tensor

from symdisc import discover

ORDER = 7
TOLERANCE = 0.02
"""Largest error of an angle that counts as right [radian]."""


def main() -> None:
    """Run the recommended preset on several data seeds and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data-seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=3000, help="first data and model seed")
    arguments = parser.parse_args()
    rows = []
    for i in range(arguments.data_seeds):
        rows.append(measure(arguments.first + i))
        print(rows[-1], flush=True)
    path = record("discrete_rotation", rows)
    print("error of the angle:", spread([row["angle_error [rad]"] for row in rows]))
    chance = 2 * TOLERANCE * (ORDER - 1) / (2 * math.pi)
    print(f"a random angle is within {TOLERANCE} rad with probability {chance:.3f}")
    print(path)


def measure(seed: int) -> dict[str, Any]:
    """One run on a data set of its own; model seeds are as fresh as the data."""
    result = discover("discrete-rotation", seed=100 * seed, options={"dataset.seed": seed})
    singles = [angle_error(one[0]) for one in result.seed_generators]
    angle, _ = turn(result.generators[0])
    return {
        "data_seed [1]": seed,
        "seeds [1]": len(result.seeds),
        "order [1]": result.order or 0,
        "angle [rad]": round(angle, 5),
        "angle_error [rad]": round(angle_error(result.generators[0]), 5),
        "leakage [1]": round(leakage(result.generators[0]), 4),
        "agreement [1]": result.agreement,
        "seeds_within_0.02_rad [1]": sum(error <= TOLERANCE for error in singles),
        "group": result.group,
        "defect_high [1]": round(result.defects[0].high, 4),
        "cpu_time [s]": result.provenance["cpu_time [s]"],
    }


def turn(generator: Tensor) -> tuple[float, Tensor]:
    """By how much a generator turns the plane of the first two axes, and that part of it."""
    angle = float(generator[1, 0] - generator[0, 1]) / 2
    part = torch.zeros_like(generator)
    part[0, 1], part[1, 0] = -angle, angle
    return abs(angle), part


def angle_error(generator: Tensor) -> float:
    """Distance of the angle from the next multiple of 2π/7 that is no whole turn [radian]."""
    angle, _ = turn(generator)
    step = 2 * math.pi / ORDER
    right = [k * step for k in range(1, 8 * ORDER) if k % ORDER]
    return min(abs(angle - one) for one in right)


def leakage(generator: Tensor) -> float:
    """Norm of what is not the turn, over the whole norm [1]."""
    _, part = turn(generator)
    return float(torch.linalg.norm(generator - part) / torch.linalg.norm(generator))


if __name__ == "__main__":
    main()
