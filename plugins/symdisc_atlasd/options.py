"""Options of AtlasD and its published settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from symdisc.options import Field, Options
from symdisc_atlasd.atlas import LEAST_RADIUS

Share = Annotated[float, Field(ge=0, le=1)]


class AtlasDOptions(Options):
    """Options of ``atlasd``."""

    predictor: Literal["network", "oracle"] = Field(
        "network",
        description="What predicts: a network of each seed, or the chosen oracle, one for all",
    )
    charts: Annotated[int, Field(ge=1)] | list[tuple[Share, Share]] | None = Field(
        None,
        description="Of pictures, the local form: charts along each side, or the places of their "
        "centres, down and across, as shares of the sides; null: the global form, for vectors [1]",
    )
    radius: int = Field(
        14, ge=LEAST_RADIUS, description="A patch of a chart reaches so far from its centre [pixel]"
    )
    predictor_steps: int = Field(
        3000, ge=1, description="Optimisation steps of the predictor's network [1]"
    )
    predictor_rate: float = Field(
        3e-3, gt=0, description="Adam's step size for the predictor's network [1]"
    )
    predictor_width: int = Field(64, ge=1, description="Units of each of its hidden layers [1]")
    predictor_depth: int = Field(2, ge=1, description="Its hidden layers [1]")
    batch_size: int = Field(256, ge=1, description="Samples in a minibatch of each seed [1]")
    algebra_steps: int = Field(1000, ge=1, description="Optimisation steps of the Lie algebra [1]")
    generator_rate: float = Field(0.02, gt=0, description="Adam's step size for generators [1]")
    orthonormal: bool = Field(
        True,
        description="Make generators orthonormal in how they move the inputs; else the terms "
        "overlap and growth keep them apart and from zero",
    )
    overlap: float = Field(
        0.05, ge=0, description="Weight of the term that keeps generators apart [1]"
    )
    growth: float = Field(
        0.35, ge=0, description="Weight of the term that keeps generators from zero [1]"
    )
    growth_limit: float = Field(
        1.0, gt=0, description="Size up to which that term counts entries of generators [1]"
    )
    together: bool = Field(
        False, description="Move an input by all generators at once, else by one at a time"
    )
    coset_steps: int = Field(400, ge=1, description="Optimisation steps of the cosets [1]")
    candidate_rate: float = Field(0.02, gt=0, description="Adam's step size for candidates [1]")
    candidate_batch: int = Field(
        64, ge=1, description="Samples by which each candidate is judged in a step [1]"
    )
    tolerance: float = Field(
        0.2,
        gt=0,
        description="Largest predictor error of what is claimed: of generators over that of random "
        "ones, of representatives over that of predicting what belongs to another input [1]",
    )
    decay: float = Field(
        0.5, ge=0, le=1, description="Share of steps, at the end, of falling step sizes [1]"
    )
    tail_average: float = Field(
        0.2,
        ge=0,
        le=1,
        description="Share of steps, at the end, over which generators are averaged [1]",
    )


DEFAULT: Mapping[str, Any] = {
    "run.seeds": 4,
    "group.n_generators": "auto",
    "group.n_representatives": 32,
    "coefficients.scale": 0.5,
}
"""More generators than symmetries, of which those with a small error are kept. Inputs move by half
their size, where the predictor still knows what it does."""

LOCAL: Mapping[str, Any] = {
    **DEFAULT,
    "run.seeds": 2,
    "group.n_representatives": 12,
    "method.charts": 3,
    "method.radius": 7,
    "method.predictor_steps": 1500,
    "method.predictor_rate": 1e-2,
    "method.batch_size": 36,
    "method.algebra_steps": 400,
    "method.coset_steps": 200,
    "method.candidate_batch": 18,
    "method.tolerance": 0.1,
}
"""Nine charts of pictures, with small patches; convolutions take longer than other networks."""

PAPER: Mapping[str, Any] = {
    "run.seeds": 1,
    "method.predictor": "network",
    "method.predictor_rate": 1e-3,
    "method.predictor_width": 512,
    "method.predictor_depth": 2,
    "method.batch_size": 16,
    "method.generator_rate": 5e-4,
    "method.orthonormal": False,
    "method.overlap": 0.05,
    "method.growth": 0.35,
    "method.growth_limit": 1.0,
    "method.together": True,
    "method.candidate_rate": 5e-4,
    "method.decay": 0.0,
    "method.tail_average": 0.0,
    "group.n_representatives": 64,
    "coefficients": "normal",
    "coefficients.scale": 1.0,
}
"""The published regularisers and step sizes: one seed, all generators at once."""
