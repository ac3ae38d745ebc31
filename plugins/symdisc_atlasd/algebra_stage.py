"""Stage 2: the Lie algebra, by the error that the predictor makes on moved inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, final

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from symdisc.interfaces import (
    Artifacts,
    Batch,
    EnsembleModule,
    GroupParameterization,
    IterativeStage,
    Losses,
    OptimizerSettings,
    StageContext,
)
from symdisc_atlasd import terms
from symdisc_atlasd.judge import Judge, evenly
from symdisc_atlasd.options import AtlasDOptions
from symdisc_kernels import expm, group_elements

N_REFERENCES = 24
"""Random generators that those found are compared with."""

SMALL = 0.25
"""How far generators move inputs when they are compared, over the size of the inputs [1]."""


@final
class AlgebraStage(IterativeStage):
    """Generators learn; the predictor stays as it is."""

    name: ClassVar[str] = "lie-algebra"

    def __init__(self, options: AtlasDOptions) -> None:
        self.batch_size = options.batch_size
        self._options = options

    def n_steps(self, n_samples: int) -> int:
        """See :class:`IterativeStage`."""
        return self._options.algebra_steps if self._learns else 0

    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        """See :class:`IterativeStage`."""
        self._judge: Judge = artifacts["judge"]
        group = context.ensemble("group", self._judge.shapes)
        self._group = parameterization(group)
        count = self._group.n_generators
        self._learns = count > 0 and _depend_on_parameters(group)
        self._law = context.coefficients(count)
        self._rng = context.rng
        self._some = evenly(context.validation or context.samples, len(context.seeds))
        self.units = {"error": self._judge.unit}
        return {"generators": group}

    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        """See :class:`IterativeStage`."""
        if not self._learns:
            return {}
        options = self._options
        return {
            "generators": OptimizerSettings(
                options.generator_rate, decay=options.decay, tail_average=options.tail_average
            )
        }

    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        """See :class:`IterativeStage`."""
        generators = self._acting(modules["generators"])
        z = self._coefficients(batch.states.shape[:2], generators.shape[1])
        elements = group_elements(z, generators, self._group.blocks)
        found = {"error": self._judge.errors(elements[:, None], batch).mean((-1, -2))}
        if not self._orthonormal:
            found |= self._regularisers(generators)
        return {"generators": found}

    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        """See :class:`IterativeStage`."""
        generators = self._acting(modules["generators"])
        return {
            "group": modules["generators"],
            "generators": generators,
            "errors": self._errors(generators),
            "mask": self._group.mask(),
            "blocks": self._group.blocks,
            "discrete": self._law.discrete,
            "surplus": self._group.has_surplus and self._learns,
        }

    @property
    def _orthonormal(self) -> bool:
        # With whole coefficients the size of a generator tells which group it is.
        return self._options.orthonormal and not self._law.discrete

    def _acting(self, group: EnsembleModule) -> Tensor:
        """The generators ``(E, k, n, n)`` that act."""
        generators = group.call("generators")
        return self._judge.metric(generators) if self._learns and self._orthonormal else generators

    def _regularisers(self, generators: Tensor) -> dict[str, Tensor]:
        options, found = self._options, {}
        if options.overlap and generators.shape[1] > 1:
            found["overlap"] = options.overlap * terms.overlap(generators)
        if options.growth:
            smallness = terms.smallness(generators, options.growth_limit)
            found["growth"] = options.growth * smallness
        return found

    def _coefficients(self, shape: torch.Size, count: int) -> Tensor:
        """Coefficients ``(E, B, k)``; unless generators act together, all but one are 0."""
        z = self._law.sample((*shape,), self._rng)
        if self._options.together or count == 1:
            return z
        chosen = torch.randint(count, shape, generator=self._rng, device=self._rng.device)
        return z * one_hot(chosen, count)

    def _errors(self, generators: Tensor) -> Tensor:
        """Of exp(±L_i) on rows that were not trained on, over those of random ones: ``(E, k)`` [1].

        Generators are compared at one small size, where inputs stay among those that the predictor
        knows; whole coefficients leave them as they are.
        """
        if not generators.shape[1]:
            return generators.new_zeros(generators.shape[:2])
        metric, mask = self._judge.metric, self._group.mask()
        rng = torch.Generator().manual_seed(0)
        drawn = torch.randn(N_REFERENCES, *mask.shape, generator=rng).to(mask) * mask
        references = SMALL * metric.unit(drawn)
        found = generators if self._law.discrete else SMALL * metric.unit(generators)
        level = self._mean_errors(references.expand(len(found), -1, -1, -1)).median(1).values
        return self._mean_errors(found) / level[:, None]

    def _mean_errors(self, generators: Tensor) -> Tensor:
        """Of exp(±L_i) for generators ``(E, k, n, n)``: ``(E, k)``."""
        both = expm(torch.stack([generators, -generators], dim=2)).flatten(1, 2)
        errors = self._judge.excess(both, self._some)
        return errors.reshape(*generators.shape[:2], 2).mean(-1)


def parameterization(group: EnsembleModule) -> GroupParameterization:
    """What the group is.

    Raises:
        TypeError: It is no group.
    """
    prototype = group.prototype
    if not isinstance(prototype, GroupParameterization):
        raise TypeError(f"expected a GroupParameterization; got {type(prototype).__name__}")
    return prototype


def _depend_on_parameters(group: EnsembleModule) -> bool:
    return group.call("generators").requires_grad
