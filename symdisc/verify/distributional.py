"""The verifier of data without targets: the law of the states is the same after the move."""

from __future__ import annotations

from typing import final

import torch

from symdisc.data.samples import Samples
from symdisc.interfaces import Gains, Question, Verifier
from symdisc.verify.calibration import recognised
from symdisc.verify.classifier import cross_fitted_logits
from symdisc.verify.clusters import halves
from symdisc.verify.distributional_features import DistributionalFeatures


@final
class Distributional(Verifier):
    """Statement (D), T = log 2 − log-loss: nats by which moved states are recognised.

    Meaningful for groups of bounded families of matrices; no law is preserved by boosts or
    scalings. Targets, if there are any, are not looked at.
    """

    statement = "distributional"
    meaning = "whether the moved states are distributed like the real ones"

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        """All samples have a law."""
        return "" if len(samples) else "there are no rows"

    def gains(self, question: Question, rng: torch.Generator) -> Gains:
        """See :class:`symdisc.interfaces.Verifier`."""
        fold = halves(question.cluster, rng)
        features = DistributionalFeatures(
            question.tested,
            question.scales,
            question.blocks,
            question.family,
            question.options,
            rng,
        )
        return recognised(cross_fitted_logits(features, fold, question.options, rng))
