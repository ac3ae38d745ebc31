"""Over which part of a rotation's orbit the data extend."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symdisc.algebra.affine import turn_of
from symdisc.algebra.one_parameter import rotation_speeds
from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc.verify.angular_harmonics import SIZE, angular_harmonics
from symdisc.verify.clusters import at_most, clusters, halves, renumbered
from symdisc.verify.pose import Movable, Poses, learn_poses
from symdisc_kernels import Blocks, use_backend

Array = NDArray[Any]
MIN_ROWS = 100
"""With fewer rows nothing is estimated."""

MAX_ROWS = 4000
MAX_COORDINATES = 512
"""Coordinates of a sample up to which the estimate is cheap."""

_NEARLY_ROUND = 1.25
"""Ellipses of at most this ratio of their axes are taken for circles [1]."""

_BINS = 90
_RESAMPLES = 200
_THRESHOLD = 7.81
"""95 % quantile of χ² with 3 degrees of freedom: below it a range is no better than none."""

_ONE_PART = 0.15
"""Share of the concentration of a multiple angle below which poses lie at several places [1].

It is far below 1 since things that look alike upside down leave their pose open, too.
"""

_WIDTHS = np.arange(1.0, 180.0)
_BLURS = (2.0, 5.0, 10.0, 18.0, 32.0)
_MIXTURES = (0.4, 0.7)
_FLIPPED = (0.0, 0.1, 0.2, 0.35)
_ASTRAY = (0.0, 0.05, 0.15, 0.35, 0.65)


@dataclass(frozen=True)
class SupportRange:
    """The part of the orbits of exp(tL) on which data lie, as if even over t in ±a.

    Outside, the data say nothing about the symmetry: moving a state by more than 2a leads to
    where there are no data.

    Attributes:
        half_width: a; half a period for the whole orbit, nan if there is a ``reason`` [rad of t].
        low: Lower end of its 95 % interval, by resampling the rows; the classifiers were not
            trained anew [rad of t].
        high: Upper end [rad of t].
        period: Of exp(tL) [rad of t].
        n_rows: Rows that were looked at.
        reason: Why there is no such a; ``""`` if there is.
    """

    half_width: float
    low: float
    high: float
    period: float
    n_rows: int
    reason: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether no direction on the orbits could be told from another."""
        return self.half_width >= self.period / 2

    def __str__(self) -> str:
        if self.reason:
            return f"not a single range ({self.reason})"
        if self.is_whole:
            return "the whole orbit"
        value, low, high = (math.degrees(x) for x in (self.half_width, self.low, self.high))
        return f"±{value:.0f}° (95 %: {low:.0f}° to {high:.0f}°)"


def support_range(
    samples: Samples, generators: Tensor, blocks: Blocks | None, *, seed: int
) -> SupportRange | None:
    """Estimate how far data extend along the orbits of a rotation.

    Let a row be x = exp(θL) x₀ with a pose θ that is independent of x₀. Rows are moved by random
    s, even over the period, and classifiers learn s from exp(sL) x, hence, up to a constant,
    s + θ; their error s − ŝ has the law of −θ, blurred. A law even in ±a is fitted to the errors
    by maximum likelihood, with a blur of one or two normal laws, a share of rows seen upside
    down (half a period off), and a share of rows whose pose was not seen at all. Errors that are
    even over the whole period mean that the data are, too; rows of one trajectory count as one as
    far as they repeat each other.

    Images are looked at through their angular harmonics, which resampling hardly changes; pixels
    would betray s by the blur of interpolation.

    Args:
        samples: Rows, on the CPU.
        generators: ``(k, n, n)`` float64.
        blocks: Index groups between which the generators vanish.
        seed: Seed of all that is random here.

    Returns:
        The range; ``None`` where it is not defined or not cheap: there is not exactly one
        generator, it is no rotation of finite period, the centre of a rotation of images lies
        outside them, there are fewer than ``MIN_ROWS`` rows, or a sample has more than
        ``MAX_COORDINATES`` coordinates.
    """
    if len(generators) != 1 or len(samples) < MIN_ROWS:
        return None
    rng = torch.Generator().manual_seed(seed)
    cluster = clusters(samples.trajectory)
    kept = at_most(len(samples), MAX_ROWS, rng)
    cluster = renumbered(cluster[kept])
    data = _movable(samples.rows(kept), generators[0], blocks)
    if data is None:
        return None
    with use_backend("reference"):
        poses = learn_poses(data, halves(cluster, rng), rng)
    return _fitted(poses, cluster.numpy(), data.period, np.random.default_rng(seed))


def _rounded(generator: Array) -> Array:
    """The turn in circles about the same point, where a generator turns in near circles.

    Poses are read from angles; in ellipses, which noise makes of circles, they betray themselves.
    """
    turn = turn_of(generator)
    if turn is None or turn.condition > _NEARLY_ROUND:
        return generator
    rounded = np.zeros((3, 3))
    speed = (generator[1, 0] - generator[0, 1]) / 2
    rounded[0, 1], rounded[1, 0] = -speed, speed
    rounded[:2, 2] = -rounded[:2, :2] @ turn.centre
    return rounded


def _movable(samples: Samples, generator: Tensor, blocks: Blocks | None) -> Movable | None:
    representation, matrix = samples.representation, generator.numpy()
    if representation.grid is None:
        period = _period(matrix)
        size = samples.steps * samples.size
        if period is None or size > MAX_COORDINATES:
            return None
        closed = torch.from_numpy(_closed(matrix, period))
        return Movable(samples.states, representation, closed, period, blocks)
    matrix = _rounded(matrix)
    turn, period = turn_of(matrix), _period(matrix[:2, :2])
    channels = representation.n_vectors
    too_large = samples.steps * channels * SIZE > MAX_COORDINATES
    if turn is None or period is None or too_large or np.abs(turn.centre).max() > 1:
        return None
    images = samples.states[..., : representation.n_moving]
    shape = (len(samples), samples.steps * channels, *representation.grid)
    values, speeds = angular_harmonics(images.reshape(shape), turn, matrix)
    harmonics = Representation(samples.steps * channels, SIZE)
    return Movable(values.flatten(1)[:, None], harmonics, speeds, period)


def _period(matrix: Array) -> float | None:
    speeds = rotation_speeds(matrix)
    if speeds is None or not speeds.whole:
        return None
    return 2 * math.pi * max(speeds.whole) / float(np.abs(np.linalg.eigvals(matrix)).max())


def _closed(matrix: Array, period: float) -> Array:
    """The generator with eigenvalues moved to those of a group with exactly this period.

    Blocks that turn at speeds a little different would betray t by their angle to each other.
    """
    values, vectors = np.linalg.eig(matrix)
    speed = 2 * math.pi / period
    exact = 1j * speed * np.round(values.imag / speed)
    closed: Array = (vectors * exact @ np.linalg.pinv(vectors)).real
    return closed


def _fitted(poses: Poses, cluster: Array, period: float, rng: np.random.Generator) -> SupportRange:
    errors = poses.errors.numpy()
    repeated = _repetition(errors, cluster)
    counts = _histograms(errors, cluster) / repeated
    n_rows = len(cluster)
    laws = _laws()
    widths = _widths(counts.sum(0)[None], laws)
    in_parts = poses.concentration[0] < _ONE_PART * poses.concentration.max()
    surely = max(0.02, 4 * poses.gain_error * math.sqrt(repeated))
    if (in_parts or widths[0] == 180) and poses.gain > surely:
        reason = "the data lie on several separate parts of the orbits"
        return SupportRange(math.nan, math.nan, math.nan, period, n_rows, reason)
    times = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), _RESAMPLES)
    low, high = np.quantile(_widths(times.astype(np.float32) @ counts, laws), [0.025, 0.975])
    value, low, high = (float(x) / 360 * period for x in (widths[0], low, high))
    return SupportRange(value, low, high, period, n_rows)


def _histograms(errors: Array, cluster: Array) -> Array:
    """Sizes of the errors of each cluster by bins, a row counting once: ``(C, _BINS)``."""
    place = (np.abs(errors) / math.pi * _BINS).astype(int).clip(0, _BINS - 1)
    counts = np.zeros((int(cluster.max()) + 1, _BINS), dtype=np.float32)
    np.add.at(counts, (np.broadcast_to(cluster, errors.shape), place), 1 / len(errors))
    return counts


def _repetition(errors: Array, cluster: Array) -> float:
    """How many rows of one trajectory say as much as one row by itself, at least 1.

    The design effect: the variance of means of cos and sin of the errors and of twice the errors
    with whole clusters as the units, over that with single rows as the units.
    """
    waves = [wave(order * errors).mean(0) for order in (1, 2) for wave in (np.cos, np.sin)]
    effects = []
    for values in waves:
        departures = values - values.mean()
        sums = np.bincount(cluster, departures)
        effects.append((sums**2).sum() / max((departures**2).sum(), 1e-12))
    return max(1.0, float(np.mean(effects)))


def _laws() -> Array:
    """Log-densities of all laws compared at the middles of the bins, ``(G, widths, _BINS)``."""
    sharp = [_blurred(blur) for blur in _BLURS]
    mixed = [
        share * one + (1 - share) * other
        for one, other in itertools.combinations(sharp, 2)
        for share in _MIXTURES
    ]
    shapes = np.array(sharp + mixed, dtype=np.float32)
    flipped = np.array(_FLIPPED, dtype=np.float32)[:, None, None, None]
    shapes = ((1 - flipped) * shapes + flipped * shapes[..., ::-1]).reshape(-1, *shapes.shape[1:])
    astray = np.array(_ASTRAY, dtype=np.float32)[:, None, None, None]
    laws = np.log((1 - astray) * shapes + astray / 360 + 1e-12)
    return laws.reshape(-1, *shapes.shape[1:])


def _blurred(blur: float) -> Array:
    """Densities of laws even in ±width after a normal blur [1/degree], ``(widths, _BINS)``."""
    from scipy.special import ndtr

    middle = (np.arange(_BINS) + 0.5) * 180 / _BINS
    width = _WIDTHS[:, None]
    turns = (-360, 0, 360)
    inside = [
        ndtr((middle + turn + width) / blur) - ndtr((middle + turn - width) / blur)
        for turn in turns
    ]
    density: Array = sum(inside) / (2 * width)
    return density


def _widths(counts: Array, laws: Array) -> Array:
    """Most likely half-width for each histogram ``(H, _BINS)`` [degree]; 180 for the whole."""
    likelihoods = (counts @ laws.reshape(-1, _BINS).T).reshape(len(counts), *laws.shape[:2])
    by_width = likelihoods.max(1)
    even = counts.sum(1) * math.log(1 / 360)
    better = 2 * (by_width.max(1) - even) > _THRESHOLD
    return np.where(better, _WIDTHS[by_width.argmax(1)], 180.0)
