"""The conformance suite of verifiers passes the shipped ones and names what is wrong."""

from __future__ import annotations

import pytest
import torch

from symdisc.data.samples import Samples
from symdisc.interfaces import Gains, Question, Verifier
from symdisc.testing import ConformanceError, check_verifier
from symdisc.verify.conditional import Conditional
from symdisc.verify.distributional import Distributional


@pytest.mark.parametrize("component", [Conditional, Distributional])
def test_shipped_verifiers_pass(component: type[Verifier]) -> None:
    check_verifier(component)


class Distance(Verifier):
    """T is made up from how far a row is moved away from its distance from the origin."""

    statement = "radius"
    meaning = "whether distances from the origin stay"

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        return ""

    def gains(self, question: Question, rng: torch.Generator) -> Gains:
        rows = self._rows(question, rng)
        return Gains(rows, rows[None], torch.full((rows.shape[1],), torch.nan))

    def _rows(self, question: Question, rng: torch.Generator) -> torch.Tensor:
        states = question.tested.states[:, 0]
        moved = torch.einsum("gbij,bj->bgi", question.family.draw(len(states), rng), states)
        before, after = (x.square().sum(-1).sqrt() for x in (states, moved))
        return (after - before[:, None]).square()


def test_another_statistic_passes() -> None:
    check_verifier(Distance)


class Blind(Distance):
    def _rows(self, question: Question, rng: torch.Generator) -> torch.Tensor:
        return torch.zeros(len(question.tested), len(question.family))


class Suspicious(Distance):
    def _rows(self, question: Question, rng: torch.Generator) -> torch.Tensor:
        return torch.ones(len(question.tested), len(question.family))


class Short(Distance):
    def _rows(self, question: Question, rng: torch.Generator) -> torch.Tensor:
        return torch.ones(3, len(question.family))


class Global(Distance):
    def _rows(self, question: Question, rng: torch.Generator) -> torch.Tensor:
        return super()._rows(question, rng) + torch.rand(1)


class Changing(Distance):
    def _rows(self, question: Question, rng: torch.Generator) -> torch.Tensor:
        question.tested.states.add_(1)
        return super()._rows(question, rng)


class Fickle(Distance):
    def _rows(self, question: Question, rng: torch.Generator) -> torch.Tensor:
        seed = torch.Generator()
        seed.seed()
        return super()._rows(question, seed)


class Choosy(Distance):
    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        return "too few rows"


class Greedy(Distance):
    apart = 1.0


class Unfinished(Verifier):
    statement = ""


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (Blind, "^Blind: random generators are not recognised, T = 0 nat$"),
        (Suspicious, "^Suspicious: T of a true generator is 1 nat, that of random ones 1; at most"),
        (Short, r"^Short: gains.rows must have shape \(1200, 6\); got \(3, 6\)$"),
        (Global, "^Global: gains uses the global random state$"),
        (Changing, "^Changing: gains changes the rows that it is given$"),
        (Fickle, "^Fickle: the same seed gives other gains the second time$"),
        (Choosy, "^Choosy.unsuited must give '' for rows that it suits; got 'too few rows'$"),
        (Greedy, r"^Greedy.apart must be in \[0, 1\); got 1.0$"),
        (Unfinished, "^Unfinished is no verifier: it does not implement 'gains'; it does not impl"),
    ],
)
def test_what_is_wrong_is_named(component: type[Verifier], message: str) -> None:
    with pytest.raises(ConformanceError, match=message):
        check_verifier(component)
