"""Options of LieGAN and its published settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import model_validator

from symdisc.options import Field, Options
from symdisc_liegan.objectives import Name


class LieGANOptions(Options):
    """Options of ``liegan``."""

    steps: int | None = Field(1000, ge=1, description="Optimisation steps; null: from epochs [1]")
    epochs: float | None = Field(
        None, gt=0, description="Passes over the data, if steps is null [1]"
    )
    batch_size: int = Field(64, ge=1, description="Samples in a minibatch of each seed [1]")
    objective: Name = Field(
        "cross-entropy", description="What the players optimise; wasserstein: with gradient penalty"
    )
    gradient_penalty: float = Field(
        10.0, ge=0, description="Weight of (|grad D| - 1)^2 where the objective is wasserstein [1]"
    )
    generator_rate: float = Field(0.02, gt=0, description="Adam's step size for generators [1]")
    discriminator_rate: float = Field(
        0.002, gt=0, description="Adam's step size for the discriminator [1]"
    )
    generator_momentum: float = Field(
        0.5, ge=0, lt=1, description="Adam's first decay rate for generators [1]"
    )
    discriminator_momentum: float = Field(
        0.5, ge=0, lt=1, description="Adam's first decay rate for the discriminator [1]"
    )
    similarity: float = Field(
        1.0, ge=0, description="Weight of the term that keeps g from the identity [1]"
    )
    similarity_measure: Literal["cosine", "displacement", "norm", "spectrum"] = Field(
        "cosine",
        description="That term: |mean cos(x', x)|; minus the relative displacement, at most 1; "
        "minus the norm of L, at most 1; for images, |mean cos| of log-magnitude spectra",
    )
    similarity_share: float = Field(
        0.4, ge=0, le=1, description="Share of steps, at the start, in which it counts [1]"
    )
    overlap: float = Field(
        0.1, ge=0, description="Weight of the term that keeps generators apart [1]"
    )
    overlap_measure: Literal["cosine", "killing"] = Field(
        "cosine",
        description="That term: sum over pairs of |cos(L_i, L_j)|, or of the Killing form of gl(n)",
    )
    sparsity: float = Field(0.0, ge=0, description="Weight of the generators' norm [1]")
    one_by_one: bool = Field(
        False,
        description="Train one generator after the other; those before it get no more gradients",
    )
    size_range: tuple[float, float] | None = Field(
        (0.5, 1.5),
        description="Bounds of a generator's root-mean-square displacement of the data, relative "
        "to the data's size; null: none [1]",
    )
    whiten: bool = Field(
        True,
        description="Whiten what the discriminator sees (the action stays in data space); of "
        "images, all pixels alike",
    )
    shift: float = Field(
        0.5, ge=0, description="Images: random shift of what the discriminator sees [pixel]"
    )
    blur: float = Field(
        0.7, ge=0, description="Images: width of the blur of what the discriminator sees [pixel]"
    )
    decay: float = Field(
        0.3, ge=0, le=1, description="Share of steps, at the end, of falling step sizes [1]"
    )
    tail_average: float = Field(
        0.3, ge=0, le=1, description="Share of steps, at the end, over which L is averaged [1]"
    )

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if (self.steps is None) == (self.epochs is None):
            raise ValueError(
                "give either steps or epochs and set the other to null, for instance "
                "--set method.epochs=null"
            )
        return self


DISCRETE: Mapping[str, Any] = {
    "coefficients": "integer-grid",
    "coefficients.largest": 1,
    "run.seeds": 8,
    "method.steps": 4000,
    "method.batch_size": 128,
    "method.generator_rate": 0.01,
    "method.size_range": None,
    "discriminator": "mlp",
    "discriminator.width": 128,
    "discriminator.depth": 3,
}
"""Whole coefficients. The size of a generator means something here, so it is not bounded, and the
discriminator has to resolve a law that repeats itself, for which it is larger and trains longer.
Coefficients are −1, 0 and 1: with larger ones a turn by a fraction of a whole turn that is no
symmetry meets the identity again and again, and seeds get stuck there."""

SEVERAL: Mapping[str, Any] = {
    "group.n_generators": "auto",
    "run.seeds": 4,
    "method.steps": 600,
    "method.batch_size": 256,
    "method.overlap": 1.0,
}
"""Several generators, as many as there are. Without a larger penalty on their overlap, and less
noise, some of them end up the same."""

PAPER: Mapping[str, Any] = {
    "run.seeds": 1,
    "method.steps": None,
    "method.epochs": 100,
    "method.batch_size": 64,
    "method.generator_rate": 1e-3,
    "method.discriminator_rate": 2e-4,
    "method.generator_momentum": 0.5,
    "method.discriminator_momentum": 0.9,
    "method.similarity": 1.0,
    "method.similarity_share": 1.0,
    "method.overlap": 0.1,
    "method.size_range": None,
    "method.whiten": False,
    "method.shift": 0.0,
    "method.blur": 0.0,
    "method.decay": 0.0,
    "method.tail_average": 0.0,
    "coefficients": "normal",
    "coefficients.scale": 1.0,
    "discriminator": "mlp",
    "discriminator.width": 512,
    "discriminator.depth": 2,
    "discriminator.slope": 0.2,
    "discriminator.embedding": 32,
    "group": "lie-algebra",
    "group.init_scale": 1.0,
}
"""The published settings: one seed, small steps, a wide discriminator."""
