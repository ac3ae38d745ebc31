"""Which directions of a span are symmetries of the data, and which are not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import normalize

from symdisc.algebra.spans import orthonormal_basis
from symdisc.data.samples import Samples
from symdisc.interfaces import Verifier
from symdisc.verify.block_scales import mask_blocks, state_scales
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.displacement import Points
from symdisc.verify.relative_defect import relative_defects
from symdisc_kernels import Blocks

REFERENCES = 8
"""Random generators to compare with: only the order of magnitude of T_ref is needed."""

CLOSER_LOOKS = 2
"""How often directions are drawn where small and large T meet."""

GAP = 2.5
"""How many times larger the smallest defect that is left out is than the largest that is kept."""

_BLUR = 0.1
"""Relative defects this far apart are alike [1]."""

SMALL = 0.05
"""T_ref down to which moves are shortened: only while T is small is it a quadratic form [nat]."""

_FLOOR = 0.05
"""T of a direction counts in the fit with an error of itself and this share of T_ref [1]."""

_NEAR = 0.4
"""Relative defect up to which a fitted direction is looked at more closely [1]."""

_LOOKED_AT = 0.45
"""Relative defect that mixtures of good and bad directions are given for this [1]."""

_RIDGE = 1e-3
"""Directions that do not move the data at all keep this share of the mean displacement."""


@dataclass(frozen=True)
class Pruning:
    """The directions of a span, in order of growing defect, and what was kept.

    Attributes:
        generators: What was kept, ``(j, n, n)``: all that was given where nothing or everything
            passed, or nothing could be told.
        defects: Relative defect of each direction; empty where nothing could be told.
        kept: Which of them were kept.
    """

    generators: Tensor
    defects: tuple[RelativeDefect, ...] = ()
    kept: tuple[bool, ...] = ()


def prune(
    samples: Samples,
    generators: Tensor,
    mask: Tensor,
    blocks: Blocks | None,
    verifier: Verifier,
    *,
    seed: int,
    options: DefectOptions,
) -> Pruning:
    """Keep the directions of a span that may be symmetries.

    T is nearly a quadratic form in the coefficients of a generator. The form is fitted to T of
    random directions, then to mixtures of those with small and those with large T, which tell
    where the border lies; its eigenvectors are the directions. Each of them is then tested. Those
    are kept that are approximate symmetries at least and, where a wide gap parts small defects
    from larger ones, lie below it.

    A test of what was kept needs other rows than these.

    Args:
        samples: Rows on the CPU, for instance those of the training.
        generators: ``(k, n, n)``, a basis of the span.
        mask: Entries of a generator that could differ from zero, ``(n, n)``.
        blocks: Index groups between which generators vanish, or ``None``.
        verifier: What is tested.
        seed: Seed of all that is random here.
        options: Settings of the test.
    """
    if len(generators) < 2:
        return Pruning(generators)
    options = options.model_copy(update={"n_references": REFERENCES})
    basis = _even_basis(samples, generators, mask)
    search = _Search(samples, basis, mask, blocks, verifier, seed, options)
    directions = search.directions()
    if directions is None:
        return Pruning(generators)
    turned = torch.einsum("ck,kij->cij", directions, basis)
    defects = search.test(directions)
    kept = _passing(defects, options)
    if all(kept) or not any(kept):
        return Pruning(generators, defects, (True,) * len(defects))
    return Pruning(orthonormal_basis(turned[torch.tensor(kept)]), defects, kept)


def _passing(defects: Sequence[RelativeDefect], options: DefectOptions) -> tuple[bool, ...]:
    """Those up to the widest gap between defects, if it is wide; none above the limit.

    What cannot be tested is not shown to be a symmetry, and does not pass.
    """
    values = torch.tensor([defect.value if defect.testable else math.inf for defect in defects])
    ordered = values.sort().values
    ratios = (ordered[1:] + _BLUR) / (ordered[:-1] + _BLUR)
    ratios[~(ordered[:-1] <= options.approximate)] = 0
    widest = int(ratios.argmax())
    limit = options.approximate
    if ratios[widest] >= GAP:
        limit = min(limit, float(ordered[widest]))
    return tuple((values <= limit).tolist())


def _even_basis(samples: Samples, generators: Tensor, mask: Tensor) -> Tensor:
    """A basis whose unit combinations all move the data by the same distance, to first order."""
    basis = orthonormal_basis(generators.double())
    points = Points.of(
        samples.states, state_scales(samples, mask_blocks(mask)), samples.representation
    )
    if points.moments is None:
        return basis
    n = basis.shape[-1]
    metric = torch.einsum("aij,bik,jk->ab", basis, basis, points.moments.mean(0).reshape(n, n))
    metric += _RIDGE * metric.trace() / len(basis) * torch.eye(len(basis), dtype=torch.float64)
    values, vectors = torch.linalg.eigh(metric)
    return torch.einsum("ka,kij->aij", vectors / values.sqrt(), basis)


@dataclass
class _Search:
    """The directions of one span."""

    samples: Samples
    basis: Tensor
    mask: Tensor
    blocks: Blocks | None
    verifier: Verifier
    seed: int
    options: DefectOptions

    def test(self, directions: Tensor) -> tuple[RelativeDefect, ...]:
        """Test generators with the coefficients ``(D, k)``."""
        self.seed += 1
        return relative_defects(
            self.samples,
            torch.einsum("ck,kij->cij", directions, self.basis),
            self.mask,
            self.blocks,
            self.verifier,
            seed=self.seed,
            options=self.options,
        ).defects

    def directions(self) -> Tensor | None:
        """Unit directions ``(k, k)`` in order of growing T; ``None`` if nothing can be told."""
        if not self._shorten_moves():
            return None
        k = len(self.basis)
        rng = torch.Generator().manual_seed(self.seed)
        unknown = k * (k + 1) // 2
        tried, found = self._measured(_random(unknown + k, k, rng))
        if len(tried) < unknown:
            return None
        values, vectors = _eigen(tried, found)
        for _ in range(CLOSER_LOOKS):
            near = values < _NEAR**2
            if near.all() or not near.any():
                break
            mixed, more = self._measured(_mixtures(values, vectors, near, 2 * k, rng))
            tried, found = torch.cat([tried, mixed]), torch.cat([found, more])
            values, vectors = _eigen(tried, found)
        return vectors.T

    def _shorten_moves(self) -> bool:
        """Let moves be so short that T is small; ``False`` if nothing can be told."""
        (first, *_) = self.test(torch.eye(len(self.basis), dtype=torch.float64)[:1])
        if not first.testable:
            return False
        share = min(1.0, math.sqrt(SMALL / first.reference))
        shorter = max(share * self.options.displacement, self.options.min_displacement)
        self.options = self.options.model_copy(update={"displacement": shorter})
        return True

    def _measured(self, directions: Tensor) -> tuple[Tensor, Tensor]:
        """Those of the directions ``(D, k)`` that can be tested, and their T over T_ref."""
        defects = self.test(directions)
        testable = torch.tensor([defect.testable for defect in defects])
        values = [d.statistic / d.reference for d in defects if d.testable]
        return directions[testable], torch.tensor(values, dtype=torch.float64)


def _random(count: int, size: int, rng: torch.Generator) -> Tensor:
    return normalize(torch.randn(count, size, generator=rng, dtype=torch.float64), dim=-1)


def _mixtures(
    values: Tensor, vectors: Tensor, near: Tensor, count: int, rng: torch.Generator
) -> Tensor:
    """Directions among those with small T, each with a part of those with large T."""
    low = _random(count, int(near.sum()), rng) @ vectors[:, near].T
    weights = _random(count, int((~near).sum()), rng)
    share = (_LOOKED_AT**2 / (weights.square() @ values[~near])).sqrt().clamp_max(1)
    return normalize(low + share[:, None] * (weights @ vectors[:, ~near].T), dim=-1)


def _eigen(directions: Tensor, measured: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues, in growing order, and eigenvectors of the form fitted to T."""
    k = directions.shape[1]
    row, column = torch.triu_indices(k, k)
    twice = torch.where(row == column, 1.0, 2.0)
    products = directions[:, row] * directions[:, column] * twice
    weight = 1 / (measured.clamp_min(0) + _FLOOR)
    solution = torch.linalg.lstsq(products * weight[:, None], (measured * weight)[:, None]).solution
    form = torch.zeros(k, k, dtype=torch.float64)
    form[row, column] = solution.squeeze(1)
    values, vectors = torch.linalg.eigh(form, UPLO="U")
    return values, vectors
