"""What all steps of training and the criterion share: the action, targets and scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from symdisc.interfaces import (
    CoefficientDistribution,
    EnsembleModule,
    GroupParameterization,
    StageContext,
)
from symdisc.representations import Representation
from symdisc.verify.block_scales import unit_scales
from symdisc_laligan.generators import ActingGenerators
from symdisc_laligan.moved import MovedCodes
from symdisc_laligan.options import LaLiGANOptions
from symdisc_laligan.targets import TargetNumbers


@dataclass(frozen=True)
class LatentParts:
    """The same in all steps.

    The action is about the origin of latent space: where data cover orbits unevenly, their mean
    is not the point about which orbits are circles.

    Attributes:
        form: How a latent point transforms.
        group: A prototype of the parameterization.
        acting: The generators as they act.
        coefficients: The law of z.
        targets: Makes numbers of targets.
        scale: What errors of each coordinate of a state are compared with, ``(size,)``.
    """

    form: Representation
    group: GroupParameterization
    acting: ActingGenerators
    coefficients: CoefficientDistribution
    targets: TargetNumbers
    scale: Tensor

    @classmethod
    def of(
        cls,
        context: StageContext,
        group: EnsembleModule,
        form: Representation,
        options: LaLiGANOptions,
    ) -> Self:
        """The parts of one run."""
        prototype = group.prototype
        if not isinstance(prototype, GroupParameterization):
            raise TypeError(f"expected a GroupParameterization; got {type(prototype).__name__}")
        samples = context.samples
        law = context.coefficients(prototype.n_generators)
        # With whole coefficients the size of a generator tells which group it is.
        same_size = options.same_size and not law.discrete
        return cls(
            form=form,
            group=prototype,
            acting=ActingGenerators(group, same_size, options.whole),
            coefficients=law,
            targets=TargetNumbers.fit(samples),
            scale=unit_scales(samples.to("cpu")).to(samples.states.device),
        )

    def moved(
        self,
        points: Tensor,
        targets: Tensor | None,
        generators: Tensor,
        rng: torch.Generator,
        reach: float = 1.0,
    ) -> MovedCodes:
        """Latent windows as they are and moved by random group elements.

        Args:
            points: ``(E, B, steps, n)``.
            targets: ``(E, B, m)`` values or ``(E, B)`` labels, or ``None``.
            generators: ``(E, k, n, n)``.
            rng: Source of z.
            reach: By what z is multiplied, unless it has to be whole numbers [1].
        """
        z = self.coefficients.sample(points.shape[:2], rng)
        if not self.coefficients.discrete:
            z = reach * z
        numbers = self.targets(targets)
        return MovedCodes.of(points, numbers, z, generators, self.form, self.group.blocks)
