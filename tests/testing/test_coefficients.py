from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from symdisc.interfaces import CoefficientDistribution
from symdisc.options import Options
from symdisc.testing import ConformanceError, check_coefficients
from symdisc_basics.coefficients import IntegerGrid, Normal, Uniform


class Good(CoefficientDistribution):
    """z_i = u² with u uniform on [0, 1]; everything else here differs from it in one place."""

    def __init__(self, options: Options, n_generators: int) -> None:
        self.n_generators = n_generators

    def sample(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        return torch.rand((*shape, self.n_generators), generator=rng).square()

    def log_prob(self, z: Tensor) -> Tensor:
        inside = ((z >= 0) & (z <= 1)).all(-1)
        return torch.where(inside, (-0.5 * z.abs().log() - math.log(2)).sum(-1), -math.inf)

    @property
    def support(self) -> tuple[float, float]:
        return (0.0, 1.0)


class WrongNumber(Good):
    def __init__(self, options: Options, n_generators: int) -> None:
        super().__init__(options, 1)


class WrongShape(Good):
    def sample(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        return super().sample(shape, rng).squeeze(-1)


class GlobalStream(Good):
    def sample(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        return torch.rand(*shape, self.n_generators).square()


class OwnStream(Good):
    def sample(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        return super().sample(shape, torch.Generator().manual_seed(4))


class KeepsCounting(Good):
    calls = 0

    def sample(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        self.calls += 1
        return super().sample(shape, rng) / self.calls


class TooNarrow(Good):
    @property
    def support(self) -> tuple[float, float]:
        return (0.0, 0.5)


class TurnedRound(Good):
    @property
    def support(self) -> tuple[float, float]:
        return (1.0, 0.0)


class DensityEverywhere(Good):
    def log_prob(self, z: Tensor) -> Tensor:
        return (-0.5 * z.abs().log() - math.log(2)).sum(-1)


class WrongConstant(Good):
    def log_prob(self, z: Tensor) -> Tensor:
        return super().log_prob(z) + 0.1


class WrongForm(Good):
    def log_prob(self, z: Tensor) -> Tensor:
        return torch.where(super().log_prob(z).isfinite(), 0.0, -math.inf)


class OneForAll(Good):
    def log_prob(self, z: Tensor) -> Tensor:
        return super().log_prob(z).reshape(-1)


class NoDensity(Good):
    def log_prob(self, z: Tensor) -> Tensor:
        raise NotImplementedError("no density")


class Dice(CoefficientDistribution):
    """Whole numbers -1, 0 and 1; the discrete laws below differ from it in one place."""

    discrete = True

    def __init__(self, options: Options, n_generators: int) -> None:
        self.n_generators = n_generators

    def sample(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        return torch.randint(-1, 2, (*shape, self.n_generators), generator=rng).float()

    def log_prob(self, z: Tensor) -> Tensor:
        whole = (z == z.round()).all(-1) & (z.abs() <= 1).all(-1)
        return torch.where(whole, -math.log(3) * self.n_generators, -math.inf)

    @property
    def support(self) -> tuple[float, float]:
        return (-1.0, 1.0)


class HalfNumbers(Dice):
    def sample(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        return super().sample(shape, rng) / 2


class LoadedDice(Dice):
    def sample(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        return torch.randint(-1, 3, (*shape, self.n_generators), generator=rng).clamp_max(1).float()


class TooLikely(Dice):
    def log_prob(self, z: Tensor) -> Tensor:
        return super().log_prob(z) + 1


class LikelyBetween(Dice):
    def log_prob(self, z: Tensor) -> Tensor:
        inside = (z.abs() <= 1).all(-1)
        return torch.where(inside, -math.log(3) * self.n_generators, -math.inf)


@pytest.mark.parametrize(
    ("component", "options"),
    [
        (Good, {}),
        (Dice, {}),
        (IntegerGrid, {}),
        (IntegerGrid, {"largest": 1}),
        (Normal, {}),
        (Normal, {"scale": 0.1}),
        (Uniform, {}),
        (Uniform, {"width": 4.0}),
    ],
)
def test_good_laws_pass(component: type[Any], options: dict[str, Any]) -> None:
    check_coefficients(component, options)


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (WrongNumber, r"WrongNumber of 3 coefficient\(s\): n_generators is 1"),
        (WrongShape, r"sample\(\(\)\) must have shape \(1,\); got \(\)"),
        (GlobalStream, "must draw from the given rng, not from torch's global one"),
        (OwnStream, "sample does not depend on rng"),
        (KeepsCounting, "the same state of rng must give the same sample"),
        (TooNarrow, r"\d+ of 40000 samples lie outside 0.0…0.5"),
        (TurnedRound, r"support must be an interval; got \(1.0, 0.0\)"),
        (DensityEverywhere, "log_prob at -1.0 must be -inf, outside the support; got -0.693"),
        (WrongConstant, r"not the density of the samples: the mean of 1/p over a box of volume"),
        (WrongForm, "log_prob is not the density of the samples"),
        (OneForAll, r"log_prob of \(2, 3, k\) has shape \(6,\)"),
        (NoDensity, r"log_prob of \(1, 1\) raised NotImplementedError: no density"),
        (HalfNumbers, "a discrete law must give whole numbers"),
        (LoadedDice, r"not the probability of the samples: a value is off by \d+.\d standard err"),
        (TooLikely, "the probabilities of its samples add up to 2.72"),
        (LikelyBetween, "log_prob between whole numbers must be -inf"),
        (float, "float is no coefficients: it must be a subclass of symdisc.interfaces.Coeff"),
    ],
)
def test_broken_promises_are_named(component: Any, message: str) -> None:
    with pytest.raises(ConformanceError, match=message):
        check_coefficients(component)
