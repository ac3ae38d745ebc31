"""What single parts of the settings of double-bump are worth: one of them changed at a time.

Four model seeds each and shorter runs than by default, on a data set that no other file measures.

python benchmarks/methods/double_bump_ablation.py
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from double_bump import measure
from latent_runs import run_all

SEED = 2100
SHORT = {"method.steps": 2500, "run.seeds": 4}

CHANGES: Mapping[str, Mapping[str, Any]] = {
    "as recommended": {},
    "one decoder of all coordinates": {"encoder.additive": False, "method.nested": 0.0},
    "random start": {"encoder.principal": False},
    "no errors of the first part": {"method.nested": 0.0},
    "free lengths": {"encoder.unit_length": False, "method.spread": 0.1},
}


def changed(name: str) -> list[dict[str, Any]]:
    """Rows with one change."""
    rows = measure(SEED, {**SHORT, **CHANGES[name]})
    return [{"changed": name, **row} for row in rows]


if __name__ == "__main__":
    run_all("double_bump_ablation", {name: partial(changed, name) for name in CHANGES}, "changed")
