"""What the seeds of an ensemble agree on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg
import torch
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from torch import Tensor

from symdisc.algebra.spans import largest_angle, orthonormal_basis
from symdisc.errors import TrainingError

LINKAGE_ANGLE = 15.0
"""Spans closer than this belong to one cluster (single linkage) [degrees]."""

NILPOTENT = 0.1
"""Below this spectral radius over Frobenius norm a generator counts as nilpotent [1]."""

COMPARABLE = 0.5
"""Entries of at least this share of the largest one may decide the sign [1]."""


@dataclass(frozen=True, eq=False)
class Consensus:
    """The largest cluster of seeds and its mean span.

    Attributes:
        generators: Basis of the mean span, ``(r, n, n)`` float64, in canonical scale.
        members: Which seeds form the cluster.
        agreement: Share of all seeds in the cluster [1].
        has_consensus: Whether these are at least half of the seeds, at least two (unless there
            is one seed only), and no other cluster is as large.
        angles: Largest principal angle of each seed's span to the mean span; NaN for seeds
            that were left out [degrees].
        failed: Why seeds were left out, by position in the ensemble.
    """

    generators: Tensor
    members: tuple[bool, ...]
    agreement: float
    has_consensus: bool
    angles: tuple[float, ...]
    failed: dict[int, str]


def find_consensus(seed_generators: Tensor) -> Consensus:
    """Cluster the seeds' spans and average the largest cluster.

    Spans are linked where the largest principal angle between them is at most
    ``LINKAGE_ANGLE`` (90 degrees if their dimensions differ); the first of equally large
    clusters wins. The mean span is that of the leading singular vectors of the stacked
    orthonormal bases, i.e. the leading eigenvectors of the sum of the projectors.

    Args:
        seed_generators: ``(E, k, n, n)``, as each seed ended.

    Raises:
        TrainingError: No seed has finite generators that differ from zero.
    """
    failed = unusable(seed_generators)
    usable = [e for e in range(len(seed_generators)) if e not in failed]
    if not usable:
        reasons = "; ".join(f"member {e}: {reason}" for e, reason in failed.items())
        raise TrainingError(f"no seed ended with usable generators ({reasons})")
    bases = [orthonormal_basis(seed_generators[e]) for e in usable]
    cluster, is_alone = _largest_cluster(bases)
    generators = canonical_scale(echelon(_mean_span([bases[i] for i in cluster])))
    members = {usable[i] for i in cluster}
    agreement = len(members) / len(seed_generators)
    return Consensus(
        generators=generators,
        members=tuple(e in members for e in range(len(seed_generators))),
        agreement=agreement,
        has_consensus=_is_consensus(len(members), len(seed_generators), is_alone),
        angles=angles_to(generators, seed_generators),
        failed=failed,
    )


def angles_to(generators: Tensor, seed_generators: Tensor) -> tuple[float, ...]:
    """How far each seed's span is from the given one; NaN for unusable seeds [degrees].

    Args:
        generators: ``(r, n, n)``.
        seed_generators: ``(E, k, n, n)``.
    """
    failed = unusable(seed_generators)
    return tuple(
        float("nan") if e in failed else _distance(generators, seed)
        for e, seed in enumerate(seed_generators)
    )


def mean_noise(generators: Tensor, seed_generators: Tensor) -> float:
    """Noise of a consensus, as far as the spread of its seeds tells it [1].

    What of each unit generator of the consensus lies outside a seed's span is noise of that seed;
    the mean of m seeds has less by √m. Errors that all seeds share do not show.

    Args:
        generators: Consensus, ``(r, n, n)``.
        seed_generators: Of the seeds that form it, ``(m, k, n, n)``.

    Returns:
        Noise of a generator of norm 1; 0 for one seed, of which nothing is known.
    """
    if len(seed_generators) < 2:
        return 0.0
    basis = orthonormal_basis(generators).flatten(1)
    spans = [orthonormal_basis(seed).flatten(1) for seed in seed_generators]
    missing = torch.stack([basis - basis @ span.T @ span for span in spans])
    total = missing.square().sum() / (len(basis) * len(spans) ** 2)
    return math.sqrt(float(total))


def canonical_scale(generators: Tensor) -> Tensor:
    """The same generators with a fixed scale and sign.

    The largest eigenvalue of each gets modulus 1, so that a rotation by t turns by t radians.
    Where that modulus is below ``NILPOTENT`` times the Frobenius norm the eigenvalues carry no
    scale and the Frobenius norm becomes 1 instead; zero stays zero. Of all entries at least
    ``COMPARABLE`` times as large as the largest, the first one, column by column, becomes
    positive: plainly taking the largest would let noise choose between the two equal entries
    of a rotation, and this choice gives the usual [[0, -1], [1, 0]].

    Args:
        generators: ``(k, n, n)``, finite.

    Returns:
        ``(k, n, n)`` float64.
    """
    scaled = [_canonical(generator) for generator in generators.double()]
    return torch.stack(scaled) if scaled else generators.double()


def _canonical(generator: Tensor) -> Tensor:
    norm = torch.linalg.matrix_norm(generator)
    if norm == 0:
        return generator
    radius = torch.linalg.eigvals(generator).abs().max()
    columns = generator.T.flatten()
    comparable = columns.abs() >= COMPARABLE * columns.abs().max()
    sign = torch.sign(columns[int(comparable.nonzero()[0])])
    scaled: Tensor = sign * generator / (radius if radius > NILPOTENT * norm else norm)
    return scaled


def unusable(seed_generators: Tensor) -> dict[int, str]:
    """Seeds of ``(E, k, n, n)`` that say nothing, and why."""
    reasons = {}
    for e, seed in enumerate(seed_generators):
        if not bool(torch.isfinite(seed).all()):
            reasons[e] = "generators are not finite"
        elif not bool(seed.any()):
            reasons[e] = "generators are zero"
    return reasons


def _distance(a: Tensor, b: Tensor) -> float:
    return max(largest_angle(a, b), largest_angle(b, a))


def _largest_cluster(bases: Sequence[Tensor]) -> tuple[list[int], bool]:
    """Members of the (first) largest cluster, and whether no other one is as large."""
    _, labels = connected_components(_linked(bases), directed=False)
    sizes = np.bincount(labels)
    members = np.flatnonzero(labels == sizes.argmax())
    return [int(i) for i in members], int((sizes == sizes.max()).sum()) == 1


def _linked(bases: Sequence[Tensor]) -> NDArray[np.bool_]:
    """Which spans are close; the smallest singular value of Q_a Q_bᵀ is the angle's cosine."""
    ranks = np.array([len(basis) for basis in bases])
    linked = np.eye(len(bases), dtype=bool)
    for rank in np.unique(ranks):
        index = np.flatnonzero(ranks == rank)
        rows = torch.stack([bases[int(i)].flatten(1) for i in index])
        cosines = torch.linalg.svdvals(torch.einsum("aik,bjk->abij", rows, rows))[..., -1]
        linked[np.ix_(index, index)] = cosines.numpy() >= math.cos(math.radians(LINKAGE_ANGLE))
    return linked


def _is_consensus(n_members: int, n_seeds: int, is_alone: bool) -> bool:
    """At least half of the seeds, and more than one where there is more than one."""
    enough = n_members >= min(2, n_seeds) and 2 * n_members >= n_seeds
    return enough and is_alone


def _mean_span(bases: Sequence[Tensor]) -> Tensor:
    rank, n, _ = bases[0].shape
    _, _, rows = torch.linalg.svd(torch.cat(list(bases)).flatten(1), full_matrices=False)
    mean: Tensor = rows[:rank].reshape(rank, n, n)
    return mean


def echelon(basis: Tensor) -> Tensor:
    """The basis in which each generator alone fills one entry: it depends on the span only.

    Args:
        basis: ``(r, n, n)``, linearly independent.
    """
    rank, n, _ = basis.shape
    rows = basis.flatten(1).numpy()
    _, _, order = scipy.linalg.qr(rows, mode="economic", pivoting=True)
    pivots = np.sort(order[:rank])
    return torch.from_numpy(np.linalg.solve(rows[:, pivots], rows)).reshape(rank, n, n)
