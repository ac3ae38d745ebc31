"""The adversarial stage: generators against a discriminator, for all seeds at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, final

import torch
from torch import Tensor

from symdisc.errors import OptionError
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
from symdisc.linear_action import move
from symdisc_liegan import terms
from symdisc_liegan.size_bound import SizeBound
from symdisc_liegan.whitening import Whitening

if TYPE_CHECKING:
    from symdisc_liegan.method import LieGANOptions


@final
class AdversarialStage(IterativeStage):
    """Both players learn from one and the same batch of moved samples."""

    name: ClassVar[str] = "liegan"
    units: ClassVar[Mapping[str, str]] = {"adversarial": "nat", "real": "nat", "fake": "nat"}

    def __init__(self, options: LieGANOptions) -> None:
        self.batch_size = options.batch_size
        self._options = options

    def n_steps(self, n_samples: int) -> int:
        """See :class:`IterativeStage`."""
        if self._options.steps is not None:
            return self._options.steps
        per_epoch = math.ceil(n_samples / self.batch_size)
        return max(1, round((self._options.epochs or 1) * per_epoch))

    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        """See :class:`IterativeStage`."""
        _check_encoder(context.ensemble("encoder"))
        group = context.ensemble("group")
        self._group = _parameterization(group)
        self._shapes = context.shapes
        self._rng = context.rng
        self._coefficients = context.coefficients(self._group.n_generators)
        self._size = None
        if self._options.size_range is not None:
            self._size = SizeBound.fit(context.samples, self._options.size_range)
        self._similarity_steps = self._options.similarity_share * self.n_steps(len(context.samples))
        self._whitening = Whitening.fit(context.samples) if self._options.whiten else Whitening()
        return {"generator": group, "discriminator": context.ensemble("discriminator")}

    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        """See :class:`IterativeStage`."""
        options = self._options
        generator = OptimizerSettings(
            options.generator_rate,
            betas=(options.generator_momentum, 0.999),
            decay=options.decay,
            tail_average=options.tail_average,
        )
        discriminator = OptimizerSettings(
            options.discriminator_rate,
            betas=(options.discriminator_momentum, 0.999),
            decay=options.decay,
        )
        return {"generator": generator, "discriminator": discriminator}

    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        """See :class:`IterativeStage`."""
        generators = self._generators(modules)
        z = self._coefficients.sample(batch.states.shape[:2], self._rng)
        moved = self._move(z, generators, batch)
        real, fake = self._judge(modules["discriminator"], batch, moved)
        options = self._options
        generator = {"adversarial": terms.adversarial_loss(fake)}
        if step < self._similarity_steps:
            similarity = terms.similarity(batch.states, moved.states)
            generator["similarity"] = options.similarity * similarity
        if options.overlap and self._group.n_generators > 1:
            generator["overlap"] = options.overlap * terms.overlap(generators)
        if options.sparsity:
            generator["sparsity"] = options.sparsity * terms.sparsity(generators)
        generator |= modules["generator"].named("regularizers")
        discriminator = {"real": terms.real_loss(real), "fake": terms.fake_loss(fake)}
        return {"generator": generator, "discriminator": discriminator}

    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        """See :class:`IterativeStage`."""
        return {
            "generators": self._generators(modules).detach(),
            "mask": self._group.mask(),
            "blocks": self._group.blocks,
        }

    def _generators(self, modules: Mapping[str, EnsembleModule]) -> Tensor:
        generators = modules["generator"].call("generators")
        return generators if self._size is None else self._size(generators)

    def _move(self, z: Tensor, generators: Tensor, batch: Batch) -> Batch:
        blocks, shapes = self._group.blocks, self._shapes
        states = move(z, generators, batch.states, shapes.representation, blocks)
        targets = batch.targets
        if targets is not None and shapes.target_representation is not None:
            targets = move(z, generators, targets, shapes.target_representation, blocks)
        return Batch(states, targets)

    def _judge(
        self, discriminator: EnsembleModule, real: Batch, fake: Batch
    ) -> tuple[Tensor, Tensor]:
        # One pass over real and moved samples together: fewer, larger matrix products.
        states = torch.cat([real.states, fake.states], dim=1)
        targets = None
        if real.targets is not None and fake.targets is not None:
            targets = torch.cat([real.targets, fake.targets], dim=1)
        states, targets = self._whitening(states, targets)
        logits = discriminator.forward(states, targets)
        half = real.states.shape[1]
        return logits[:, :half], logits[:, half:]


def _parameterization(group: EnsembleModule) -> GroupParameterization:
    prototype = group.prototype
    if not isinstance(prototype, GroupParameterization):
        raise TypeError(f"expected a GroupParameterization; got {type(prototype).__name__}")
    return prototype


def _check_encoder(encoder: EnsembleModule) -> None:
    if next(encoder.parameters(), None) is not None:
        raise OptionError(
            "liegan finds linear symmetries of the data space itself and does not train an "
            "encoder; use --encoder identity"
        )
