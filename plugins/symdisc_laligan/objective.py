"""The objective: which terms there are in a step, and which module each of them trains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

import torch
from torch import Tensor
from torch.nn.functional import softplus

from symdisc.interfaces import Batch, EnsembleModule
from symdisc_laligan import terms
from symdisc_laligan.moved import MovedCodes
from symdisc_laligan.options import LaLiGANOptions
from symdisc_laligan.parts import LatentParts
from symdisc_laligan.sindy.objective import equation_terms

Terms = dict[str, Tensor]

SMALL_REACH = 0.2
"""Size of random moves at the first step, over their full size [1]."""


@final
class LatentObjective:
    """Collects the terms of one step.

    Terms in which the group acts train encoder and generators alike; those of the discriminator
    train it alone, and what it makes of moved points never trains it.

    Args:
        parts: The action, targets and scales.
        options: The weights.
        n_steps: Steps of the whole stage.
    """

    def __init__(self, parts: LatentParts, options: LaLiGANOptions, n_steps: int) -> None:
        self._parts = parts
        self._options = options
        self._n_steps = n_steps

    def __call__(
        self,
        batch: Batch,
        modules: Mapping[str, EnsembleModule],
        step: int,
        rng: torch.Generator,
    ) -> dict[str, Terms]:
        """Terms of one step by the module that they train, ``(E,)`` each.

        Args:
            batch: States and targets of each seed.
            modules: By name; those of terms without weight are missing.
            step: Steps done.
            rng: Source of group elements.
        """
        points, decoded = self._coded(batch, modules["encoder"], step)
        own = self._own(batch, points, decoded, step)
        generators = self._parts.acting()
        reach = self.reach(step)
        codes = self._parts.moved(points, batch.targets, generators, rng, reach)
        discriminator, fooled = self._judged(batch, decoded[..., -1, :], codes, modules)
        acted = self._acted(codes, modules, step, fooled) if self.acts(step) else {}
        equation = self._equation(batch, modules)
        return {
            "encoder": {} if self.is_frozen(step) else {**own, **acted, **equation},
            "generator": {**acted, **self._penalties(codes, generators)},
            "predictor": {name: acted[name] for name in ("conditional",) if name in acted},
            "discriminator": discriminator if self.acts(step) else {},
            "equation": equation,
        }

    @property
    def frame_step(self) -> int | None:
        """The step before which the frame is looked for, if it is."""
        return int(self._options.frame_share * self._n_steps) if self._options.frame else None

    def acts(self, step: int) -> bool:
        """Whether the group acts yet: it has no meaning before the frame is there."""
        return self.frame_step is None or step >= self.frame_step

    def _acted(
        self,
        codes: MovedCodes,
        modules: Mapping[str, EnsembleModule],
        step: int,
        fooled: Terms,
    ) -> Terms:
        told = self._told(codes, modules)
        return {**told, **self._law(codes, step, alone=not (told or fooled)), **fooled}

    def _coded(self, batch: Batch, encoder: EnsembleModule, step: int) -> tuple[Tensor, Tensor]:
        """Latent points, and states ``(E, B, steps, parts, size)`` from their first parts."""
        with torch.set_grad_enabled(not self.is_frozen(step)):
            points = encoder.call("encode", batch.states)
            if self._options.nested:
                return points, encoder.call("decode_parts", points)
            return points, encoder.call("decode", points)[..., None, :]

    def is_frozen(self, step: int) -> bool:
        """Whether the encoder stays as it is in this step."""
        return step >= (1 - self._options.frozen_share) * self._n_steps

    def reach(self, step: int) -> float:
        """Size of random moves over their full size; small ones come first.

        What they show of a wrong generator is nearly linear in it, which leads out of it.
        """
        growing = self._options.growth * self._n_steps
        return 1.0 if step >= growing else SMALL_REACH + (1 - SMALL_REACH) * step / growing

    def _own(self, batch: Batch, points: Tensor, decoded: Tensor, step: int) -> Terms:
        """Terms of the encoder alone."""
        options, scale = self._options, self._parts.scale
        *first, whole = decoded.unbind(-2)
        error = terms.reconstruction(batch.states, whole, scale)
        found = {"reconstruction": options.reconstruction * error}
        share = 1 - step / (options.nested_share * self._n_steps)
        if options.nested and share > 0:
            lost = [terms.reconstruction(batch.states, some, scale) for some in first]
            found["nested"] = options.nested * share * torch.stack(lost).mean(0)
        if options.slowness:
            found["slowness"] = options.slowness * terms.slowness(points)
        if options.frame and self.acts(step):
            crooked = terms.crookedness(points, self._parts.form.n_vectors)
            found["frame"] = options.frame * crooked
        if options.spread:
            found["spread"] = options.spread * terms.spread(points, options.spread_floor)
        return found

    def _told(self, codes: MovedCodes, modules: Mapping[str, EnsembleModule]) -> Terms:
        if "predictor" not in modules:
            return {}
        error = codes.conditional(modules["predictor"](codes.sources()))
        return {"conditional": self._options.conditional * error}

    def _law(self, codes: MovedCodes, step: int, alone: bool) -> Terms:
        late = step >= self._options.law_share * self._n_steps
        if not self._options.law or (late and not alone):
            return {}
        return {"law": self._options.law * codes.law()}

    def _penalties(self, codes: MovedCodes, generators: Tensor) -> Terms:
        found = {}
        if self._options.similarity:
            found["similarity"] = self._options.similarity * codes.similarity()
        if self._options.overlap and generators.shape[1] > 1:
            found["overlap"] = self._options.overlap * terms.overlap(generators)
        return found

    def _judged(
        self,
        batch: Batch,
        decoded: Tensor,
        codes: MovedCodes,
        modules: Mapping[str, EnsembleModule],
    ) -> tuple[Terms, Terms]:
        """What the discriminator learns from, and how well moved points fool it."""
        if "discriminator" not in modules:
            return {}, {}
        real, fake = codes.points, codes.moved
        if self._options.see_states:
            real = torch.cat([real, decoded], dim=-1)
            fake = torch.cat([fake, modules["encoder"].call("decode", codes.moved)], dim=-1)
        targets = batch.targets if self._options.see_targets else None
        # Apart, so that no gradient is computed for real points: they have nobody to fool.
        of_real = modules["discriminator"].forward(real.detach(), targets)
        of_fake = modules["discriminator"].forward(fake, targets)
        discriminator = {"real": softplus(-of_real).mean(1), "fake": softplus(of_fake).mean(1)}
        return discriminator, {
            "adversarial": self._options.adversarial * softplus(-of_fake).mean(1)
        }

    def _equation(self, batch: Batch, modules: Mapping[str, EnsembleModule]) -> Terms:
        if "equation" not in modules:
            return {}
        options = self._options
        found = equation_terms(
            batch.states,
            options.time_step,
            self._parts.scale,
            modules["encoder"],
            modules["equation"],
        )
        weights = {
            "equation": options.sindy,
            "decoded_equation": options.sindy_data,
            "equation_size": options.sindy_sparsity,
        }
        return {name: weights[name] * value for name, value in found.items()}
