"""A criterion on validation rows: how far moved samples are from the samples themselves.

The adversarial losses cannot tell a good state from a bad one, since each is measured against a
discriminator that changes as well. The energy distance (Székely, Rizzo: J. Stat. Plann. Inference
143 (2013) 1249) needs no discriminator.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self, final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import CosetParameterization, EnsembleModule
from symdisc.linear_action import move, move_by
from symdisc_basics.energy_distance import energy_distance
from symdisc_kernels import Blocks
from symdisc_liegan.image_view import ImageView, fitted_view
from symdisc_liegan.size_bound import SizeBound
from symdisc_liegan.whitening import Whitening

ROWS = 400
"""Validation rows that are compared, at most [1]."""

SCALE = 1.0
"""Standard deviation of the coefficients, for generators of size 1 [1]."""

SMALLEST = 1e-4
"""Generators of a smaller size are taken for zero [1]."""


@final
class EnergyCriterion:
    """Energy distance between (x, y) and (x', y'), x' = exp(Σ z_i L_i / ρ_i) x, for each seed.

    States and targets are whitened (of images, all pixels brought to one scale) and class labels
    written as unit vectors, then joined. The
    generators are scaled to the same size ρ (see :class:`SizeBound`), so that one that hardly
    moves the data gains nothing by it; where one is zero the criterion is infinite. The
    coefficients z are the same at every call.

    Args:
        bound: Measures generators.
        view: Whitens states and targets.
        blocks: Index groups between which the generators vanish.
    """

    def __init__(
        self, bound: SizeBound, view: Whitening | ImageView, blocks: Blocks | None
    ) -> None:
        self._bound = bound
        self._view = view
        self._blocks = blocks

    @classmethod
    def fit(cls, samples: Samples, blocks: Blocks | None) -> Self:
        """The criterion for a run on these training samples."""
        return cls(SizeBound.fit(samples, (1.0, 1.0)), fitted_view(samples, 0.0), blocks)

    def __call__(self, validation: Samples, modules: Mapping[str, EnsembleModule]) -> Tensor:
        """``(E,)``, about 0 where the moved samples have the law of the samples [1]."""
        generators = modules["generator"].call("generators")
        size = self._bound.size(generators)
        rows = _some(validation)
        z = _coefficients(len(rows), generators)
        h = _representatives(modules["generator"], len(rows))
        states, targets = self._moved(z, self._bound(generators), rows, h)
        real = self._joined(rows.states[None], _one(rows.targets), rows.n_classes)
        moved = self._joined(states, targets, rows.n_classes)
        distances = energy_distance(real.expand(len(moved), -1, -1), moved)
        return distances.where((size > SMALLEST).all(-1), torch.inf)

    def _moved(
        self, z: Tensor, generators: Tensor, rows: Samples, h: Tensor | None
    ) -> tuple[Tensor, Tensor | None]:
        """States ``(E, B, steps, size)`` and targets ``(E, B, m)`` or labels ``(E, B)``."""
        e = len(generators)
        states = rows.states.expand(e, *rows.states.shape)
        states = states if h is None else move_by(h, states, rows.representation)
        moved = move(z, generators, states, rows.representation, self._blocks)
        if rows.targets is None:
            return moved, None
        targets = rows.targets.expand(e, *rows.targets.shape)
        form = rows.target_representation
        if form is not None:
            targets = targets if h is None else move_by(h, targets, form)
            targets = move(z, generators, targets, form, self._blocks)
        return moved, targets

    def _joined(self, states: Tensor, targets: Tensor | None, n_classes: int) -> Tensor:
        """``(E, B, d)``."""
        if targets is not None and n_classes:
            classes = torch.nn.functional.one_hot(targets, n_classes).to(states)
            states, _ = self._view(states, None)
            return torch.cat([states.flatten(2), classes], dim=-1)
        states, targets = self._view(states, targets)
        parts = [states.flatten(2)] if targets is None else [states.flatten(2), targets]
        return torch.cat(parts, dim=-1)


def _some(validation: Samples) -> Samples:
    count = min(ROWS, len(validation))
    device = validation.states.device
    return validation.rows(torch.linspace(0, len(validation) - 1, count, device=device).long())


def _coefficients(n_rows: int, generators: Tensor) -> Tensor:
    """``(E, B, k)``, the same for all seeds and at every call."""
    rng = torch.Generator().manual_seed(0)
    z = SCALE * torch.randn(n_rows, generators.shape[1], generator=rng)
    return z.to(generators).expand(len(generators), -1, -1)


def _representatives(group: EnsembleModule, n_rows: int) -> Tensor | None:
    """``(E, B, n, n)``, one after the other; ``None`` where the group has none."""
    if not isinstance(group.prototype, CosetParameterization):
        return None
    found = group.call("representatives")
    return found[:, torch.arange(n_rows, device=found.device) % found.shape[1]]


def _one(targets: Tensor | None) -> Tensor | None:
    return None if targets is None else targets[None]
