"""The criterion on validation rows: what the objective asks for, without players."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import EnsembleModule
from symdisc_laligan import terms
from symdisc_laligan.generators import of_size
from symdisc_laligan.options import LaLiGANOptions
from symdisc_laligan.parts import LatentParts

ROWS = 512
"""Validation rows that are looked at, at most [1]."""

SMALLEST = 1e-3
"""Generators of a smaller norm are taken for zero [1]."""


@final
class HeldOutCriterion:
    """Reconstruction and conditional error, or the law's change where nothing is predicted.

    Slowness and what is crooked about frames count with the weights they have in training.

    Generators are brought to one size, so that one that hardly moves points gains nothing by it,
    unless coefficients are whole; where one is zero the criterion is infinite. Group elements are
    the same at every call.

    Args:
        parts: The action, targets and scales.
        options: The weights.
    """

    def __init__(self, parts: LatentParts, options: LaLiGANOptions) -> None:
        self._parts = parts
        self._options = options

    def __call__(self, validation: Samples, modules: Mapping[str, EnsembleModule]) -> Tensor:
        """``(E,)``; lower is better [1]."""
        encoder = modules["encoder"]
        rows = _some(validation)
        states = rows.states.expand(encoder.size, *rows.states.shape)
        points = encoder.call("encode", states)
        decoded = encoder.call("decode", points)
        error = self._options.reconstruction * terms.reconstruction(
            states, decoded, self._parts.scale
        )
        error = error + self._of_points(points)
        generators = self._parts.acting()
        targets = rows.targets
        if targets is not None:
            targets = targets.expand(encoder.size, *targets.shape)
        rng = torch.Generator(points.device).manual_seed(0)
        compared = generators if self._parts.coefficients.discrete else of_size(generators)
        codes = self._parts.moved(points, targets, compared, rng)
        if "predictor" in modules:
            told = codes.conditional(modules["predictor"](codes.sources()))
            error = error + self._options.conditional * told
        else:
            error = error + codes.law()
        norms = torch.linalg.vector_norm(generators, dim=(-2, -1))
        return error.where((norms > SMALLEST).all(-1), torch.inf)

    def _of_points(self, points: Tensor) -> Tensor:
        """What is asked of latent points alone; states before the frame are far from it."""
        options = self._options
        error = points.new_zeros(len(points))
        if options.slowness:
            error = error + options.slowness * terms.slowness(points)
        if options.frame:
            crooked = terms.crookedness(points, self._parts.form.n_vectors)
            error = error + options.frame * crooked
        return error


def _some(validation: Samples) -> Samples:
    count = min(ROWS, len(validation))
    device = validation.states.device
    return validation.rows(torch.linspace(0, len(validation) - 1, count, device=device).long())
