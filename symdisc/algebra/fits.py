"""Which known actions a span could be: each with its best change of basis and its residual."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg

from symdisc.algebra.brackets import bracket_gains, brackets
from symdisc.algebra.conjugation import (
    Conjugation,
    fit_conjugation,
    noise_estimate,
    orbit_dimension,
    rescaled,
)
from symdisc.algebra.forms import Matrix
from symdisc.algebra.models import models, without_scaling
from symdisc.algebra.one_parameter import name_one_parameter
from symdisc.algebra.splitting import split_vector
from symdisc.algebra.table import Abstract, abelian
from symdisc.algebra.tolerances import TOLERANCES, Setting

SMALLEST_RESIDUAL = 0.002
"""Finer differences between residuals are not trusted [1]."""

ABSENT = 0.15
"""Singular values of a part of the span up to this do not count towards its dimension [1]."""

SMALLEST_COPY = 0.05
"""Singular values of a map between two parts are at least this share of the largest one [1]."""

UNNAMED = "R"
"""What a group of one parameter is called that has no other name."""

MOST_PER_PART = 2
"""Models of each part that are tried in a direct sum."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A known action and how well the span fits it.

    Attributes:
        algebra: The abstract algebra.
        action: Name of the group as it acts, e.g. "SO(3) × SO(2)".
        noise: What noise of each generator of norm 1 explains the residual [1].
        free: Numbers that the fit leaves free, of which the noise is estimated.
        score: D log(residual²) + p log D for D numbers and p parameters, as in Schwarz'
            criterion: of two fits the one with less is more likely [1].
        matrices: Standard matrices, ``(k, n, n)``; ``None`` where there are none.
        conjugation: The change of basis; ``None`` where there are no standard matrices.
    """

    algebra: Abstract
    action: str
    noise: float
    free: int
    score: float
    matrices: Matrix | None = None
    conjugation: Conjugation | None = None

    @property
    def condition(self) -> float:
        """Condition number of the change of basis [1]."""
        return 1.0 if self.conjugation is None else self.conjugation.condition


@dataclass(frozen=True, eq=False)
class _Guess:
    """Standard matrices and where to start."""

    algebra: Abstract
    action: str
    matrices: Matrix
    start: Matrix
    parameters: int
    is_sum: bool = False


def fits(basis: Matrix, groups: Sequence[Sequence[int]]) -> list[Fit]:
    """All known actions of this dimension that could be tried, best first.

    Args:
        basis: Orthonormal basis of the span, ``(k, n, n)``, k at least 2.
        groups: Coordinates of the parts that the generators do not mix; of one part, smaller
            ones are looked for.
    """
    n = basis.shape[-1]
    whole = len(groups) == 1 and len(groups[0]) == n
    parts = split_vector(basis) if whole else [np.eye(n)[:, list(g)] for g in groups]
    guesses = _of_one_vector(basis) if whole else []
    if len(parts) > 1 or not whole:
        guesses += _of_parts(basis, _completed(parts))
    found = [_fit(basis, guess) for guess in guesses]
    if len(basis) <= n:
        found.append(_commuting(basis))
    return sorted(found, key=lambda fit: fit.score)


def _fit(basis: Matrix, guess: _Guess) -> Fit:
    k, n, _ = basis.shape
    conjugation = fit_conjugation(basis, guess.matrices, guess.start)
    if guess.is_sum and conjugation.condition > TOLERANCES.condition:
        conjugation = rescaled(conjugation, guess.matrices)
    free = max(k * (n * n - k) - guess.parameters, 0)
    noise = noise_estimate(conjugation.residual, (k, n), free)
    score = _score(basis, conjugation.residual, guess.parameters)
    return Fit(guess.algebra, guess.action, noise, free, score, guess.matrices, conjugation)


def _score(basis: Matrix, residual: float, parameters: int) -> float:
    k, n, _ = basis.shape
    numbers = max(k * (n * n - k), 1)
    size = max(residual, SMALLEST_RESIDUAL)
    return float(2 * numbers * np.log(size) + parameters * np.log(numbers))


def _of_one_vector(basis: Matrix) -> list[_Guess]:
    k, n, _ = basis.shape
    guesses = [
        _Guess(model.algebra, model.action, model.matrices, start, model.orbit)
        for model in models(k, n)
        for start in model.starts(basis)
    ]
    return guesses + (_scaled(basis) if k == 2 else [])


def _scaled(basis: Matrix) -> list[_Guess]:
    """One generator without trace, if it has a name, and a scaling."""
    rest, n = without_scaling(basis), basis.shape[-1]
    name = _one_parameter(rest[0])
    if name == UNNAMED:
        return []
    matrices = np.concatenate([rest, np.eye(n)[None]])
    parameters = orbit_dimension(matrices) + n - 2
    return [_Guess(abelian(2), f"{name} × scaling", matrices, np.eye(n), parameters)]


def _one_parameter(generator: Matrix) -> str:
    """Name of the group of one generator, without what it acts on."""
    name = name_one_parameter(generator, Setting([list(range(len(generator)))], 1)).group
    return name.partition(" on ")[0] if " on " in name else UNNAMED


def _completed(parts: list[Matrix]) -> list[Matrix]:
    """The parts, and what they leave of the vector as one more."""
    joined = np.concatenate(parts, axis=1)
    missing = len(joined) - joined.shape[1]
    if missing:
        rest = np.linalg.svd(joined, full_matrices=True)[0][:, joined.shape[1] :]
        return [*parts, rest]
    return parts


def _of_parts(basis: Matrix, parts: list[Matrix]) -> list[_Guess]:
    """Direct sums over the parts, or the same algebra on several parts."""
    change = np.concatenate(parts, axis=1)
    inside = np.asarray(np.linalg.solve(change, basis @ change))
    ends = np.cumsum([part.shape[1] for part in parts])
    squares = [
        inside[:, end - part.shape[1] : end, end - part.shape[1] : end]
        for end, part in zip(ends, parts, strict=True)
    ]
    spans = [_span(square) for square in squares]
    sizes = [len(span) for span in spans]
    if sum(sizes) == len(basis):
        return _sums(spans, change)
    if set(sizes) <= {0, len(basis)} and sizes.count(len(basis)) > 1:
        return _diagonal(squares, [size > 0 for size in sizes], change)
    return []


def _span(square: Matrix) -> Matrix:
    """Orthonormal basis of what the span does to one part, ``(k_b, m, m)``; may be empty."""
    _, sizes, rows = np.linalg.svd(square.reshape(len(square), -1), full_matrices=False)
    return np.asarray(rows[sizes > ABSENT].reshape(-1, *square.shape[1:]))


def _sums(spans: list[Matrix], change: Matrix) -> list[_Guess]:
    options = [_options(span) for span in spans]
    guesses = []
    for choice in itertools.product(*options):
        matrices = _side_by_side([guess.matrices for guess in choice])
        start = change @ scipy.linalg.block_diag(*(guess.start for guess in choice))
        own = sum(len(g.start) - 1 for g in choice if len(g.matrices) == 1)
        guesses.append(
            _Guess(
                algebra=sum((guess.algebra for guess in choice), Abstract()),
                action=" × ".join(guess.action for guess in choice if guess.action),
                matrices=matrices,
                start=start,
                parameters=orbit_dimension(matrices) + own,
                is_sum=True,
            )
        )
    return guesses


def _options(span: Matrix) -> list[_Guess]:
    """What one part of a direct sum could be."""
    k, m = len(span), span.shape[-1]
    if k == 0:
        return [_Guess(Abstract(), "", np.zeros((0, m, m)), np.eye(m), 0)]
    if k == 1:
        return [_Guess(abelian(1), _one_parameter(span[0]), span, np.eye(m), m - 1)]
    guesses = _of_one_vector(span)
    fitted = sorted(((_fit(span, guess), guess) for guess in guesses), key=lambda f: f[0].score)
    return [
        _Guess(guess.algebra, guess.action, guess.matrices, _change(fit), guess.parameters)
        for fit, guess in fitted[:MOST_PER_PART]
    ]


def _change(fit: Fit) -> Matrix:
    if fit.conjugation is None:
        raise ValueError("a fit to standard matrices has a change of basis")
    return fit.conjugation.change


def _side_by_side(blocks: Sequence[Matrix]) -> Matrix:
    """Matrices ``(k_b, m_b, m_b)`` of each part in turn, ``(Σk_b, Σm_b, Σm_b)``."""
    zeros = [np.zeros(block.shape[1:]) for block in blocks]
    return np.array(
        [
            scipy.linalg.block_diag(*zeros[:place], matrix, *zeros[place + 1 :])
            for place, block in enumerate(blocks)
            for matrix in block
        ]
    )


def _diagonal(squares: list[Matrix], moving: list[bool], change: Matrix) -> list[_Guess]:
    """The same algebra on several parts of one size at once; parts that do not move come along."""
    first = squares[moving.index(True)]
    k, m = len(first), first.shape[-1]
    if any(moves and square.shape[-1] != m for square, moves in zip(squares, moving, strict=True)):
        return []
    guesses = []
    for option in _options(_span(first)):
        standard = option.start @ option.matrices @ np.linalg.inv(option.start)
        # Coefficients that turn the generators found into those of the model on the first part.
        weights = standard.reshape(k, -1) @ np.linalg.pinv(first.reshape(k, -1))
        images = [np.einsum("ab,bij->aij", weights, square) for square in squares]
        starts = [
            _intertwiner(option.matrices, image) if moves else np.eye(image.shape[-1])
            for image, moves in zip(images, moving, strict=True)
        ]
        known = [start for start in starts if start is not None]
        if len(known) < len(starts):
            continue
        blocks = [
            option.matrices if moves else np.zeros_like(square)
            for square, moves in zip(squares, moving, strict=True)
        ]
        matrices = np.array(
            [scipy.linalg.block_diag(*together) for together in zip(*blocks, strict=True)]
        )
        start = _copies_balanced(change @ scipy.linalg.block_diag(*known), moving, m)
        orbit = orbit_dimension(matrices)
        guesses.append(_Guess(option.algebra, option.action, matrices, start, orbit))
    return guesses


def _copies_balanced(change: Matrix, moving: list[bool], m: int) -> Matrix:
    """The same change of basis with copies of a vector combined so that they are orthogonal.

    Any invertible combination of copies serves as well; where all parts move, this one has the
    smallest condition or nearly so.
    """
    count = len(moving)
    if not all(moving):
        return change
    copies = change.reshape(-1, count, m)
    gram = np.einsum("xai,xbi->ab", copies, copies) / m
    values, vectors = np.linalg.eigh(gram)
    root = vectors / np.sqrt(values) @ vectors.T
    return np.asarray(np.einsum("xai,ab->xbi", copies, root).reshape(change.shape))


def _intertwiner(matrices: Matrix, image: Matrix) -> Matrix | None:
    """S with S M_i ≈ W_i S, of determinant ±1; ``None`` if there is no invertible one."""
    n = matrices.shape[-1]
    if image.shape[-1] != n:
        return None
    eye = np.eye(n)
    system = np.einsum("ra,kbc->kabrc", eye, matrices) - np.einsum("kra,bc->kabrc", image, eye)
    flat = system.transpose(1, 2, 0, 3, 4).reshape(n * n, -1)
    change = np.linalg.eigh(flat @ flat.T)[1][:, 0].reshape(n, n)
    sizes = np.linalg.svd(change, compute_uv=False)
    if sizes[-1] < SMALLEST_COPY * sizes[0]:
        return None
    return np.asarray(change / np.exp(np.log(sizes).mean()))


def _commuting(basis: Matrix) -> Fit:
    """R^k: the noise that explains the brackets, were they zero without it."""
    k, n, _ = basis.shape
    gains = bracket_gains(basis)
    squares = (brackets(basis) ** 2).sum(axis=(2, 3)).sum()
    noise = float(np.sqrt(squares / max(2 * (k - 1) * gains.sum(), 1e-300)))
    parameters = n * n - n + k * (n - k)
    free = max(k * (n * n - k) - parameters, 1)
    score = _score(basis, noise * float(np.sqrt(free / k)) / n, parameters)
    return Fit(abelian(k), f"R^{k}", noise, free, score)
