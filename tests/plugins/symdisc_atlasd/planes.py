"""Functions of a plane with known symmetries, and runs on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext
from symdisc.engine.loop import run_stages
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.progress import Silent
from symdisc.interfaces import Artifacts, DataShapes, Oracle, Stage
from symdisc.options import Options
from symdisc.representations import Representation
from symdisc_basics.coefficients import Normal, NormalOptions
from symdisc_basics.cosets import Cosets, CosetsOptions

CPU = torch.device("cpu")
TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]])


class Distance(Oracle):
    """|x|² of points of a plane: O(2)."""

    def __init__(self, options: Options) -> None:
        self.fitted_to: Tensor | None = None

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        return "" if samples.size == 2 else "this is no plane"

    def fit(self, x: Tensor, y: Tensor | None, rng: torch.Generator) -> None:
        self.fitted_to = y

    def value(self, x: Tensor) -> Tensor:
        return x.square().sum(-1, keepdim=True)

    def jacobian(self, x: Tensor) -> Tensor:
        return 2 * x[:, None]


class Corners(Distance):
    """(x₁⁴ + x₂⁴, x₁ x₂ (x₁² − x₂²)) of points of a plane: the quarter turns, C_4."""

    def value(self, x: Tensor) -> Tensor:
        a, b = x.unbind(-1)
        return torch.stack([a**4 + b**4, a * b * (a**2 - b**2)], dim=-1)

    def jacobian(self, x: Tensor) -> Tensor:
        a, b = x.unbind(-1)
        first = torch.stack([4 * a**3, 4 * b**3], dim=-1)
        second = torch.stack([3 * a**2 * b - b**3, a**3 - 3 * a * b**2], dim=-1)
        return torch.stack([first, second], dim=-2)


def plane(targets: str = "values", rows: int = 600) -> Samples:
    """Normal points of a plane with |x|², whether it is above 1, x |x|², or none of these."""
    x = torch.randn(rows, 2, generator=torch.Generator().manual_seed(0))
    far = x.square().sum(1, keepdim=True)
    given = {"values": far, "labels": (far[:, 0] > 1).long(), "vectors": far * x, "none": None}
    forms = {"values": Representation.scalars(1), "vectors": Representation.vector(2)}
    return Samples(
        x[:, None],
        torch.arange(rows),
        Representation.vector(2),
        given[targets],
        forms.get(targets),
    )


def windows(rows: int = 600) -> Samples:
    """Points of a plane and where they are after a turn by 0.3 about the origin."""
    x = torch.randn(rows, 2, generator=torch.Generator().manual_seed(0))
    later = x @ torch.linalg.matrix_exp(0.3 * TURN).T
    return Samples(torch.stack([x, later], 1), torch.arange(rows), Representation.vector(2))


def builders(**group: Any) -> dict[str, Callable[[DataShapes], nn.Module]]:
    """A group of three generators and eight representatives, unless told otherwise."""
    options = CosetsOptions(**{"n_generators": 3, "n_representatives": 8, **group})
    return {"group": lambda shapes: Cosets(options, shapes)}


def context(
    samples: Samples,
    seeds: int = 2,
    parts: Mapping[str, Any] | None = None,
    oracle: type[Oracle] = Distance,
) -> RunContext:
    """A run on these samples."""
    return RunContext(
        samples,
        tuple(range(seeds)),
        CPU,
        torch.Generator().manual_seed(0),
        {**builders(), **(parts or {})},
        lambda k: Normal(NormalOptions(scale=0.5), k),
        validation=samples,
        make_oracle=lambda: oracle(Options()),
    )


def ran(stages: list[Stage], run: RunContext) -> Artifacts:
    """What these stages hand on."""
    return run_stages(stages, run, MetricsFiles(None, run.seeds), Silent()).artifacts
