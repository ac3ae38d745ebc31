"""What is predicted, how it moves with the inputs, and how far a prediction is off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import torch
from torch import Tensor
from torch.nn.functional import nll_loss, one_hot

from symdisc.data.pairs import Pairs
from symdisc.data.samples import Samples
from symdisc.errors import DataError
from symdisc.interfaces import Batch
from symdisc.linear_action import move_by
from symdisc.representations import Representation


@final
@dataclass(frozen=True)
class Goal:
    """Numbers, or the probabilities of classes.

    Attributes:
        centre: Mean of each number, ``(m,)``; of classes zeros.
        scale: Standard deviation of each, ``(m,)``; the numbers that a group element mixes share
            one. Of classes ones.
        form: How the numbers move with the inputs; ``None``: not at all.
        labelled: Whether it is classes; their values are log-probabilities.
    """

    centre: Tensor
    scale: Tensor
    form: Representation | None = None
    labelled: bool = False

    @classmethod
    def of(cls, samples: Samples) -> Self:
        """What is known of the states of these samples: their targets, or how they change."""
        pairs = changes(samples)
        if pairs.y is None:
            raise DataError(
                "atlasd learns to predict targets, or the next state of trajectories, and these "
                "data have neither; give targets, or use --method liegan"
            )
        if not pairs.y.is_floating_point():
            zeros = torch.zeros(samples.n_classes, device=pairs.y.device)
            return cls(zeros, zeros + 1, labelled=True)
        return cls.of_values(pairs.y, pairs.y_representation)

    @classmethod
    def of_values(cls, values: Tensor, form: Representation | None = None) -> Self:
        """Numbers ``(N, m)`` of this representation."""
        variance = values.var(0, correction=0)
        if form is not None and form.n_vectors:
            variance = variance.clone()
            variance[: form.n_moving] = variance[: form.n_moving].mean()
        scale = torch.where(variance > 0, variance.sqrt(), torch.ones_like(variance))
        moves = form is not None and form.n_vectors > 0
        return cls(values.mean(0), scale, form if moves else None)

    @property
    def size(self) -> int:
        """Numbers, or classes."""
        return len(self.centre)

    @property
    def unit(self) -> str:
        """Unit of errors."""
        return "nat" if self.labelled else "1"

    def values(self, raw: Tensor) -> Tensor:
        """Predictions ``(..., m)`` from what a network gives, ``(..., m)``."""
        return raw.log_softmax(-1) if self.labelled else self.centre + self.scale * raw

    def loss(self, predicted: Tensor, known: Tensor) -> Tensor:
        """What a predictor learns by: mean square error, or cross entropy.

        Args:
            predicted: Values ``(E, B, m)``.
            known: Numbers ``(E, B, m)`` or labels ``(E, B)``.

        Returns:
            ``(E,)``, of numbers in units of their scale.
        """
        if self.labelled:
            each = nll_loss(predicted.flatten(0, 1), known.flatten(), reduction="none")
            return each.reshape(known.shape).mean(-1)
        return ((predicted - known) / self.scale).square().mean((-1, -2))

    def unexplained(self, predicted: Tensor, known: Tensor) -> Tensor:
        """:meth:`loss` over that of the best constant: ``(E,)``, 1 where nothing is told [1]."""
        tiny = torch.finfo(predicted.dtype).tiny
        if self.labelled:
            shares = one_hot(known, self.size).to(predicted).mean(1, keepdim=True)
            constant = shares.clamp_min(tiny).log().expand_as(predicted)
        else:
            constant = known.mean(1, keepdim=True).expand_as(predicted)
        return self.loss(predicted, known) / self.loss(constant, known).clamp_min(tiny)

    def moved(self, elements: Tensor, values: Tensor) -> Tensor:
        """Values ``(..., B, m)`` moved by matrices ``(..., B, n, n)``."""
        return values if self.form is None else move_by(elements, values, self.form)

    def error(self, predicted: Tensor, expected: Tensor) -> Tensor:
        """How far values ``(..., m)`` are from what is expected: ``(...)``.

        Of numbers the mean absolute difference in units of their scale [1], of classes the
        divergence of the expected probabilities from the predicted ones [nat].
        """
        if self.labelled:
            return (expected.exp() * (expected - predicted)).sum(-1)
        return ((predicted - expected) / self.scale).abs().mean(-1)


def changes(samples: Samples) -> Pairs:
    """Points and what is predicted of them.

    Of windows of a trajectory it is the change from the first state to the last: a change moves as
    a state does, and a predictor of the state itself is nearly right where it gives back its input.
    """
    pairs = Pairs.of(samples)
    if samples.targets is not None or pairs.y is None:
        return pairs
    return Pairs(pairs.x, pairs.y - pairs.x, pairs.representation, pairs.y_representation)


def known(batch: Batch) -> Tensor:
    """What is predicted of the first states of a batch: ``(E, B, m)``, or labels ``(E, B)``."""
    if batch.targets is not None:
        return batch.targets
    return batch.states[:, :, -1] - batch.states[:, :, 0]
