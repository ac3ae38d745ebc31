"""Methods: which components, which objective terms, which stages of optimisation."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.fields.defect_spectrum import DefectSpectrum
from symdisc.interfaces.coefficients import CoefficientDistribution
from symdisc.interfaces.ensemble import EnsembleModule
from symdisc.interfaces.field_claim import FieldClaim
from symdisc.interfaces.oracle import Oracle
from symdisc.interfaces.shapes import DataShapes
from symdisc.options import Options as ComponentOptions
from symdisc.representations import Representation
from symdisc_kernels import Blocks

Artifacts = dict[str, Any]
"""Named things that one stage hands to the next."""

Losses = Mapping[str, Mapping[str, Tensor]]
"""``{parameter group: {term: value (E,)}}``; a group is updated by the sum of its own terms."""


Criterion = Callable[[Samples, Mapping[str, EnsembleModule]], Tensor]
"""``(validation rows, modules) -> (E,)``: how good the present state of each seed is on rows that
training does not see; lower is better."""


@dataclass(frozen=True)
class Batch:
    """One minibatch for every seed of the ensemble.

    Attributes:
        states: ``(E, B, steps, size)``.
        targets: ``(E, B, m)`` values, ``(E, B)`` class labels, or ``None``.
    """

    states: Tensor
    targets: Tensor | None = None


@dataclass(frozen=True)
class OptimizerSettings:
    """How one parameter group is optimised (Adam).

    Attributes:
        learning_rate: Step size [1].
        betas: Decay rates of Adam's two running means [1].
        weight_decay: Decoupled weight decay [1].
        decay: Share of the steps, at the end, in which the step size falls linearly to zero [1].
        tail_average: Share of the steps, at the end, over which the parameters are averaged;
            the average is what the stage ends with [1].
    """

    learning_rate: float
    betas: tuple[float, float] = (0.9, 0.999)
    weight_decay: float = 0.0
    decay: float = 0.0
    tail_average: float = 0.0


class StageContext(Protocol):
    """What the core hands to a stage."""

    @property
    def samples(self) -> Samples:
        """Training samples, on ``device``."""

    @property
    def validation(self) -> Samples | None:
        """Rows that choices may be made by, on ``device``; ``None`` where there are none."""

    @property
    def shapes(self) -> DataShapes:
        """The shapes of these samples."""

    @property
    def seeds(self) -> tuple[int, ...]:
        """One seed for each of the E members."""

    @property
    def device(self) -> torch.device:
        """Where tensors live."""

    @property
    def rng(self) -> torch.Generator:
        """The run's random stream on ``device``."""

    def ensemble(self, kind: str, shapes: DataShapes | None = None) -> EnsembleModule:
        """E copies of the chosen component of this kind, each built with its own seed.

        The result is called like one copy, with a leading dimension E on every tensor.
        """

    def coefficients(self, n_generators: int) -> CoefficientDistribution:
        """The chosen coefficient distribution."""

    def oracle(self) -> Oracle:
        """The chosen oracle, not fitted yet."""


class Stage(ABC):
    """One step of a method; hands named artifacts to the next.

    Attributes:
        name: What progress lines and metrics call it.
    """

    name: ClassVar[str]


class ClosedFormStage(Stage):
    """A stage without iterations: a null space, a linear solve."""

    @abstractmethod
    def solve(self, context: StageContext, artifacts: Artifacts) -> Artifacts:
        """Compute this stage's artifacts from the data and the earlier ones."""


class IterativeStage(Stage):
    """A stage that the engine trains step by step.

    The engine saves a run while it trains and goes on from there in another process: it calls
    :meth:`modules` again with the random streams as they were, and gives the modules back their
    tensors. So :meth:`modules` must depend on its arguments alone, and what changes from step to
    step must be a parameter or buffer of one of the modules (a running mean, for instance, is a
    buffer), or come from ``context.rng`` or torch's global streams. Attributes of the stage
    itself, and the streams of numpy and Python, are not saved.

    Attributes:
        batch_size: Samples in a minibatch of each seed.
        units: Unit of each loss term that has one, by term name.
        criterion: What states of the modules are compared by, if anything. It sees validation
            rows only, may draw from any stream, which is then put back, and gives the same
            value for the same state. To be set by :meth:`modules` at the latest.
        criterion_unit: Unit of the criterion.
        prepare: Makes of samples what minibatches are drawn from and the criterion sees, row by
            row; ``None`` for the samples themselves. To be set by :meth:`modules` at the latest.
    """

    batch_size: int
    units: Mapping[str, str] = {}
    criterion: Criterion | None = None
    criterion_unit: str = "1"
    prepare: Callable[[Samples], Samples] | None = None

    @abstractmethod
    def n_steps(self, n_samples: int) -> int:
        """Optimisation steps for a training set of this size, asked for after :meth:`modules`.

        0 where it turns out that there is nothing to train.
        """

    @abstractmethod
    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        """Build what is trained: one (stacked) module for each parameter group."""

    @abstractmethod
    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        """Settings for each parameter group that is trained."""

    @abstractmethod
    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        """The objective terms of one step, one value for each seed.

        Gradients of a group's terms reach that group's parameters only.
        """

    @abstractmethod
    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        """Name what later stages and the result need."""


@dataclass(frozen=True)
class Latent:
    """Where generators act, for methods that learn coordinates z = φ(x).

    A state x moves to ψ(g (φ(x) − c) + c).

    Attributes:
        encoders: Trained encoders, E members: ``encoders.call("encode", x)`` takes
            ``(E, B, ..., size)``.
        representation: How a latent point transforms, e.g. ``V2`` or ``V2 + 2*S``.
        centres: c of each seed, ``(E, latent size)``.
    """

    encoders: EnsembleModule
    representation: Representation
    centres: Tensor


@dataclass(frozen=True)
class Discovery:
    """What a method found, before consensus, naming and verification.

    Attributes:
        generators: ``(E, k, n, n)``, one set for each seed (E = 1 for closed-form methods); in
            latent coordinates if the method learns these. k = 0 where there is no continuous
            part, which needs ``representatives``.
        mask: ``(n, n)`` of 0 and 1: entries that a generator of this search may fill.
        blocks: Index groups between which generators vanish, or ``None``.
        notes: Plain sentences for the report, for instance what holds by construction.
        discrete: Whether only exp(Σ z_i L_i) with whole z_i are meant.
        surplus: Whether there are more generators than symmetries; then only what the seeds have
            in common is found.
        latent: The learned coordinates in which the generators act; ``None``: data space.
        claim: Vector fields along which a function stays the same, which is tested; ``None``:
            there is no function.
        by_flow: Whether the group acts by the flow of the fields of the claim, of which the
            generators are only the linear parts at the origin; else these say everything.
        spectrum: Relative defects of all fields of a library, of which some are the claim.
        doubt: Why the method itself does not claim what it shows, in words; ``""``: it does.
        representatives: Matrices that may lie in other components, ``(E, m, n, n)``; rows of nan
            are no claim, and neither duplicates nor the identity need be left out. ``None``: none
            were looked for.
    """

    generators: Tensor
    mask: Tensor
    blocks: Blocks | None = None
    notes: tuple[str, ...] = field(default=())
    discrete: bool = False
    surplus: bool = False
    latent: Latent | None = None
    claim: FieldClaim | None = None
    by_flow: bool = False
    spectrum: DefectSpectrum | None = None
    doubt: str = ""
    representatives: Tensor | None = None


class Method(ABC):
    """A discovery method: components, presets and an ordered list of stages.

    The constructor takes ``(options)``.

    Attributes:
        Options: The options model of this component.
        uses: Kinds of component the method needs and the default name for each.
        presets: Named settings: keys are ``"kind.option"`` or a kind (to choose a component);
            every method has one called ``"default"``.
        short_names: Keyword arguments of :func:`symdisc.discover` and the option each one sets.
        citation: BibTeX of the paper.
    """

    Options: ClassVar[type[ComponentOptions]] = ComponentOptions
    uses: ClassVar[Mapping[str, str]]
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"default": {}}
    short_names: ClassVar[Mapping[str, str]] = {}
    citation: ClassVar[str] = ""

    @abstractmethod
    def __init__(self, options: ComponentOptions) -> None:
        """Remember the options."""

    @abstractmethod
    def stages(self) -> Sequence[Stage]:
        """The stages in the order in which they run."""

    @abstractmethod
    def discovery(self, artifacts: Artifacts) -> Discovery:
        """Turn the last stage's artifacts into what was found."""


class LocalMethod(Method):
    """A method whose group may act on parts of a sample, each about a place of its own."""

    @abstractmethod
    def parts(self, samples: Samples) -> Samples:
        """The parts of which the discovery tells, as samples on which the group acts.

        Names and tests are those of the parts. Where the options ask for none, these are the
        samples themselves.
        """

    @property
    def parts_are(self) -> str:
        """What the group acts on, in the plural, as ``"patches"``; ``""``: what the samples say."""
        return ""
