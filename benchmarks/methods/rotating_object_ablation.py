"""What single parts of the settings of rotating-object are worth: one of them changed at a time.

Four model seeds each, on a data set that no other file measures.

python benchmarks/methods/rotating_object_ablation.py
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from latent_runs import run_all
from rotating_object import measure

SEED = 2100

CHANGES: Mapping[str, Mapping[str, Any]] = {
    "as recommended": {},
    "half the films": {"dataset.n_samples": 5000},
    "no weight decay": {"method.weight_decay": 0.0},
    "64 units": {"encoder.width": 64},
    "30 components": {"encoder.components": 30},
    "law of moved points in place of slowness and frame": {
        "method.slowness": 0.0,
        "method.frame": 0.0,
        "method.law": 0.3,
        "method.law_share": 1.0,
    },
}


def changed(name: str) -> list[dict[str, Any]]:
    """Rows with one change."""
    rows = measure(SEED, **{"run.seeds": 4, **CHANGES[name]})
    return [{"changed": name, **row} for row in rows]


if __name__ == "__main__":
    run_all(
        "rotating_object_ablation", {name: partial(changed, name) for name in CHANGES}, "changed"
    )
