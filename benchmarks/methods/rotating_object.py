"""LaLiGAN on rotating-object: the pose that latent vectors tell of held-out pictures, every seed.

The three vectors of a picture, made orthonormal, are its pose up to one rotation of space and one
choice of axes of the object, the same for all pictures: A R B, aligned to the true poses as a
whole. ``pose_error`` is the median angle that is left.

python benchmarks/methods/rotating_object.py
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch
from latent_runs import FIRST, kept_seeds, rows_of, run_all
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from symdisc import discover
from symdisc_basics.datasets.rotating_object import (
    RotatingObject,
    RotatingObjectOptions,
    rotations,
)

FRESH = 1000
"""Pictures, of a seed that no run uses, whose poses are compared."""

STARTS, ROUNDS = 12, 50

Poses = NDArray[np.float64]


def nearest(matrices: Poses) -> Poses:
    """The rotations ``(..., 3, 3)`` closest to matrices."""
    left, _, right = np.linalg.svd(matrices)
    turn = np.ones((*matrices.shape[:-2], 3))
    turn[..., 2] = np.sign(np.linalg.det(left @ right))
    closest: Poses = (left * turn[..., None, :]) @ right
    return closest


def told(codes: Poses) -> Poses:
    """Poses ``(n, 3, 3)`` that latent points ``(n, 9)`` tell; their vectors are the columns."""
    frames = np.swapaxes(codes.reshape(-1, 3, 3), 1, 2)
    # Vectors that are all reversed transform as before, and make a frame of the other hand.
    hand = np.sign(np.sign(np.linalg.det(frames)).sum())
    return nearest(hand * frames)


def angles(found: Poses, true: Poses) -> Poses:
    """Angles ``(n,)`` [deg] between poses A R B and those found, for the best rotations A and B."""
    best = np.full(len(true), 180.0)
    for right in Rotation.random(STARTS, random_state=0).as_matrix():
        for _ in range(ROUNDS):
            left = nearest((found @ np.swapaxes(true @ right, 1, 2)).mean(0))
            right = nearest((np.swapaxes(left @ true, 1, 2) @ found).mean(0))
        left_over = Rotation.from_matrix(np.swapaxes(left @ true @ right, 1, 2) @ found)
        now = np.degrees(left_over.magnitude())
        best = now if np.median(now) < np.median(best) else best
    return best


def measure(data_seed: int, **settings: Any) -> list[dict[str, Any]]:
    """A row for each model seed and one for the consensus."""
    options = {"dataset.seed": data_seed, **settings}
    with kept_seeds() as kept:
        result = discover("rotating-object", seed=100 * data_seed, options=options)
    size = {"size": settings["dataset.size"]} if "dataset.size" in settings else {}
    fresh = RotatingObjectOptions(n_samples=FRESH, n_states=1, seed=data_seed + 10_000, **size)
    states = torch.tensor(RotatingObject(fresh).make().states)
    poses = rotations(fresh)[:, 0]
    rows = rows_of(result, data_seed)
    for row, codes in zip(rows, [*kept.codes(states), result.encode(states)], strict=True):
        left = angles(told(codes.double().numpy()), poses)
        row["pose_error [deg]"] = round(float(np.median(left)), 2)
        row["pose_error_90 [deg]"] = round(float(np.quantile(left, 0.9)), 2)
    return rows


if __name__ == "__main__":
    seeds = range(FIRST, FIRST + 3)
    run_all("rotating_object", {str(s): partial(measure, s) for s in seeds}, "data_seed [1]")
