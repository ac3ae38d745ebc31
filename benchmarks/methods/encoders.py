"""Plain autoencoders on a curved surface in 20 dimensions: reconstruction by encoder.

python benchmarks/methods/encoders.py
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import Any

import torch
from recording import record, spread
from torch import Tensor

from symdisc.engine.ensemble import Ensemble
from symdisc.interfaces import DataShapes
from symdisc.options import parse_options
from symdisc.registry import default_host
from symdisc.representations import Representation

SIZE = 20
ROWS, HELD_OUT, BATCH = 4000, 1000, 256
RATE = 2e-3

VARIANTS: dict[str, dict[str, Any]] = {
    "mlp": {},
    "mlp relu": {"activation": "relu"},
    "mlp silu": {"activation": "silu"},
    "mlp tanh": {"activation": "tanh"},
    "mlp silu orthogonal": {"activation": "silu", "orthogonal": True},
    "mlp silu orthogonal whiten": {
        "activation": "silu",
        "orthogonal": True,
        "normalise": "whiten",
    },
    "mlp silu residual": {"activation": "silu", "residual": True},
    "mlp silu batch_norm": {"activation": "silu", "batch_norm": True},
    "conv1d silu": {"activation": "silu", "levels": 2},
    "conv2d silu": {"activation": "silu", "levels": 2, "image": [4, 5]},
    "coupling silu": {"activation": "silu"},
    "coupling silu orthogonal": {"activation": "silu", "orthogonal": True},
    "coupling silu additive": {"activation": "silu", "scale_bound": 0},
}


def main() -> None:
    """Train every variant on the same surfaces and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", type=int, default=3, help="surfaces, each with its own model")
    parser.add_argument("--first", type=int, default=9000, help="first data and model seed")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--only", default="", help="variants whose names contain this")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rows: list[dict[str, Any]] = []
    for name in (name for name in VARIANTS if arguments.only in name):
        seeds = range(arguments.first, arguments.first + arguments.seeds)
        rows += measure(name, seeds, arguments.steps)
        print(
            name,
            spread([row["lost_variance [1]"] for row in rows if row["variant"] == name]),
            flush=True,
        )
    if not arguments.only:
        print(record("encoders", rows))


def measure(name: str, seeds: range, steps: int) -> Iterator[dict[str, Any]]:
    """One ensemble: a surface and a model for each seed."""
    x = torch.stack([surface(seed) for seed in seeds])
    before = time.process_time()
    encoders = train(name, x[:, :ROWS], seeds, steps)
    seconds = time.process_time() - before
    held_out = x[:, ROWS:]
    with torch.no_grad():
        back = encoders.call("decode", encoders.call("encode", held_out))
    lost = (back - held_out).square().sum((1, 2)) / spread_of(held_out)
    for i, seed in enumerate(seeds):
        yield {
            "variant": name,
            "seed [1]": seed,
            "steps [1]": steps,
            "lost_variance [1]": float(f"{float(lost[i]):.4g}"),
            "parameters [1]": sum(p[i].numel() for p in encoders.parameters()),
            "cpu_time_of_all_seeds [s]": round(seconds, 1),
        }


def surface(seed: int) -> Tensor:
    """Points (x₁, …, x₂₀) = A tanh(B u + b) over a square of u."""
    rng = torch.Generator().manual_seed(seed)
    u = 2 * torch.rand(ROWS + HELD_OUT, 2, generator=rng) - 1
    inner = torch.randn(2, 12, generator=rng)
    outer = torch.randn(12, SIZE, generator=rng)
    return torch.tanh(1.5 * u @ inner + torch.randn(12, generator=rng)) @ outer


def train(name: str, x: Tensor, seeds: range, steps: int) -> Ensemble:
    """Mean squared error of standardised coordinates; the step size falls linearly to zero."""
    encoders = Ensemble([build(name, seed) for seed in seeds])
    scales = encoders.call("fit", x)
    optimizer = torch.optim.Adam(encoders.parameters(), lr=RATE)
    rng = torch.Generator().manual_seed(seeds[0])
    for step in range(steps):
        batch = x[:, torch.randint(ROWS, (BATCH,), generator=rng)]
        encoders.call("update_statistics", batch)
        back = encoders.call("decode", encoders.call("encode", batch))
        loss = ((back - batch) / scales).square().mean((1, 2)).sum()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.param_groups[0]["lr"] = RATE * (1 - step / steps)
        optimizer.step()
    encoders.call("update_statistics", x)
    return encoders


def build(name: str, seed: int) -> torch.nn.Module:
    """One encoder with two latent coordinates."""
    component = default_host().get("encoder", name.split()[0])
    options = parse_options(component.Options, {"latent_dim": 2, **VARIANTS[name]}, "encoder")
    torch.manual_seed(seed)
    module: torch.nn.Module = component(options, DataShapes(1, Representation.vector(SIZE)))
    return module


def spread_of(x: Tensor) -> Tensor:
    """Sum of squares about the mean, of each data set."""
    return (x - x.mean(1, keepdim=True)).square().sum((1, 2))


if __name__ == "__main__":
    main()
