"""What must come out on data of which the truth is known, at the sizes of everyday use."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.interfaces import Verifier
from symdisc.verify.conditional import Conditional
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.distributional import Distributional
from symdisc.verify.power import visible
from symdisc.verify.verification import Verification
from symdisc.verify.verifying import verify
from symdisc_basics.datasets.lorentz import Lorentz, LorentzOptions
from symdisc_basics.datasets.scaling_ratio import ScalingRatio, ScalingRatioOptions
from symdisc_basics.datasets.two_body import TwoBody, TwoBodyOptions

TURN = torch.tensor([[0.0, 1.0], [-1.0, 0.0]], dtype=torch.float64)
PLANES = ((0, 1), (2, 3), (4, 5), (6, 7))
C, D = Conditional(), Distributional()


def checked(
    samples: Samples, generators: Tensor, verifier: Verifier, seed: int = 0
) -> Verification:
    n = samples.representation.dimension
    mask, blocks = torch.ones(n, n), None
    if n == 8:
        mask, blocks = torch.kron(torch.eye(4), torch.ones(2, 2)), PLANES
    # Half as many random generators as usual: this has to be quick.
    options = DefectOptions(n_references=10)
    return verify(samples, generators, mask, blocks, verifier, seed=seed, options=options)


def normal(seed: int, *shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.fixture(scope="module")
def orbits() -> Samples:
    return prepare(TwoBody(TwoBodyOptions(n_trajectories=100, seed=1)).make())


@pytest.fixture(scope="module")
def events() -> Samples:
    return prepare(Lorentz(LorentzOptions(n_events=20_000, seed=1)).make())


def stretched(degrees: float, by: float) -> Tensor:
    """A quarter turn along ellipses with a tilted axis."""
    turn = torch.linalg.matrix_exp(math.radians(degrees) * TURN)
    stretch = turn @ torch.diag(torch.tensor([by, 1 / by]).double()) @ turn.T
    block: Tensor = stretch @ TURN @ torch.linalg.inv(stretch)
    return torch.kron(torch.eye(4).double(), block)[None]


def test_rotation_of_two_bodies_is_confirmed(orbits: Samples) -> None:
    verdict = checked(orbits, stretched(0, 1), D)
    assert verdict.overall.word == "confirmed"
    assert verdict.worst.high < 0.1


def test_tilted_ellipses_of_two_bodies_are_not_supported(orbits: Samples) -> None:
    verdict = checked(orbits, stretched(10, 1.6), D)
    assert verdict.overall.word == "not supported"
    assert verdict.worst.low > 0.6


def test_lorentz_generators_by_targets_and_by_the_law(events: Samples) -> None:
    """The label stays the same; the law of the momenta does not."""
    assert events.truth is not None
    by_targets = checked(events, events.truth.double(), C)
    assert by_targets.overall.word == "confirmed"
    assert len(by_targets.elements) == 3
    boosts = torch.zeros(3, 4, 4, dtype=torch.float64)
    for axis in range(3):
        boosts[axis, 0, axis + 1] = boosts[axis, axis + 1, 0] = 1
    by_law = checked(events.rows(torch.arange(3000)), boosts, D)
    assert by_law.overall.word != "confirmed"
    assert by_law.worst.low > 0.4


def test_generic_generator_on_events_is_not_supported(events: Samples) -> None:
    generic = torch.tensor(normal(4, 1, 4, 4))
    assert checked(events, generic, C).overall.word == "not supported"


def test_scaling_of_a_ratio_is_confirmed() -> None:
    raw = ScalingRatio(ScalingRatioOptions(n_samples=3000, seed=2)).make()
    samples = prepare(raw)
    assert samples.truth is not None
    assert checked(samples, samples.truth.double(), C).overall.word == "confirmed"


def test_turn_of_a_slightly_elliptic_form_is_approximate() -> None:
    x = normal(3, 4000, 2)
    samples = prepare(x, x[:, :1] ** 2 + 1.2 * x[:, 1:] ** 2)
    verdict = checked(samples, TURN[None], C)
    assert verdict.overall.word == "approximate"
    assert 0.6 < 1 - verdict.worst.value < 0.9


def test_noise_is_untestable() -> None:
    x = normal(5, 2000, 2)
    verdict = checked(prepare(x, normal(6, 2000, 1)), TURN[None], C)
    assert verdict.overall.word == "untestable here"
    assert verdict.overall.why.startswith("random generators pass as well")


def test_zero_is_trivial() -> None:
    x = normal(7, 400, 2)
    for samples, verifier in ((prepare(x), D), (prepare(x, x[:, :1]), C)):
        verdict = checked(samples, torch.zeros(1, 2, 2).double(), verifier)
        assert verdict.overall.word == "trivial"


def test_what_turns_directions_in_which_data_do_not_vary_is_trivial() -> None:
    x = normal(8, 400, 4) * [1, 1, 0, 0]
    generator = torch.zeros(1, 4, 4, dtype=torch.float64)
    generator[0, 2:, 2:] = TURN
    assert checked(prepare(x), generator, D).overall.word == "trivial"


def missed_form(miss: float, seed: int, n_rows: int) -> tuple[Samples, Verifier]:
    x = normal(seed, 2 * n_rows, 2)
    return prepare(x, x[:, :1] ** 2 + (1 + miss) * x[:, 1:] ** 2), C


def missed_law(miss: float, seed: int, n_rows: int) -> tuple[Samples, Verifier]:
    return prepare(normal(seed, n_rows, 2) * [1 + miss, 1]), D


@pytest.mark.parametrize(("make", "large"), [(missed_form, 0.3), (missed_law, 0.6)])
def test_defects_that_would_have_been_seen_are_seen(
    make: Callable[[float, int, int], tuple[Samples, Verifier]], large: float
) -> None:
    """A large miss is above what is said to be visible, and it is seen; a tiny one is neither."""
    samples, verifier = make(large, 11, 1500)
    seen = checked(samples, TURN[None], verifier).worst
    assert seen.value > visible(seen)
    assert seen.low > 0
    samples, verifier = make(0.005, 12, 1500)
    unseen = checked(samples, TURN[None], verifier).worst
    assert unseen.value < visible(unseen)
    assert unseen.low == 0
