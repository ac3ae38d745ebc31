"""What the test on held-out rows, and the range of a symmetry, cost beside the training.

python benchmarks/verify/cost.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from measuring import ResultFile

import symdisc.discovery
from symdisc import discover

PARTS = {"run_stages": "training", "verify_result": "test", "with_support": "range"}
"""Steps of a run, by the names under which `symdisc.discovery` calls them."""

SEEDS = range(70, 76)
"""The first run is left out: it imports what torch needs once."""


def main() -> None:
    """Run two-body with the default settings and print the shares."""
    spent: dict[str, float] = {}
    for name, part in PARTS.items():
        setattr(symdisc.discovery, name, _timed(getattr(symdisc.discovery, name), part, spent))
    file = ResultFile("cost", ("seed [1]",))
    for (seed,) in file.missing((seed,) for seed in SEEDS):
        spent.clear()
        discover("two-body", seed=seed, options={"dataset.seed": seed})
        values: dict[str, Any] = {f"{part} [CPU s]": round(spent[part], 2) for part in spent}
        if seed != SEEDS[0]:
            file.add((seed,), values)
    rows = file.rows()
    for parts in (("test",), ("test", "range")):
        shares = [
            sum(float(row[f"{part} [CPU s]"]) for part in parts) / float(row["training [CPU s]"])
            for row in rows
        ]
        median, least, most = statistics.median(shares), min(shares), max(shares)
        print(f"{' and '.join(parts)}: {median:.0%} of training ({least:.0%} to {most:.0%})")


def _timed(call: Callable[..., Any], part: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*arguments: Any, **keywords: Any) -> Any:
        start = time.process_time()
        result = call(*arguments, **keywords)
        spent[part] = spent.get(part, 0.0) + time.process_time() - start
        return result

    return timed


if __name__ == "__main__":
    main()
