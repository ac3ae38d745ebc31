from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest
import torch

from symdisc.interfaces import Dataset, RawData
from symdisc.options import Options
from symdisc.testing import ConformanceError, check_dataset
from symdisc_basics.datasets.no_symmetry import NoSymmetry
from symdisc_basics.datasets.two_body import TwoBody

TURN = np.array([[[0.0, -1.0], [1.0, 0.0]]])


class Good(Dataset):
    """Everything else in this file differs from it in one place."""

    licence: ClassVar[str] = "CC0-1.0"
    description: ClassVar[str] = "A round cloud of points."
    truth: ClassVar[Any] = TURN
    representation: ClassVar[str] = "V2"

    def __init__(self, options: Options) -> None:
        self.rng = np.random.default_rng(0)

    def make(self) -> RawData:
        states = self.rng.normal(size=(50, 2))
        return RawData(states=states, representation=self.representation, truth=self.truth)


class NoLicence(Good):
    licence: ClassVar[str] = " "


class NoDescription(Dataset):
    licence: ClassVar[str] = "CC0-1.0"

    def __init__(self, options: Options) -> None:
        return None

    def make(self) -> RawData:
        raise NotImplementedError


class OtherEveryTime(Good):
    made: ClassVar[int] = 0

    def __init__(self, options: Options) -> None:
        OtherEveryTime.made += 1
        self.rng = np.random.default_rng(OtherEveryTime.made)


class GlobalStreams(Good):
    def make(self) -> RawData:
        np.random.seed(0)
        torch.manual_seed(0)
        random.seed(0)
        return super().make()


class JustAnArray(Good):
    def make(self) -> RawData:
        return super().make().states  # type: ignore[return-value]


class Fails(Good):
    def make(self) -> RawData:
        raise ZeroDivisionError("no mass")


class WrongRepresentation(Good):
    representation: ClassVar[str] = "V3"


class WrongTruth(Good):
    truth: ClassVar[Any] = np.eye(3)[None]


class InfiniteTruth(Good):
    truth: ClassVar[Any] = np.inf * np.ones((1, 2, 2))


class NotANumber(Good):
    truth: ClassVar[Any] = np.nan * np.ones((1, 2, 2))


class DependentTruth(Good):
    truth: ClassVar[Any] = np.concatenate([TURN, -TURN])


class SeededOptions(Options):
    seed: int = 0


class DeafToItsSeed(Good):
    Options: ClassVar[type[Options]] = SeededOptions


class OtherShape(Good):
    shape: ClassVar[tuple[int, ...]] = (50, 3)


class UnevenShape(Good):
    shape: ClassVar[tuple[int, ...]] = (2, 20, 2)

    def make(self) -> RawData:
        return RawData(states=[np.eye(20)[:, :2], np.eye(30)[:, :2]])


class ZeroVersion(Good):
    cache_version: ClassVar[int | None] = 0


class InfiniteStates(Good):
    def make(self) -> RawData:
        return RawData(states=np.full((50, 2), np.inf))


class OneNameTooMany(Good):
    def make(self) -> RawData:
        return RawData(states=np.eye(50)[:, :2], names=("x", "y", "z"))


class OneUnitTooFew(Good):
    def make(self) -> RawData:
        return RawData(states=np.eye(50)[:, :2], units=("m",))


class RecommendsAnUnknownOption(Good):
    recommended: ClassVar[Mapping[str, Any]] = {"group.n_generatorz": 2}


class RecommendsAnUnknownPreset(Good):
    recommended: ClassVar[Mapping[str, Any]] = {"preset": "fast"}


class RecommendsWithoutUse(Good):
    recommended: ClassVar[Mapping[str, Any]] = {"kernel.size": 2}


class RecommendsAWrongValue(Good):
    recommended: ClassVar[Mapping[str, Any]] = {"group.n_generators": 0}


class RecommendsAKindWithoutUse(Good):
    recommended: ClassVar[Mapping[str, Any]] = {"kernel": "reference"}


class RecommendsWell(Good):
    recommended: ClassVar[Mapping[str, Any]] = {"discriminator": "mlp", "group.n_generators": 1}
    shape: ClassVar[tuple[int, ...]] = (50, 2)
    cache_version: ClassVar[int | None] = 1


class NamesWithAnEndingZero(Good):
    """NumPy strips zeros from the end of texts."""

    cache_version: ClassVar[int | None] = 1

    def make(self) -> RawData:
        return RawData(states=np.eye(50)[:, :2], names=("x", "y\0"))


class UnequalTypes(Good):
    """Trajectories put together in one array take one type."""

    cache_version: ClassVar[int | None] = 1

    def make(self) -> RawData:
        return RawData(states=[np.eye(20)[:, :2], np.eye(30, dtype=np.float32)[:, :2]])


class NoTruth(Good):
    truth: ClassVar[Any] = np.zeros((0, 2, 2))


@pytest.mark.parametrize(
    ("component", "options"),
    [
        (Good, {}),
        (NoTruth, {}),
        (RecommendsWell, {}),
        (TwoBody, {"n_trajectories": 4}),
        (NoSymmetry, {"n_samples": 50, "seed": 3}),
    ],
)
def test_good_data_sets_pass(component: type[Any], options: dict[str, Any]) -> None:
    check_dataset(component, options)


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (NoLicence, "NoLicence: licence must be a text; got ' '"),
        (NoDescription, "is no dataset: it lacks the class attribute 'description'"),
        (OtherEveryTime, "the same options gave other data the second time"),
        (GlobalStreams, r"make\(\) uses the global random state of numpy, torch, random"),
        (JustAnArray, r"make\(\) must give RawData; got ndarray"),
        (Fails, r"Fails: make\(\) raised ZeroDivisionError: no mass"),
        (WrongRepresentation, r"preparing the data that make\(\) gives raised DataError"),
        (WrongTruth, r"the true generators must have the shape \(k, 2, 2\) .*; got \(1, 3, 3\)"),
        (InfiniteTruth, "InfiniteTruth: the true generators must be finite"),
        (NotANumber, "NotANumber: the true generators must be finite"),
        (DependentTruth, r"the 2 true generators must be linearly independent; they span 1 dim"),
        (DeafToItsSeed, "DeafToItsSeed: seeds 0 and 1 gave the same data"),
        (OtherShape, r"shape says \(50, 3\) for the default options; the states are \(50, 2\)"),
        (UnevenShape, "UnevenShape: the shape of its states raised ValueError"),
        (ZeroVersion, "cache_version must be None or a positive whole number; got 0"),
        (InfiniteStates, "raised DataError: states hold 0 NaN and 100 infinite values"),
        (OneNameTooMany, "there are 3 names for 2 coordinates"),
        (OneUnitTooFew, "there are 1 units for 2 coordinates"),
        (RecommendsAnUnknownOption, "the recommended group.n_generatorz = 2 has no effect"),
        (RecommendsAnUnknownPreset, "the recommended preset = 'fast' has no effect"),
        (RecommendsWithoutUse, "the recommended kernel.size = 2 has no effect"),
        (RecommendsAWrongValue, "its recommended settings raised OptionError: option 'group.n_gen"),
        (RecommendsAKindWithoutUse, "the recommended kernel = 'reference' has no effect"),
        (NamesWithAnEndingZero, r"names \('x', 'y\\x00'\) comes back from the cache as"),
        (UnequalTypes, "UnequalTypes: its data come back from the cache changed"),
        (dict, "dict is no dataset: it must be a subclass of symdisc.interfaces.Dataset"),
    ],
)
def test_broken_promises_are_named(component: Any, message: str) -> None:
    random_state = np.random.get_state(), torch.get_rng_state(), random.getstate()
    with pytest.raises(ConformanceError, match=message):
        check_dataset(component)
    np.random.set_state(random_state[0])
    torch.set_rng_state(random_state[1])
    random.setstate(random_state[2])
