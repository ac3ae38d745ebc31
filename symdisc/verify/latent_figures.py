"""How good learned coordinates are: what they lose, how they lie, and what trajectories keep."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.linear_action import as_vectors
from symdisc.representations import Representation
from symdisc.verify.block_scales import unit_scales
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.within_total import (
    kept_radius_form,
    radius,
    raw_ellipse_share,
    raw_radius_share,
    within_total,
)

ALONG = 0.9
"""Share of the steps from which a generator is said to move along trajectories [1]."""


@dataclass(frozen=True)
class CoordinateFigures:
    """One encoder with its generators; nan is what is not defined.

    Attributes:
        reconstruction: Mean squared error of ψ(φ(x)) over the variance of the data, coordinates
            of unlike units over their own spread [1].
        condition: Largest over smallest spread of the latent points in any direction that moves
            [1].
        kurtosis: Largest kurtosis of a principal coordinate of the latent points; 3 for normal
            ones, 1.5 on a circle [1].
        within_total: Share of the variance of the radius kept by a compact generator that lies
            within trajectories; 0 if trajectories keep it [1].
        along: Share of the squared steps between consecutive latent points that is along the
            generator's orbits, for one generator [1].
        alignment: R² of the best affine map from these coordinates to those of the result [1].
    """

    reconstruction: float
    condition: float
    kurtosis: float
    within_total: float = math.nan
    along: float = math.nan
    alignment: float = math.nan


@dataclass(frozen=True)
class LatentLimits:
    """What coordinates must fulfil; a seed that does not is left out.

    Attributes:
        reconstruction: Largest relative squared error of ψ(φ(x)) [1].
        condition: Largest condition [1].
        kurtosis: Largest kurtosis [1].
        alignment: Smallest R² of the map to the coordinates of the result [1].
        within_total: Largest share of the radius's variance within trajectories [1]; ``None``: any.
    """

    reconstruction: float
    condition: float
    kurtosis: float
    alignment: float
    within_total: float | None = None

    @classmethod
    def of(cls, options: DefectOptions) -> LatentLimits:
        """The limits among the options of verification."""
        return cls(
            options.max_reconstruction,
            options.max_condition,
            options.max_kurtosis,
            options.min_alignment,
            options.max_within_total,
        )

    def problem(self, figures: CoordinateFigures) -> str:
        """Why coordinates are no good, all reasons; ``""`` if they are, their map not counted."""
        reasons = [
            (
                not figures.reconstruction <= self.reconstruction,
                f"encoding and decoding loses {figures.reconstruction:.2g} of the data's variance, "
                f"at most {self.reconstruction:g} is allowed",
            ),
            (
                not figures.condition <= self.condition,
                f"the latent points spread {figures.condition:.3g} times as far in one direction "
                f"as in another, at most {self.condition:g} times is allowed",
            ),
            (
                figures.kurtosis > self.kurtosis,
                f"the latent points have kurtosis {figures.kurtosis:.3g}, at most "
                f"{self.kurtosis:g} is allowed",
            ),
            (
                self.within_total is not None and figures.within_total > self.within_total,
                f"{figures.within_total:.2g} of the variance of the kept radius lies within "
                f"trajectories, at most {self.within_total} is allowed",
            ),
        ]
        return "; ".join(reason for failed, reason in reasons if failed)


@dataclass(frozen=True)
class LatentFigures:
    """The figures of all seeds and of the consensus, on held-out rows.

    Attributes:
        seeds: Of each seed with its own generators.
        consensus: Of the encoder of the result with the generators of the result.
        raw_radius: :attr:`CoordinateFigures.within_total` of the distance of the data themselves
            from their mean, for comparison [1].
        raw_ellipse: The same of the best quadratic function of the data whose level sets are
            ellipses [1].
        limits: What was asked of a seed, on validation rows.
    """

    seeds: tuple[CoordinateFigures, ...]
    consensus: CoordinateFigures
    raw_radius: float
    raw_ellipse: float
    limits: LatentLimits

    @classmethod
    def from_saved(cls, content: Mapping[str, Any]) -> LatentFigures:
        """Read what :func:`dataclasses.asdict` wrote, nan for null."""
        limits = LatentLimits(**content["limits"])
        return cls(
            tuple(_read(one) for one in content["seeds"]),
            _read(content["consensus"]),
            _number(content["raw_radius"]),
            _number(content["raw_ellipse"]),
            limits,
        )


@dataclass(frozen=True, eq=False)
class Coded:
    """Rows with their latent points and what these decode to.

    Attributes:
        samples: The rows.
        codes: Their latent points about the centre, ``(N, steps, latent size)``.
        decoded: ψ(φ(x)), ``(N, steps, size)``.
        representation: How a latent point transforms.
    """

    samples: Samples
    codes: Tensor
    decoded: Tensor
    representation: Representation


def coordinate_figures(
    rows: Coded, generators: Tensor, alignment: float = math.nan
) -> CoordinateFigures:
    """All figures of one encoder.

    Args:
        rows: Rows that nothing was fitted on.
        generators: ``(k, n, n)``, in these latent coordinates.
        alignment: R² of the map to the coordinates of the result.
    """
    moving = rows.codes[..., : rows.representation.n_moving].double()
    condition, kurtosis = _shape_of(moving.flatten(0, 1))
    share, along = math.nan, math.nan
    if len(generators) == 1:
        vectors = as_vectors(rows.codes.double(), rows.representation)
        form = kept_radius_form(generators[0])
        if form is not None:
            share = within_total(radius(vectors[:, 0], form), rows.samples.trajectory)
        along = _along(vectors, generators[0], form)
    reconstruction = reconstruction_error(rows.samples, rows.decoded)
    return CoordinateFigures(reconstruction, condition, kurtosis, share, along, alignment)


def raw_shares(samples: Samples) -> tuple[float, float]:
    """The baselines of ``within_total``: of the raw radius, and of the best raw ellipse [1]."""
    scaled = samples.states[:, 0] / unit_scales(samples)
    return (
        raw_radius_share(scaled, samples.trajectory),
        raw_ellipse_share(scaled, samples.trajectory),
    )


def reconstruction_error(samples: Samples, decoded: Tensor) -> float:
    """Mean squared error of decoded states ``(N, steps, size)`` over the variance of states [1].

    Coordinates of one unit share one scale. nan where the states do not vary.
    """
    scales = unit_scales(samples)
    states = (samples.states / scales).flatten(0, 1).double()
    missed = (decoded / scales).flatten(0, 1).double() - states
    variance = states.var(0, correction=0).sum()
    return float(missed.square().mean(0).sum() / variance) if variance > 0 else math.nan


def _shape_of(points: Tensor) -> tuple[float, float]:
    """Condition and kurtosis of points ``(N, m)``; infinite and nan where they are all the same."""
    if points.shape[1] == 0 or not bool(torch.isfinite(points).all()):
        return math.nan, math.nan
    centred = points - points.mean(0)
    _, spreads, directions = torch.linalg.svd(centred, full_matrices=False)
    if not spreads[-1] > 1e-6 * points.norm():
        return math.inf, math.nan
    principal = centred @ directions.T
    fourth = principal.pow(4).mean(0) / principal.square().mean(0).square()
    return float(spreads[0] / spreads[-1]), float(fourth.max())


def _along(vectors: Tensor, generator: Tensor, form: Tensor | None) -> float:
    """Share of the squared steps ``(N, steps, c, n)`` that is along L z at their middle."""
    if vectors.shape[1] < 2:
        return math.nan
    if form is not None:
        # Lengths are those that the generator keeps.
        root = torch.linalg.cholesky(form).mT
        vectors = vectors @ root.mT
        generator = root @ generator @ torch.linalg.inv(root)
    steps, middle = vectors.diff(dim=1), (vectors[:, 1:] + vectors[:, :-1]) / 2
    flow = middle @ generator.mT
    inner = (steps * flow).sum((-1, -2)).square() / flow.square().sum((-1, -2)).clamp_min(1e-300)
    total = float(steps.square().sum())
    return float(inner.sum()) / total if total > 0 else math.nan


def _read(content: Mapping[str, Any]) -> CoordinateFigures:
    return CoordinateFigures(**{name: _number(value) for name, value in content.items()})


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
