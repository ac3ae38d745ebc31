"""Verifiers: what tells whether data that were moved are still like real ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.interfaces.element_family import ElementFamily

if TYPE_CHECKING:
    from symdisc.verify.defect_options import DefectOptions


View = Callable[[Tensor], Tensor]
"""What is seen of states that are moved in learned coordinates: ``(..., latent size)`` to
``(..., F)``, from what latent points decode to."""


@dataclass(frozen=True)
class Gains:
    """T by row, as estimated and as bounded from above.

    The share of a classifier's logits that was chosen on the other fold gives the estimate. It
    errs to the low side: a classifier learns from few rows, and where the share is 0, as for a
    true symmetry, T is exactly 0 with no spread at all. On rows that it was trained on, a
    classifier errs to the high side by about as much, as in Akaike's criterion (IEEE Trans.
    Autom. Control 19, 716, 1974): the mean of the two corrects for what was not learned. The
    largest T, draw by draw, over all shares with and without this correction bounds T from above.

    Attributes:
        rows: T at the share chosen on the rows of the other fold, ``(N, S)`` [nat].
        by_share: T at each share, the same for all rows: by classifiers that were not trained on
            them, then the mean of that and T by those that were, ``(K, N, S)`` [nat].
        support: Share of the moved rows that stay where data are, ``(S,)`` [1]; nan where this
            does not matter to the statement.
    """

    rows: Tensor
    by_share: Tensor
    support: Tensor


@dataclass(frozen=True)
class Question:
    """Can rows that were moved be told from real ones? Asked for S generators at once.

    Attributes:
        tested: The rows under test, N of them.
        cluster: Cluster of each row, ``(N,)``: splits never part the rows of one.
        apart: Rows for whatever has to be fitted beforehand, which are not tested; ``None`` where
            :attr:`Verifier.apart` is 0.
        n_classes: Number of classes of labelled data, else 0.
        family: What moves the rows: generators that were found, then random ones.
        scales: Scale of each coordinate of a state, ``(size,)``.
        blocks: Coordinates of a vector that generators of the class can mix.
        options: Settings of the test.
        view: What is seen of the rows, real and moved; then the rows are latent points about the
            centre of the action. ``None``: the rows are data, and seen as they are.
    """

    tested: Samples
    cluster: Tensor
    apart: Samples | None
    n_classes: int
    family: ElementFamily
    scales: Tensor
    blocks: tuple[Tensor, ...]
    options: DefectOptions
    view: View | None = None


class Verifier(ABC):
    """One statement that a symmetry makes about data, and the statistic that tests it.

    The constructor takes nothing. What all verifiers share is done around them: rows that nothing
    else has looked at are chosen, found and random generators are made to move them by the same
    distance, and T becomes a relative defect with an interval and a verdict.

    Attributes:
        statement: Name of the statement in results, a word such as ``"conditional"``.
        meaning: What the test asks, in words that follow "The test asks".
        apart: Share of the rows that are fitted on and not tested [1].
        precedence: Where several built-in verifiers suit the data, that with the highest number
            is used.
        latent: Whether it tests actions in learned coordinates, and only these.
    """

    statement: ClassVar[str]
    meaning: ClassVar[str]
    apart: ClassVar[float] = 0.0
    precedence: ClassVar[int] = 0
    latent: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def unsuited(cls, samples: Samples) -> str:
        """Why these samples cannot be tested in this way; ``""`` if they can."""

    @abstractmethod
    def gains(self, question: Question, rng: torch.Generator) -> Gains:
        """T of every row and generator.

        T is how much better a classifier tells moved rows from real ones than it could if the
        statement held, which is 0 on average for an exact symmetry. A row is never judged by
        what was fitted on its cluster, but for the correction in :class:`Gains`.

        Args:
            question: Rows and moves.
            rng: Source of randomness; the global random state is left alone.
        """
