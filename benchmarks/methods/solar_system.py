"""LieGAN on the planets: the plane in which they are turned, against the ecliptic.

python benchmarks/methods/solar_system.py
"""

from __future__ import annotations

import argparse
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from recording import record, spread

from symdisc import discover
from symdisc_basics.datasets.solar_system import OBLIQUITY

Vector = NDArray[np.float64]


def main() -> None:
    """Run the recommended settings with several model seeds and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--first", type=int, default=3000, help="first model seed")
    arguments = parser.parse_args()
    rows = []
    for i in range(arguments.runs):
        rows.append(measure(100 * (arguments.first + i)))
        print(rows[-1], flush=True)
    path = record("solar_system", rows)
    for column in ("axis_of_the_plane [degree]", "axis_of_the_turn [degree]"):
        print(column, spread([row[column] for row in rows]))
    print(path)


def measure(seed: int) -> dict[str, Any]:
    """One run; the data are the same, the split and the models are not."""
    result = discover("solar-system", seed=seed)
    generator = result.generators[0].numpy()
    return {
        "seed [1]": seed,
        "axis_of_the_plane [degree]": round(to_pole(plane_axis(generator)), 3),
        "axis_of_the_turn [degree]": round(to_pole(turn_axis(generator)), 3),
        "agreement [1]": result.agreement,
        "group": result.group,
        "defect_low [1]": round(result.defects[0].low, 4),
        "defect_high [1]": round(result.defects[0].high, 4),
        "cpu_time [s]": result.provenance["cpu_time [s]"],
    }


def plane_axis(generator: Vector) -> Vector:
    """Normal of the plane in which L moves things: the left singular vector that it leaves out."""
    left, _, _ = np.linalg.svd(generator)
    axis: Vector = left[:, -1]
    return axis


def turn_axis(generator: Vector) -> Vector:
    """Axis of the antisymmetric part of L."""
    turn = (generator - generator.T) / 2
    return np.array([turn[2, 1], turn[0, 2], turn[1, 0]])


def to_pole(axis: Vector) -> float:
    """Angle between an axis and the pole of the ecliptic of J2000 [degree]."""
    pole = np.array([0.0, -math.sin(OBLIQUITY), math.cos(OBLIQUITY)])
    return math.degrees(math.acos(min(1.0, abs(float(axis @ pole)) / float(np.linalg.norm(axis)))))


if __name__ == "__main__":
    main()
