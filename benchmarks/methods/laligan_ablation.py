"""What each part of the default objective of LaLiGAN is worth, on fresh data.

python benchmarks/methods/laligan_ablation.py [--source pendulum]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from latent_runs import measure, run_all

PUBLISHED_TERMS: Mapping[str, Any] = {
    "method.conditional": 0.0,
    "method.spread": 0.0,
    "method.law": 0.0,
    "method.adversarial": 0.01,
    "method.similarity": 0.1,
    "method.growth": 0.0,
    "encoder.normalise": "centre",
}
"""The published objective in the default's small networks, with its step sizes and its length."""

VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "default": {},
    "published objective": PUBLISHED_TERMS,
    "published objective, 4 times as long": {**PUBLISHED_TERMS, "method.steps": 8000},
    "no conditional term": {"method.conditional": 0.0, "method.law_share": 1.0},
    "adversarial instead of law": {"method.law": 0.0, "method.adversarial": 0.01},
    "no law": {"method.law": 0.0},
    "no spread": {"method.spread": 0.0},
    "whitened about the mean": {"encoder.normalise": "whiten"},
    "centred": {"encoder.normalise": "centre"},
    "moves of full size from the start": {"method.growth": 0.0},
    "slow generators": {"method.generator_rate": 0.01},
    "slow generators, moves of full size": {"method.generator_rate": 0.01, "method.growth": 0.0},
    "piecewise linear encoder": {"encoder.activation": "leaky-relu"},
    "step sizes do not fall": {"method.decay": 0.0},
    "last state": {"run.keep": "last"},
    "half as long": {"method.steps": 1000},
}


def main() -> None:
    """Measure all variants on one data seed; those that the result file has are kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", default="lotka-volterra")
    parser.add_argument("--data-seed", type=int, default=3000)
    arguments = parser.parse_args()
    runs = {
        variant: _measuring(arguments.source, arguments.data_seed, variant, options)
        for variant, options in VARIANTS.items()
    }
    run_all(f"laligan_ablation_{arguments.source.replace('-', '_')}", runs, "variant")


def _measuring(
    source: str, seed: int, variant: str, options: Mapping[str, Any]
) -> Callable[[], list[dict[str, Any]]]:
    return lambda: [{"variant": variant, **row} for row in measure(source, seed, options)]


if __name__ == "__main__":
    main()
