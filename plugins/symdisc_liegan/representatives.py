"""Coset representatives in the game: which of them moves a sample, and which are claimed."""

from __future__ import annotations

from typing import Self, final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.linear_action import move_by
from symdisc_basics.energy_distance import energy_distance
from symdisc_liegan.image_view import ImageView, fitted_view
from symdisc_liegan.whitening import Whitening

ROWS = 800
"""Rows of each of two samples that are compared, at most [1]."""

SPLITS = 40
"""Pairs of samples of the data themselves that tell what is chance."""


def picked(representatives: Tensor, n_rows: int, rng: torch.Generator) -> Tensor:
    """One representative a sample, all equally likely: ``(E, m, n, n)`` to ``(E, B, n, n)``."""
    e, m = representatives.shape[:2]
    device = representatives.device
    picks = torch.randint(m, (e, n_rows), generator=rng, device=rng.device).to(device)
    return representatives[torch.arange(e, device=device)[:, None], picks]


@final
class Claims:
    """Which representatives leave the law of states and targets as it is, as far as can be seen.

    The discriminator sees all representatives together, so that its losses do not tell which of
    them are good. The energy distance between rows and moved rows does, for each of them; what
    is chance is told by pairs of samples of the rows themselves. It is a coarse sieve: claims are
    tested on further rows.

    Args:
        rows: At most two times ``ROWS`` samples.
        view: Whitens states and targets.
    """

    def __init__(self, rows: Samples, view: Whitening | ImageView) -> None:
        self._rows = rows
        self._view = view

    @classmethod
    def fit(cls, samples: Samples) -> Self:
        """For a run on these training samples."""
        count = min(2 * ROWS, len(samples))
        device = samples.states.device
        index = torch.linspace(0, len(samples) - 1, count, device=device).long()
        return cls(samples.rows(index), fitted_view(samples, 0.0))

    def __call__(self, representatives: Tensor) -> Tensor:
        """Representatives ``(E, m, n, n)`` with nan in place of those that are not claimed."""
        distances = torch.stack([self.distances(h) for h in representatives])
        good = distances <= self._by_chance()
        return representatives.where(good[..., None, None], torch.nan)

    def distances(self, representatives: Tensor) -> Tensor:
        """Energy distance of rows moved by each matrix ``(m, n, n)`` from real ones, ``(m,)``."""
        rows, m, half = self._rows, len(representatives), len(self._rows) // 2
        index = torch.arange(half, 2 * half, device=rows.states.device)
        moved = rows.rows(index)
        elements = representatives[:, None].expand(-1, half, -1, -1)
        states = moved.states.expand(m, *moved.states.shape)
        states = move_by(elements, states, rows.representation)
        targets = moved.targets
        if targets is not None:
            targets = targets.expand(m, *targets.shape)
            if rows.target_representation is not None:
                targets = move_by(elements, targets, rows.target_representation)
        real = self._real()[:half]
        return energy_distance(real.expand(m, -1, -1), self._joined(states, targets))

    def _by_chance(self) -> Tensor:
        """Largest energy distance between random halves of the real rows."""
        real, half = self._real(), len(self._rows) // 2
        rng = torch.Generator().manual_seed(0)
        orders = [torch.randperm(len(real), generator=rng) for _ in range(SPLITS)]
        order = torch.stack(orders).to(real.device)
        return energy_distance(real[order[:, :half]], real[order[:, half : 2 * half]]).max()

    def _real(self) -> Tensor:
        targets = self._rows.targets
        states = self._rows.states[None]
        return self._joined(states, None if targets is None else targets[None])[0]

    def _joined(self, states: Tensor, targets: Tensor | None) -> Tensor:
        """Whitened states and targets, class labels as unit vectors: ``(E, B, d)``."""
        if targets is not None and self._rows.n_classes:
            classes = torch.nn.functional.one_hot(targets, self._rows.n_classes).to(states)
            return torch.cat([self._view(states, None)[0].flatten(2), classes], dim=-1)
        states, targets = self._view(states, targets)
        parts = [states.flatten(2)] if targets is None else [states.flatten(2), targets]
        return torch.cat(parts, dim=-1)
