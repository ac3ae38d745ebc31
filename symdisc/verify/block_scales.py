"""One scale for each group of coordinates that generators of a class can mix."""

from __future__ import annotations

import torch
from scipy.sparse.csgraph import connected_components
from torch import Tensor

from symdisc.data.samples import Samples


def mask_blocks(mask: Tensor) -> tuple[Tensor, ...]:
    """Coordinates that are linked by free entries of a generator.

    Args:
        mask: ``(n, n)`` of 0 and 1.

    Returns:
        Index tensors; every coordinate is in exactly one of them.
    """
    count, label = connected_components(mask.numpy() != 0, directed=False)
    labels = torch.from_numpy(label)
    return tuple(torch.nonzero(labels == block).squeeze(1) for block in range(count))


def state_scales(samples: Samples, blocks: tuple[Tensor, ...]) -> Tensor:
    """A scale for each coordinate of a state, in that coordinate's unit.

    The coordinates of one block share one scale, the root of the mean of their variances in
    all vectors: the action keeps its form, and blocks with different units can be
    compared. Each scalar has its own. What does not vary has scale 1.

    Args:
        samples: The samples.
        blocks: Coordinates of a vector, as from :func:`mask_blocks`.

    Returns:
        ``(size,)`` float32, positive.
    """
    form = samples.representation
    variance = samples.states.flatten(0, 1).double().var(0, correction=0)
    of_vector = variance[: form.n_moving].reshape(form.n_vectors, -1).mean(0)
    for block in blocks if form.grid is None else (slice(None),):
        of_vector[block] = of_vector[block].mean()
    variance[: form.n_moving] = of_vector.repeat(form.n_vectors)
    return torch.where(variance > 0, variance.sqrt(), 1.0).float()


def unit_scales(samples: Samples) -> Tensor:
    """A scale for each coordinate of a state: coordinates of one unit share one.

    It is the root of the mean of their variances; what does not vary has scale 1.

    Args:
        samples: The samples.

    Returns:
        ``(size,)`` float32, positive.
    """
    units = samples.units if len(samples.units) == samples.size else ("",) * samples.size
    variance = samples.states.flatten(0, 1).double().var(0, correction=0)
    for unit in set(units):
        same = torch.tensor([other == unit for other in units])
        variance[same] = variance[same].mean()
    return torch.where(variance > 0, variance.sqrt(), 1.0).float()
