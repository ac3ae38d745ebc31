"""The adversarial stage: generators against a discriminator, for all seeds at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.errors import OptionError
from symdisc.interfaces import (
    Artifacts,
    Batch,
    CosetParameterization,
    EnsembleModule,
    GroupParameterization,
    IterativeStage,
    Losses,
    OptimizerSettings,
    StageContext,
)
from symdisc.linear_action import move, move_by
from symdisc.representations import Representation
from symdisc_kernels import group_elements
from symdisc_liegan import terms
from symdisc_liegan.criterion import EnergyCriterion
from symdisc_liegan.image_view import ImageView, fitted_view, small_shifts
from symdisc_liegan.objectives import OBJECTIVES, gradient_penalty
from symdisc_liegan.representatives import Claims, picked
from symdisc_liegan.size_bound import SizeBound
from symdisc_liegan.whitening import Whitening

if TYPE_CHECKING:
    from symdisc_liegan.options import LieGANOptions


_N_TRAINED = "n_trained"
_OVERLAPS = {"cosine": terms.overlap, "killing": terms.killing_overlap}


@final
class AdversarialStage(IterativeStage):
    """Both players learn from one and the same batch of moved samples."""

    name: ClassVar[str] = "liegan"

    def __init__(self, options: LieGANOptions) -> None:
        self.batch_size = options.batch_size
        self._options = options
        self._learns = True
        self._objective = OBJECTIVES[options.objective]
        self.units = dict.fromkeys(("adversarial", "real", "fake"), self._objective.unit)

    def n_steps(self, n_samples: int) -> int:
        """See :class:`IterativeStage`."""
        if not self._learns:
            return 0
        if self._options.steps is not None:
            return self._options.steps
        per_epoch = math.ceil(n_samples / self.batch_size)
        return max(1, round((self._options.epochs or 1) * per_epoch))

    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        """See :class:`IterativeStage`."""
        _check_encoder(context.ensemble("encoder"))
        group = context.ensemble("group")
        self._group = _parameterization(group)
        self._learns = any(parameter.requires_grad for parameter in group.parameters())
        self._shapes = context.shapes
        self._rng = context.rng
        self._coefficients = context.coefficients(self._group.n_generators)
        self._size = None
        if self._options.size_range is not None:
            self._size = SizeBound.fit(context.samples, self._options.size_range)
        self._claims = None
        if isinstance(self._group, CosetParameterization):
            self._claims = Claims.fit(context.samples)
        self._n_steps = self.n_steps(len(context.samples))
        if self._options.one_by_one:
            # A buffer, so that a run that goes on knows it.
            group.register_buffer(_N_TRAINED, torch.tensor(self._group.n_generators))
        _check_measure(self._options, self._shapes.representation)
        self._view = self._fitted_view(context.samples)
        self.criterion = EnergyCriterion.fit(context.samples, self._group.blocks)
        return {"generator": group, "discriminator": context.ensemble("discriminator")}

    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        """See :class:`IterativeStage`."""
        if not self._learns:
            return {}
        options = self._options
        generator = OptimizerSettings(
            options.generator_rate,
            betas=(options.generator_momentum, 0.999),
            decay=options.decay / self._n_phases,
            tail_average=options.tail_average / self._n_phases,
        )
        discriminator = OptimizerSettings(
            options.discriminator_rate,
            betas=(options.discriminator_momentum, 0.999),
            decay=options.decay / self._n_phases,
        )
        return {"generator": generator, "discriminator": discriminator}

    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        """See :class:`IterativeStage`."""
        generators = self._in_training(modules, step)
        z = self._coefficients.sample(batch.states.shape[:2], self._rng)[..., : generators.shape[1]]
        h = self._representatives(modules, batch.states.shape[1])
        batch, moved = self._both(z, generators, batch, h)
        real, fake = self._judge(modules["discriminator"], batch, moved)
        generator = {"adversarial": self._objective.generator(fake)}
        generator |= self._penalties(self._started(batch, h), moved, generators, step)
        generator |= modules["generator"].named("regularizers")
        discriminator = {"real": self._objective.real(real), "fake": self._objective.fake(fake)}
        if self._objective.penalised:
            pair = self._whitened(batch), self._whitened(moved)
            penalty = gradient_penalty(modules["discriminator"], *pair, self._rng)
            discriminator["gradient"] = self._options.gradient_penalty * penalty
        return {"generator": generator, "discriminator": discriminator}

    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        """See :class:`IterativeStage`."""
        generators = self._generators(modules).detach()
        if self._options.one_by_one:
            generators = generators[:, : int(modules["generator"].get_buffer(_N_TRAINED))]
        representatives = None
        if self._claims is not None:
            representatives = modules["generator"].call("representatives").detach()
            representatives = self._claims(representatives)
        return {
            "generators": generators,
            "representatives": representatives,
            "mask": self._group.mask(),
            "blocks": self._group.blocks,
            "discrete": self._coefficients.discrete,
            "learned": self._learns,
            "surplus": self._group.has_surplus,
        }

    @property
    def _n_phases(self) -> int:
        """How many parts training has: with one generator after the other, one for each."""
        return max(1, self._group.n_generators) if self._options.one_by_one else 1

    def _in_training(self, modules: Mapping[str, EnsembleModule], step: int) -> Tensor:
        """The generators that act in this step; those whose turn is over get no gradients."""
        generators = self._generators(modules)
        if not self._options.one_by_one:
            return generators
        last = step * self._n_phases // self._n_steps
        modules["generator"].get_buffer(_N_TRAINED).fill_(last + 1)
        return torch.cat([generators[:, :last].detach(), generators[:, last : last + 1]], dim=1)

    def _penalties(
        self, batch: Batch, moved: Batch, generators: Tensor, step: int
    ) -> dict[str, Tensor]:
        options, found = self._options, {}
        per_phase = self._n_steps / self._n_phases
        if options.similarity and step % per_phase < options.similarity_share * per_phase:
            similarity = self._similarity(batch.states, moved.states, generators)
            found["similarity"] = options.similarity * similarity
        if options.overlap and generators.shape[1] > 1:
            measure = _OVERLAPS[options.overlap_measure]
            found["overlap"] = options.overlap * measure(generators)
        if options.sparsity:
            found["sparsity"] = options.sparsity * terms.sparsity(generators)
        return found

    def _similarity(self, states: Tensor, moved: Tensor, generators: Tensor) -> Tensor:
        match self._options.similarity_measure:
            case "cosine":
                return terms.similarity(states, moved)
            case "displacement":
                return terms.nearness(states, moved)
            case "norm":
                return terms.smallness(generators)
            case "spectrum":
                return terms.spectral_similarity(states, moved, self._shapes.representation)

    def _generators(self, modules: Mapping[str, EnsembleModule]) -> Tensor:
        generators = modules["generator"].call("generators")
        return generators if self._size is None else self._size(generators)

    def _fitted_view(self, samples: Samples) -> Whitening | ImageView:
        return fitted_view(samples, self._options.blur) if self._options.whiten else Whitening()

    def _representatives(self, modules: Mapping[str, EnsembleModule], n_rows: int) -> Tensor | None:
        """A coset representative a sample, ``(E, B, n, n)``; ``None`` where there are none."""
        if self._claims is None:
            return None
        return picked(modules["generator"].call("representatives"), n_rows, self._rng)

    def _started(self, batch: Batch, h: Tensor | None) -> Batch:
        """Where generators start from: samples after their coset representative."""
        if h is None:
            return batch
        return Batch(move_by(h, batch.states, self._shapes.representation), batch.targets)

    def _both(
        self, z: Tensor, generators: Tensor, batch: Batch, h: Tensor | None = None
    ) -> tuple[Batch, Batch]:
        """Real and moved samples as they are compared."""
        form, blocks, states = self._shapes.representation, self._group.blocks, batch.states
        if form.grid is None:
            moved = move(z, generators, self._started(batch, h).states, form, blocks)
        else:
            shifts = small_shifts(states.shape[:2], self._options.shift, form, self._rng)
            # All in one resampling, which would blur images otherwise.
            elements = shifts @ group_elements(z, generators, blocks)
            moved = move_by(elements if h is None else elements @ h, states, form)
            batch = Batch(move_by(shifts, states, form), batch.targets)
        return batch, Batch(moved, self._moved_targets(z, generators, batch.targets, h))

    def _moved_targets(
        self, z: Tensor, generators: Tensor, targets: Tensor | None, h: Tensor | None
    ) -> Tensor | None:
        form = self._shapes.target_representation
        if targets is None or form is None:
            return targets
        targets = targets if h is None else move_by(h, targets, form)
        return move(z, generators, targets, form, self._group.blocks)

    def _judge(
        self, discriminator: EnsembleModule, real: Batch, fake: Batch
    ) -> tuple[Tensor, Tensor]:
        # One pass over real and moved samples together: fewer, larger matrix products.
        states = torch.cat([real.states, fake.states], dim=1)
        targets = None
        if real.targets is not None and fake.targets is not None:
            targets = torch.cat([real.targets, fake.targets], dim=1)
        seen = self._whitened(Batch(states, targets))
        logits = discriminator.forward(seen.states, seen.targets)
        half = real.states.shape[1]
        return logits[:, :half], logits[:, half:]

    def _whitened(self, batch: Batch) -> Batch:
        return Batch(*self._view(batch.states, batch.targets))


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


def _check_measure(options: LieGANOptions, representation: Representation) -> None:
    if options.similarity_measure == "spectrum" and representation.grid is None:
        raise OptionError(
            "method.similarity_measure = 'spectrum' compares images, but a state is "
            f"'{representation}'; use 'cosine', or say what is an image with --representation"
        )
