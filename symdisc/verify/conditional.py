"""The verifier of data with targets: targets follow moved states as they follow real ones."""

from __future__ import annotations

from typing import final

import torch

from symdisc.data.samples import Samples
from symdisc.interfaces import Gains, Question, Verifier
from symdisc.verify.clusters import halves
from symdisc.verify.conditional_features import added_by_targets
from symdisc.verify.moves import SampleMoves
from symdisc.verify.oracle import Oracle


@final
class Conditional(Verifier):
    """Statement (C): what the targets add to recognising a moved row once its state is known.

    T = log-loss of D(x, f(x)) − log-loss of D(x, f(x), y, ℓ(f(x), y)), with an oracle f fitted on
    rows apart. It is zero for a symmetry of p(y|x) whatever happens to the law of x.
    """

    statement = "conditional"
    meaning = (
        "whether the targets follow the moved states as they follow the real ones, p(y'|x') = "
        "p(y|x)"
    )
    apart = 0.5
    precedence = 1

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        """Samples need targets."""
        return "" if samples.targets is not None else "the data have no targets"

    def gains(self, question: Question, rng: torch.Generator) -> Gains:
        """See :class:`symdisc.interfaces.Verifier`."""
        if question.apart is None:
            raise ValueError("the oracle needs rows apart")
        fold = halves(question.cluster, rng)
        oracle = Oracle(question.apart, question.n_classes, rng)
        moves = SampleMoves(question.tested, question.n_classes, question.family)
        return added_by_targets(moves, oracle, fold, question, rng)
