"""What is named and tested where a method tells of parts of samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import torch
from made_results import make

from symdisc import discover, load
from symdisc.data.samples import Samples
from symdisc.data.splits import Split
from symdisc.interfaces import (
    Artifacts,
    ClosedFormStage,
    Discovery,
    LocalMethod,
    Method,
    Stage,
    StageContext,
)
from symdisc.local_parts import named_by_parts, parts_like, parts_of, split_parts
from symdisc.options import Options
from symdisc.registry import default_host
from symdisc.representations import Representation
from symdisc.testing.method import _host
from symdisc_liegan.method import LieGAN
from symdisc_liegan.options import LieGANOptions

QUICK = {"verify.steps": 30, "verify.n_references": 6, "verify.draws": 1, "verify.resamples": 200}


class Turn(ClosedFormStage):
    name: ClassVar[str] = "turn"

    def solve(self, context: StageContext, artifacts: Artifacts) -> Artifacts:
        assert context.samples.size == 4
        return {"turn": torch.tensor([[[[0.0, -1.0], [1.0, 0.0]]]])}


class Halves(LocalMethod):
    """Turns the first and the last two coordinates, each a part of its own."""

    uses: ClassVar[Mapping[str, str]] = {}

    def __init__(self, options: Options) -> None:
        self._options = options

    def stages(self) -> Sequence[Stage]:
        return [Turn()]

    def parts(self, samples: Samples) -> Samples:
        return Samples(
            samples.states.reshape(-1, 1, 2),
            samples.trajectory.repeat_interleave(2),
            Representation.vector(2),
            samples.states.reshape(-1, 2).square().sum(1, keepdim=True),
            Representation.scalars(1),
        )

    @property
    def parts_are(self) -> str:
        return "halves"

    def discovery(self, artifacts: Artifacts) -> Discovery:
        return Discovery(artifacts["turn"], torch.ones(2, 2))


def four() -> Samples:
    return Samples(torch.randn(10, 1, 4), torch.arange(10), Representation.vector(4))


def test_other_methods_tell_of_the_samples_themselves() -> None:
    samples, method = four(), LieGAN(LieGANOptions())
    assert parts_of(method, samples) is samples
    found = split_parts(method, Split(samples, samples, samples))
    assert found.held_out is samples


def test_every_part_of_a_split_is_cut() -> None:
    samples = four()
    found = split_parts(Halves(Options()), Split(samples, samples, samples))
    assert [len(part) for part in (found.train, found.validation, found.held_out)] == [20] * 3


def test_a_result_is_named_and_tested_by_the_parts_it_was_found_in(tmp_path: Path) -> None:
    x = np.random.default_rng(0).standard_normal((4000, 4))
    host = _host(Halves)
    result = discover(
        x, method="under-test:under-test", host=host, out=tmp_path / "run", options=QUICK
    )
    assert result.holds
    assert result.group == "SO(2) on halves"
    assert str(result.representation) == "V2"
    again = load(tmp_path / "run")
    assert len(parts_like(host, again, four())) == 20


def test_only_parts_with_a_name_and_groups_that_act_on_something_are_named_by_them() -> None:
    liegan, halves = LieGAN(LieGANOptions()), Halves(Options())
    assert named_by_parts(liegan, make()).group == "SO(2) on vectors of dimension 2"
    assert named_by_parts(halves, make()).group == "SO(2) on halves"
    assert named_by_parts(halves, make(group="trivial")).group == "trivial"


def test_parts_of_an_earlier_run_of_another_method_are_its_samples() -> None:
    class Ran:
        config: ClassVar[Mapping[str, str]] = {"method": "liegan"}

    samples = four()
    assert parts_like(default_host(), Ran(), samples) is samples  # type: ignore[arg-type]
    assert parts_like(default_host(), make(config={"method": "gone"}), samples) is samples


def test_methods_without_parts_are_methods_all_the_same() -> None:
    assert issubclass(LocalMethod, Method)
