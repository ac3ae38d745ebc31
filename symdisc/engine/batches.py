"""Minibatches: gathered from resident tensors for all seeds at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import Batch


@final
class BatchSampler:
    """Draws minibatches so that no seed sees a sample twice in an epoch.

    One permutation an epoch serves all seeds; each seed starts at its own random place in it,
    so no two seeds see the same minibatches in the same order. Samples that do not fill a
    minibatch at the end of an epoch are left out of it, other ones for each seed.

    Args:
        samples: Training samples on the device of ``rng``.
        n_members: The number E of seeds.
        batch_size: Samples B of each seed; at most all of them are taken.
        rng: Random stream.
    """

    def __init__(
        self, samples: Samples, n_members: int, batch_size: int, rng: torch.Generator
    ) -> None:
        self._samples = samples
        self._rng = rng
        self._n = len(samples)
        self._size = min(batch_size, self._n)
        device = samples.states.device
        self._lanes = torch.arange(self._size, device=device)
        self._offsets = torch.randint(self._n, (n_members, 1), generator=rng, device=device)
        self._start_epoch()

    def next(self) -> Batch:
        """The next minibatch: states ``(E, B, steps, size)`` and targets, if any."""
        if self._position + self._size > self._n:
            self._start_epoch()
        places = (self._offsets + self._position + self._lanes) % self._n
        index = self._order[places]
        self._position += self._size
        return Batch(self._take(self._samples.states, index), self._targets(index))

    def state(self) -> dict[str, Any]:
        """Where it stands, for a checkpoint; the random stream is not part of it."""
        return {"offsets": self._offsets, "order": self._order, "position": self._position}

    def load(self, state: Mapping[str, Any]) -> None:
        """Go on where :meth:`state` was."""
        device = self._samples.states.device
        self._offsets, self._order = state["offsets"].to(device), state["order"].to(device)
        self._position = state["position"]

    def _start_epoch(self) -> None:
        device = self._samples.states.device
        self._order = torch.randperm(self._n, generator=self._rng, device=device)
        self._position = 0

    def _targets(self, index: Tensor) -> Tensor | None:
        targets = self._samples.targets
        return None if targets is None else self._take(targets, index)

    @staticmethod
    def _take(values: Tensor, index: Tensor) -> Tensor:
        # index_select on a flat index is several times faster on a CPU than values[index].
        rows = values.index_select(0, index.flatten())
        return rows.reshape(*index.shape, *values.shape[1:])
