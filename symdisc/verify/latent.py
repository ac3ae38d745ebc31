"""The verifier of actions in learned coordinates: decoded states go on as real ones do."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces import Gains, Question, Verifier
from symdisc.verify.clusters import halves
from symdisc.verify.conditional_features import added_by_targets
from symdisc.verify.latent_moves import LatentMoves, seen_pairs
from symdisc.verify.oracle import Oracle


@final
class Latent(Verifier):
    """Statement (L): statement (C) for windows whose states are all moved by ψ g φ.

    The state is the first one of a window as it decodes, the target how it changes until the
    last one. Real rows go through φ and ψ as well, so that what these lose is not taken for an
    effect of the move; it is judged by itself. Rows with targets are tested as (x, y) pairs, whose
    targets stay as they are.
    """

    statement = "latent"
    meaning = (
        "whether states that were moved in learned coordinates and decoded go on as the real "
        "ones do"
    )
    apart = 0.5
    latent = True

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        """There must be consecutive states, or targets."""
        if samples.steps > 1 or samples.targets is not None:
            return ""
        return (
            "a sample is one state without a target, and every law of single states has nonlinear "
            "symmetries; give trajectories, or targets"
        )

    def gains(self, question: Question, rng: torch.Generator) -> Gains:
        """See :class:`symdisc.interfaces.Verifier`."""
        if question.apart is None:
            raise ValueError("the oracle needs rows apart")
        view = question.view or _as_they_are
        fold = halves(question.cluster, rng)
        oracle = Oracle(seen_pairs(question.apart, view), question.n_classes, rng)
        moves = LatentMoves(question.tested, view, question.n_classes, question.family)
        return added_by_targets(moves, oracle, fold, question, rng)


def _as_they_are(codes: Tensor) -> Tensor:
    return codes.float()
