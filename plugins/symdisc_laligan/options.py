"""Options of LaLiGAN and its published settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import model_validator

from symdisc.options import Field, Options


class LaLiGANOptions(Options):
    """Options of ``laligan``."""

    steps: int | None = Field(2000, ge=1, description="Optimisation steps; null: from epochs [1]")
    epochs: float | None = Field(
        None, gt=0, description="Passes over the data, if steps is null [1]"
    )
    batch_size: int = Field(128, ge=1, description="Samples in a minibatch of each seed [1]")
    encoder_rate: float = Field(
        3e-3, gt=0, description="Adam's step size for encoder, decoder and predictor [1]"
    )
    generator_rate: float = Field(0.1, gt=0, description="Adam's step size for generators [1]")
    discriminator_rate: float = Field(
        1e-3, gt=0, description="Adam's step size for the discriminator [1]"
    )
    second_momentum: float = Field(
        0.99, ge=0, lt=1, description="Adam's second decay rate for everything [1]"
    )
    decay: float = Field(
        0.5, ge=0, le=1, description="Share of steps, at the end, of falling step sizes [1]"
    )
    weight_decay: float = Field(
        0.0, ge=0, description="Adam's decoupled weight decay for encoder and decoder [1]"
    )
    frozen_share: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of steps, at the end, in which the encoder stays as it is [1]",
    )
    reconstruction: float = Field(
        1.0, ge=0, description="Weight of the relative squared error of decoded points [1]"
    )
    conditional: float = Field(
        0.1,
        ge=0,
        description="Weight of the error with which one predictor tells the next point, and "
        "targets, of real and of moved points alike [1]",
    )
    predictor_width: int = Field(
        64, ge=1, description="Units in each hidden layer of the predictor [1]"
    )
    spread: float = Field(
        0.1, ge=0, description="Weight of the term that keeps latent points from collapsing [1]"
    )
    spread_floor: float = Field(
        0.5,
        ge=0,
        lt=1,
        description="Variance of a latent direction from which it costs nothing [1]",
    )
    nested: float = Field(
        0.0,
        ge=0,
        description="Weight of the error of points decoded from their first parts alone, for "
        "encoder.additive [1]",
    )
    nested_share: float = Field(
        0.5,
        gt=0,
        le=1,
        description="Share of steps, at the start, in which that weight falls to zero [1]",
    )
    slowness: float = Field(
        0.0,
        ge=0,
        description="Weight of the squared change of latent points from one state to the next, "
        "over their variance, mean over all directions [1]",
    )
    frame: float = Field(
        0.0,
        ge=0,
        description="Weight of what keeps latent vectors from being orthogonal and of one length, "
        "as they are where data are one orbit; above 0, a matrix that makes them so is looked for "
        "once, for encoder.frame, and the group acts from then on [1]",
    )
    frame_share: float = Field(
        0.75, ge=0, lt=1, description="Share of steps, at the start, before that [1]"
    )
    law: float = Field(
        0.1,
        ge=0,
        description="Weight of the energy distance between moved and real latent points [1]",
    )
    law_share: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Share of steps, at the start, in which it counts; all where it is alone [1]",
    )
    growth: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Share of steps, at the start, in which random moves grow to full size [1]",
    )
    adversarial: float = Field(
        0.0, ge=0, description="Weight of the discriminator's judgement; 0: there is none [1]"
    )
    see_states: bool = Field(
        False, description="The discriminator sees data points, moved ones decoded, as well"
    )
    see_targets: bool = Field(
        True, description="The discriminator sees targets, which no move changes, as well"
    )
    similarity: float = Field(
        0.0, ge=0, description="Weight of |mean cos(gz, z)|, which keeps g from the identity [1]"
    )
    overlap: float = Field(
        0.1, ge=0, description="Weight of the term that keeps generators apart [1]"
    )
    same_size: bool = Field(
        True, description="Every generator has norm sqrt(2), that of a turn of a plane by 1 radian"
    )
    whole: bool = Field(False, description="Entries of generators are whole numbers")
    threshold: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="Entries of a generator below this share of its largest are set to zero [1]",
    )
    threshold_every: int = Field(
        500, ge=1, description="Steps between two times at which that happens [1]"
    )
    sindy: float = Field(
        0.0, ge=0, description="Weight of a sparse equation for latent velocities; 0: none [1]"
    )
    sindy_data: float = Field(
        0.1, ge=0, description="Weight of the same, decoded, against the data's velocities [1]"
    )
    sindy_sparsity: float = Field(
        0.01, ge=0, description="Weight of the sum of its coefficients' sizes [1]"
    )
    sindy_degree: Literal[1, 2, 3] = Field(
        2, description="Largest degree of its polynomials of latent coordinates [1]"
    )
    sindy_functions: tuple[Literal["sine", "exp"], ...] = Field(
        (), description="Its other functions of single coordinates"
    )
    sindy_threshold: float = Field(
        0.05, ge=0, description="Coefficients below it are set to zero [1]"
    )
    sindy_every: int = Field(
        500, ge=1, description="Steps between two times at which that happens [1]"
    )
    time_step: float = Field(
        1.0, gt=0, description="Time between two states, for velocities [unit of time]"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.steps is None) == (self.epochs is None):
            raise ValueError(
                "give either steps or epochs and set the other to null, for instance "
                "--set method.epochs=null"
            )
        if not (self.conditional or self.law or self.adversarial):
            raise ValueError(
                "nothing tells a symmetry: give conditional, law or adversarial a weight above 0"
            )
        return self


PAPER: Mapping[str, Any] = {
    "run.seeds": 1,
    "encoder": "mlp",
    "encoder.width": 512,
    "encoder.depth": 5,
    "encoder.activation": "relu",
    "encoder.orthogonal": True,
    "encoder.normalise": "centre",
    "group": "lie-algebra",
    "coefficients": "normal",
    "coefficients.scale": 1.0,
    "discriminator": "mlp",
    "discriminator.width": 512,
    "discriminator.depth": 5,
    "discriminator.slope": 0.2,
    "method.steps": None,
    "method.epochs": 70,
    "method.batch_size": 256,
    "method.encoder_rate": 1e-3,
    "method.generator_rate": 1e-3,
    "method.discriminator_rate": 1e-3,
    "method.second_momentum": 0.999,
    "method.decay": 0.0,
    "method.reconstruction": 1.0,
    "method.conditional": 0.0,
    "method.spread": 0.0,
    "method.law": 0.0,
    "method.growth": 0.0,
    "method.adversarial": 0.01,
    "method.similarity": 0.1,
    "method.same_size": False,
    "method.threshold": 0.3,
    "method.threshold_every": 2000,
}
"""The published settings: one seed, a wide encoder, an adversarial objective on latent windows."""
