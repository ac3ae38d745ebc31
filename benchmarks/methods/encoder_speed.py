"""CPU time of encoding and decoding with gradients: stacked members against vmapped ones.

python benchmarks/methods/encoder_speed.py
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from typing import Any

import torch
from recording import record
from torch import Tensor, nn

from symdisc.engine.ensemble import Ensemble, stack_state
from symdisc.interfaces import DataShapes
from symdisc.options import parse_options
from symdisc.registry import default_host
from symdisc.representations import Representation

CASES: dict[str, tuple[str, int, dict[str, Any]]] = {
    "mlp": ("V4", 256, {}),
    "mlp orthogonal whiten": ("V4", 256, {"orthogonal": True, "normalise": "whiten"}),
    "mlp batch_norm": ("V4", 256, {"batch_norm": True}),
    "mlp 5x512": (
        "V4",
        256,
        {"width": 512, "depth": 4, "activation": "relu", "orthogonal": True},
    ),
    "coupling": ("V4", 256, {"latent_dim": 4}),
    "conv1d": ("V64", 256, {}),
    "conv2d": ("3*G48x48", 64, {}),
}
"""Representation of a state, size of a batch, and options."""


class Vmapped(nn.Module):
    """Encoding and decoding in one call, without a form for ensembles of its own."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, x: Tensor) -> Tensor:
        """ψ(φ(x))."""
        back: Tensor = self.encoder.decode(self.encoder.encode(x))
        return back


class Stacked(Vmapped):
    """The same with the form for ensembles that encoders have."""

    @staticmethod
    def stack(members: Sequence[Stacked]) -> Stacked:
        """All members as one."""
        return stack_state(members)


def main() -> None:
    """Measure all cases and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--members", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=9)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for name in CASES:
        rows.append(measure(name, arguments.members, arguments.repeats))
        print(rows[-1], flush=True)
    print(record("encoder_speed", rows))


def measure(name: str, members: int, repeats: int) -> dict[str, Any]:
    """Medians of one case, of both forms by turns."""
    text, batch, given = CASES[name]
    shapes = DataShapes(1, Representation.parse(text))
    component = default_host().get("encoder", name.split()[0])
    options = parse_options(component.Options, given, "encoder")
    encoders = [component(options, shapes) for _ in range(members)]
    x = torch.randn(members, batch, shapes.size)
    forms = {form: Ensemble([form(one) for one in encoders]) for form in (Stacked, Vmapped)}
    times: dict[type[Vmapped], list[float]] = {form: [] for form in forms}
    for _ in range(repeats + 1):
        for form, ensemble in forms.items():
            times[form].append(milliseconds(ensemble, x))
    strategies = [ensemble.strategy for ensemble in forms.values()]
    if strategies != ["stacked", "vmap"]:
        raise RuntimeError(f"{name} ran as {strategies}")
    return {
        "case": name,
        "state": text,
        "members [1]": members,
        "batch [1]": batch,
        "stacked [ms]": round(statistics.median(times[Stacked][1:]), 2),
        "vmapped [ms]": round(statistics.median(times[Vmapped][1:]), 2),
    }


def milliseconds(ensemble: Ensemble, x: Tensor) -> float:
    """CPU time of one forward and backward pass."""
    before = time.process_time()
    loss = (ensemble(x) - x).square().mean()
    torch.autograd.grad(loss, list(ensemble.parameters()))
    return 1000 * (time.process_time() - before)


if __name__ == "__main__":
    main()
