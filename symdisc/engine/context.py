"""What a stage is given: data, seeds, randomness and ready-made ensembles of components."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
import torch

from symdisc.data.samples import Samples
from symdisc.engine.ensemble import Ensemble
from symdisc.interfaces import CoefficientDistribution, DataShapes, Oracle

Builder = Callable[[DataShapes], torch.nn.Module]


@final
@dataclass
class RunContext:
    """The :class:`symdisc.interfaces.StageContext` of one run.

    Attributes:
        samples: Training samples on ``device``.
        seeds: One seed for each member.
        device: Where tensors live.
        rng: The run's random stream.
        builders: How to build one member of a component, by kind.
        make_coefficients: How to build the coefficient distribution for k generators.
        validation: Rows that stages may be compared on, on ``device``, or ``None``.
        make_oracle: How to build the oracle.
        built: Every ensemble built so far, in order.
        kinds: The kind of component of each of them.
    """

    samples: Samples
    seeds: tuple[int, ...]
    device: torch.device
    rng: torch.Generator
    builders: Mapping[str, Builder]
    make_coefficients: Callable[[int], CoefficientDistribution] | None = None
    validation: Samples | None = None
    make_oracle: Callable[[], Oracle] | None = None
    built: list[Ensemble] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    @property
    def shapes(self) -> DataShapes:
        """The shapes of the samples."""
        return DataShapes.of(self.samples)

    def ensemble(self, kind: str, shapes: DataShapes | None = None) -> Ensemble:
        """E copies of the chosen component, each initialised by its own seed."""
        members = []
        for seed in self.seeds:
            with torch.random.fork_rng():
                torch.manual_seed(derived_seed(seed, kind))
                members.append(self.builders[kind](shapes or self.shapes).to(self.device))
        self.built.append(Ensemble(members))
        self.kinds.append(kind)
        return self.built[-1]

    @property
    def ensembles(self) -> dict[str, Ensemble]:
        """The last ensemble of each kind, to report how it ran."""
        return dict(zip(self.kinds, self.built, strict=True))

    def coefficients(self, n_generators: int) -> CoefficientDistribution:
        """The chosen coefficient distribution for k generators."""
        if self.make_coefficients is None:
            raise LookupError("this method does not list 'coefficients' in what it uses")
        return self.make_coefficients(n_generators)

    def oracle(self) -> Oracle:
        """The chosen oracle, not fitted yet."""
        if self.make_oracle is None:
            raise LookupError("this method does not list 'oracle' in what it uses")
        return self.make_oracle()


def derived_seed(seed: int, *purpose: Any) -> int:
    """A seed for one purpose; different purposes give unrelated random streams."""
    tag = zlib.crc32(repr(purpose).encode())
    return int(np.random.SeedSequence([seed, tag]).generate_state(1)[0])
