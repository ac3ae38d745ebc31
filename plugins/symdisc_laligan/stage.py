"""The one stage of LaLiGAN: encoder, generators and whoever judges them, for all seeds at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, final

import torch

from symdisc.data.samples import Samples
from symdisc.errors import OptionError
from symdisc.interfaces import (
    Artifacts,
    Batch,
    DataShapes,
    DecodesInParts,
    Encoder,
    EnsembleModule,
    IterativeStage,
    KeepsStatistics,
    Losses,
    OptimizerSettings,
    StageContext,
)
from symdisc.representations import Representation
from symdisc_laligan.criterion import HeldOutCriterion
from symdisc_laligan.frames import check_frame, find_frames
from symdisc_laligan.objective import LatentObjective
from symdisc_laligan.options import LaLiGANOptions
from symdisc_laligan.parts import LatentParts
from symdisc_laligan.predictor import predictors
from symdisc_laligan.projected import ProjectedEncoders, may_project
from symdisc_laligan.reporting import construction_notes, equation_notes, threshold_notes
from symdisc_laligan.sindy.equation import equations
from symdisc_laligan.sindy.library import FunctionLibrary

_FIT_STATES = 20_000
"""States that tell the scale of the data, at most."""


@final
class LatentStage(IterativeStage):
    """Everything is trained together, each module by the terms that concern it."""

    name: ClassVar[str] = "laligan"

    def __init__(self, options: LaLiGANOptions) -> None:
        self.batch_size = options.batch_size
        self._options = options

    def n_steps(self, n_samples: int) -> int:
        """See :class:`IterativeStage`."""
        if not self._trained:
            return 0
        if self._options.steps is not None:
            return self._options.steps
        per_epoch = max(1, n_samples // self.batch_size)
        return max(1, round((self._options.epochs or 1) * per_epoch))

    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        """See :class:`IterativeStage`."""
        encoder = context.ensemble("encoder")
        form = _latent_form(encoder)
        _check_terms(encoder, context.samples, self._options)
        group = context.ensemble("group", DataShapes(context.shapes.steps, form))
        modules = {"encoder": encoder, "generator": group, **self._others(context, form)}
        self._encoders = encoder
        self._trained = tuple(
            name
            for name in modules
            if any(parameter.requires_grad for parameter in modules[name].parameters())
        )
        self._keeps_statistics = "encoder" in self._trained and _fit(encoder, context.samples)
        self._parts = LatentParts.of(context, group, form, self._options)
        self._rng, self._seeds, self._samples = context.rng, context.seeds, context.samples
        if not self._keeps_statistics and may_project(encoder, self._options):
            projected = ProjectedEncoders(encoder, self._parts.scale)
            self._parts = replace(self._parts, scale=projected.scale)
            self.prepare, self._samples = projected.prepare, projected.prepare(context.samples)
            modules["encoder"] = projected
        self._length, self._shapes = self.n_steps(len(context.samples)), context.shapes
        self._objective = LatentObjective(self._parts, self._options, self._length)
        self.criterion = HeldOutCriterion(self._parts, self._options)
        return modules

    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        """See :class:`IterativeStage`."""
        options = self._options
        rates = {"generator": options.generator_rate, "discriminator": options.discriminator_rate}
        betas = (0.9, options.second_momentum)
        return {
            name: OptimizerSettings(
                rates.get(name, options.encoder_rate),
                betas=betas,
                weight_decay=options.weight_decay if name == "encoder" else 0.0,
                decay=options.decay,
            )
            for name in self._trained
        }

    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        """See :class:`IterativeStage`."""
        self._apply_thresholds(modules, step)
        frozen = self._objective.is_frozen(step)
        if self._keeps_statistics and not frozen:
            modules["encoder"].call("update_statistics", batch.states)
        if step == self._objective.frame_step:
            find_frames(modules["encoder"], self._samples, self._parts.form)
        found = self._objective(batch, modules, step, self._rng)
        return {name: found[name] for name in self._trained if found[name]}

    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        """See :class:`IterativeStage`."""
        parts, encoder = self._parts, self._encoders
        size = (encoder.size, parts.form.size)
        notes = construction_notes(self._shapes)
        notes += threshold_notes(parts.acting, self._seeds) if self._options.threshold else []
        if "equation" in modules:
            notes += equation_notes(modules["equation"], self._library.names, self._seeds)
        return {
            "generators": parts.acting().detach(),
            "mask": parts.group.mask(),
            "blocks": parts.group.blocks,
            "discrete": parts.coefficients.discrete,
            "surplus": parts.group.has_surplus,
            "encoders": encoder,
            "representation": parts.form,
            "centres": torch.zeros(size, device=parts.scale.device),
            "notes": notes,
        }

    def _others(self, context: StageContext, form: Representation) -> dict[str, EnsembleModule]:
        """Whoever judges the encoder and the generators, as far as the options ask for them."""
        options, shapes = self._options, context.shapes
        found: dict[str, EnsembleModule] = {}
        n_targets = shapes.n_targets + shapes.n_classes
        outputs = (form.size if shapes.steps > 1 else 0) + n_targets
        if options.conditional and outputs:
            found["predictor"] = predictors(
                context.seeds, form.size, outputs, options.predictor_width, context.device
            )
        if options.adversarial:
            found["discriminator"] = context.ensemble("discriminator", _seen(shapes, form, options))
        if options.sindy:
            self._library = FunctionLibrary(
                form.size, options.sindy_degree, options.sindy_functions
            )
            found["equation"] = equations(
                self._library, form.size, len(context.seeds), context.device
            )
        return found

    def _apply_thresholds(self, modules: Mapping[str, EnsembleModule], step: int) -> None:
        options = self._options
        if options.threshold and step and step % options.threshold_every == 0:
            self._parts.acting.apply_threshold(options.threshold)
        if "equation" in modules and step and step % options.sindy_every == 0:
            equation = modules["equation"]
            limits = torch.full((equation.size,), options.sindy_threshold)
            equation.call("cut", limits.to(self._parts.scale.device))


def _latent_form(encoder: EnsembleModule) -> Representation:
    prototype = encoder.prototype
    if not isinstance(prototype, Encoder):
        raise TypeError(f"expected an Encoder; got {type(prototype).__name__}")
    form = prototype.latent_representation
    if form.n_vectors == 0:
        raise OptionError(
            f"latent points are '{form}', of which no group moves anything; add a vector, for "
            "instance encoder.latent = 'V2 + 1*S'"
        )
    return form


def _fit(encoder: EnsembleModule, samples: Samples) -> bool:
    """Tell the encoder the scale of the data; whether it has statistics that training moves."""
    if not isinstance(encoder.prototype, KeepsStatistics):
        return False
    states = samples.states.flatten(0, 1)
    some = states[:: -(-len(states) // _FIT_STATES)]
    encoder.call("fit", some.expand(encoder.size, *some.shape))
    return encoder.prototype.has_running_statistics


def _seen(shapes: DataShapes, form: Representation, options: LaLiGANOptions) -> DataShapes:
    """The shapes of what the discriminator sees."""
    size = form.size + (shapes.size if options.see_states else 0)
    seen = Representation.vector(size)
    if not options.see_targets:
        return DataShapes(shapes.steps, seen)
    return DataShapes(shapes.steps, seen, shapes.target_representation, shapes.n_classes)


def _check_terms(encoder: EnsembleModule, samples: Samples, options: LaLiGANOptions) -> None:
    """Raise for terms that need other data or another encoder."""
    changes = "changes of states"
    for name, what in (("sindy", "velocities"), ("slowness", changes), ("frame", changes)):
        if getattr(options, name) and samples.steps < 2:
            raise OptionError(
                f"method.{name} needs {what}, so samples of two or more consecutive states; these "
                f"have one: give trajectories, or set method.{name}=0"
            )
    if options.frame:
        check_frame(encoder, _latent_form(encoder), samples)
    if not options.nested:
        return
    point = torch.zeros(encoder.size, 1, _latent_form(encoder).size)
    point = point.to(samples.states.device)
    parts = isinstance(encoder.prototype, DecodesInParts)
    if not parts or encoder.call("decode_parts", point).shape[-2] < 2:
        raise OptionError(
            "method.nested needs a decoder that is a sum over two or more latent parts; set "
            "encoder.additive=true with encoder.parts or several latent vectors, or "
            "method.nested=0"
        )
