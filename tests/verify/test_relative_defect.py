"""The test as a whole, on data of which the answer is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import torch
from numpy.typing import NDArray
from torch import Tensor

from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc.verify.conditional import Conditional
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.distributional import Distributional
from symdisc.verify.relative_defect import relative_defects
from symdisc_basics.datasets.no_symmetry import NoSymmetry, NoSymmetryOptions, jacobians
from symdisc_basics.datasets.two_body import TwoBody, TwoBodyOptions

QUARTER = torch.tensor([[0.0, 1.0], [-1.0, 0.0]], dtype=torch.float64)
QUICK = DefectOptions(steps=30, n_references=5, draws=1, resamples=200)


def generator_of(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def generic(n: int, seed: int) -> Tensor:
    return torch.randn(n, n, generator=generator_of(seed), dtype=torch.float64)


def turn_in(n: int) -> Tensor:
    turn = torch.zeros(n, n, dtype=torch.float64)
    turn[:2, :2] = QUARTER
    return turn


def defects_of(samples: Samples, generators: Sequence[Tensor], **more: Any) -> list[RelativeDefect]:
    n = samples.representation.dimension
    verifier = Conditional() if samples.targets is not None else Distributional()
    settings = {"mask": torch.ones(n, n), "blocks": None, "seed": 0} | more
    tested = relative_defects(samples, torch.stack(list(generators)), verifier=verifier, **settings)
    return list(tested.defects)


def normal_rows(n: int, size: int, seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal((n, size))


def same(a: RelativeDefect, b: RelativeDefect) -> bool:
    """Equal, nan being equal to nan."""
    return repr(a) == repr(b)


@pytest.fixture(scope="module")
def two_body() -> list[RelativeDefect]:
    """Truth, a generator of |cosine| 0.999, a tilted ellipse, a spiral, a generic generator."""
    samples = prepare(TwoBody(TwoBodyOptions(n_trajectories=120, seed=31)).make())
    mask = torch.kron(torch.eye(4), torch.ones(2, 2))
    angle = math.radians(10)
    tilt = math.cos(angle) * torch.eye(2).double() + math.sin(angle) * QUARTER
    stretch = tilt @ torch.diag(torch.tensor([1.2, 1 / 1.2]).double()) @ tilt.T
    ellipse = stretch @ QUARTER @ torch.linalg.inv(stretch)
    truth = torch.kron(torch.eye(4).double(), QUARTER) / 8**0.5
    other = generic(8, 32) * mask
    other = other - (other * truth).sum() * truth
    other = other / torch.linalg.norm(other)
    near = 0.999 * truth + (1 - 0.999**2) ** 0.5 * other
    whole = [torch.kron(torch.eye(4).double(), block) for block in (ellipse, tilt @ QUARTER)]
    blocks = ((0, 1), (2, 3), (4, 5), (6, 7))
    return defects_of(samples, [truth, near, *whole, other], mask=mask, blocks=blocks, seed=33)


def test_two_body_truth_and_what_is_close_to_it_pass(two_body: list[RelativeDefect]) -> None:
    for defect in two_body[:2]:
        assert defect.statement == "distributional"
        assert defect.testable
        assert defect.low == 0
        assert defect.high < 0.2
        assert math.isnan(defect.support)
        assert (defect.n_rows, defect.n_references) == (2280, 20)


def test_two_body_ellipse_and_spiral_are_seen(two_body: list[RelativeDefect]) -> None:
    assert min(defect.low for defect in two_body[2:4]) > 0.3


def test_two_body_generic_generator_is_like_the_references(two_body: list[RelativeDefect]) -> None:
    assert two_body[4].value == pytest.approx(1, abs=0.15)
    assert two_body[4].statistic == pytest.approx(two_body[4].reference, rel=0.3)


def test_two_body_displacements_are_matched(two_body: list[RelativeDefect]) -> None:
    assert [d.displacement for d in two_body] == pytest.approx([0.5] * 5, rel=0.01)


@pytest.mark.parametrize("seed", [41])
def test_no_symmetry_is_not_found_where_there_is_none(seed: int) -> None:
    """Also not for the generators along which the targets change least."""
    raw = NoSymmetry(NoSymmetryOptions(n_samples=2400, seed=seed)).make()
    states = np.asarray(raw.states)
    assert raw.targets is not None
    weight, axes = np.linalg.eigh(np.cov(raw.targets.T))
    change = np.einsum("ji,njk->nik", axes / np.sqrt(weight), jacobians(states))
    products = np.einsum("nia,nb->niab", change, states).reshape(len(states), 3, 9)
    cost = np.einsum("nia,nib->ab", products, products)
    _, least = scipy.linalg.eigh(cost, np.kron(np.eye(3), states.T @ states))
    found = [torch.tensor(least[:, i].reshape(3, 3)) for i in range(2)]
    for defect in defects_of(prepare(raw), [*found, generic(3, seed)], seed=seed):
        assert defect.statement == "conditional"
        assert defect.low > 0.3
        assert 0.6 < defect.support <= 1
        assert defect.n_rows == 1200


def test_turning_symmetry_of_a_function() -> None:
    x = normal_rows(2400, 3, 51)
    y = x[:, :1] ** 2 + x[:, 1:2] ** 2 + 0.3 * x[:, 2:]
    turn, other = defects_of(prepare(x, y), [turn_in(3), generic(3, 52)], seed=53)
    assert turn.high < 0.2
    assert other.low > 0.5


def test_nearly_a_symmetry() -> None:
    x = normal_rows(2400, 2, 61)
    y = x[:, :1] ** 2 + 1.2 * x[:, 1:] ** 2
    true = QUARTER * torch.tensor([[1, 1.2], [1, 1]])
    circle, ellipse = defects_of(prepare(x, y), [QUARTER, true], seed=62)
    assert 0.1 < circle.low < circle.high < 0.6
    assert ellipse.high < 0.2
    assert circle.value > 3 * ellipse.value


def test_class_labels() -> None:
    x = normal_rows(2400, 3, 71)
    radius = x[:, 0] ** 2 + x[:, 1] ** 2
    label = (radius > np.median(radius)).astype(np.int64)
    turn, other = defects_of(prepare(x, label), [turn_in(3), generic(3, 72)], seed=73)
    assert turn.high < 0.2
    assert other.low > 0.5


def test_targets_that_move_along() -> None:
    """y = |x|² x turns with x; with scalar targets in its place nothing is a symmetry."""
    x = normal_rows(2400, 2, 81)
    y = (x**2).sum(1, keepdims=True) * x
    options = DefectOptions(n_references=5, steps=100, draws=2)
    (moving,), (staying,) = (
        defects_of(prepare(x, y, target_representation=text), [QUARTER], seed=82, options=options)
        for text in ("V2", "2*S")
    )
    assert moving.high < 0.2
    assert staying.low > 0.5


def test_leaving_the_circle_on_which_all_states_lie_is_not_testable() -> None:
    angle = np.random.default_rng(98).uniform(0, 2 * np.pi, 3000)
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    (scaling,) = defects_of(prepare(x, x[:, :1] ** 3), [torch.eye(2).double()], seed=99)
    assert scaling.support < 0.2
    assert scaling.reason.endswith(
        "of the moved rows stay where the data are, at least 20% are needed"
    )


@pytest.mark.slow
@pytest.mark.parametrize(("n_rows", "truths"), [(150, (0.0, 0.31)), (600, (0.0, 0.31))])
def test_intervals_cover_what_many_rows_say(n_rows: int, truths: tuple[float, float]) -> None:
    """Truths: the relative defects on 30,000 rows. Without the bound 80 % cover with 150 rows."""
    stretch = torch.diag(torch.tensor([1.4, 1.0], dtype=torch.float64))
    found = [QUARTER, stretch @ QUARTER @ torch.linalg.inv(stretch)]
    covered = []
    for seed in range(5):
        samples = prepare(normal_rows(n_rows, 2, seed))
        options = DefectOptions(n_references=8)
        for defect, truth in zip(
            defects_of(samples, found, seed=seed, options=options), truths, strict=True
        ):
            # With 150 rows, now and then random generators are not recognised either.
            if defect.testable:
                covered.append(defect.low <= truth <= defect.high)
    assert len(covered) >= 8
    assert sum(covered) >= len(covered) - 1


@pytest.mark.slow
def test_boosts_keep_an_invariant_label() -> None:
    rng = np.random.default_rng(91)
    momenta, mass = rng.standard_normal((6000, 2, 3)), rng.uniform(0.3, 1.5, (6000, 2))
    energy = np.sqrt((momenta**2).sum(-1) + mass**2)
    pair = np.concatenate([energy[..., None], momenta], axis=-1)
    boosts = np.zeros((3, 4, 4))
    for axis in range(3):
        boosts[axis, 0, axis + 1] = boosts[axis, axis + 1, 0] = 1
    speeds = 0.5 * rng.standard_normal((6000, 3))
    pair = np.einsum("nij,ncj->nci", scipy.linalg.expm(np.tensordot(speeds, boosts, 1)), pair)
    total = pair.sum(1)
    square = total[:, 0] ** 2 - (total[:, 1:] ** 2).sum(1)
    label = (square > np.median(square)).astype(np.int64)
    samples = prepare(pair.reshape(-1, 8), label, representation="2*V4")
    spin = torch.zeros(4, 4, dtype=torch.float64)
    spin[1:3, 1:3] = QUARTER
    boost, turned, other = defects_of(
        samples, [torch.tensor(boosts[0]), spin, generic(4, 92)], seed=93
    )
    assert max(boost.high, turned.high) < 0.3
    assert other.low > 0.6


@pytest.mark.parametrize("labels", [False, True])
def test_noise_for_targets_is_not_testable(labels: bool) -> None:
    rng = np.random.default_rng(95)
    x = rng.standard_normal((1000, 2))
    y = rng.integers(0, 2, 1000) if labels else rng.standard_normal((1000, 1))
    for defect in defects_of(prepare(x, y), [QUARTER, generic(2, 96)], seed=97):
        assert not defect.testable
        assert math.isnan(defect.low)
        assert math.isnan(defect.high)
        assert defect.reason.startswith("random generators pass as well: T_ref ")
        assert str(defect) == f"not testable here ({defect.reason})"
        assert abs(defect.statistic) < 0.01


def test_too_few_rows() -> None:
    defects = defects_of(prepare(normal_rows(60, 2, 1)), [QUARTER, QUARTER], options=QUICK)
    assert len(defects) == 2
    assert defects[0].reason == "60 held-out rows to test on, at least 100 are needed"
    assert not defects[0].testable
    assert defects[0].n_rows == 60
    x = normal_rows(150, 2, 1)
    (half,) = defects_of(prepare(x, x[:, :1]), [QUARTER], options=QUICK)
    assert half.reason.startswith("75 held-out rows to test on")


def test_generators_that_do_not_move_the_data() -> None:
    """A zero generator, one that turns a plane in which the data hardly vary, and a good one."""
    x = normal_rows(500, 3, 2) * [1e-3, 1e-3, 1]
    x = np.concatenate([x, normal_rows(500, 1, 3)], axis=1)
    turn = torch.zeros(4, 4, dtype=torch.float64)
    turn[2:, 2:] = QUARTER
    zero, still, good = defects_of(
        prepare(x), [torch.zeros(4, 4).double(), turn_in(4), turn], options=QUICK
    )
    assert zero.reason == "the generator hardly moves the data: by 0.000 of their spread at most"
    assert zero.displacement == 0
    assert still.reason.startswith("the generator hardly moves the data: by 0.00")
    assert 0 < still.displacement < 0.01
    assert not zero.testable
    assert not still.testable
    assert good.testable
    assert good.displacement == pytest.approx(0.5, rel=0.01)


def test_all_are_moved_as_far_as_the_least_mobile_one_can_be() -> None:
    x = normal_rows(500, 3, 4) * [0.15, 0.15, 1]
    turn, other = defects_of(prepare(x), [turn_in(3), generic(3, 5)], options=QUICK)
    assert turn.displacement < 0.4
    assert other.displacement == pytest.approx(turn.displacement, rel=0.01)


def test_nothing_to_compare_with() -> None:
    x = normal_rows(300, 2, 6)
    (defect,) = defects_of(
        prepare(x),
        [QUARTER * 0 + torch.diag(torch.tensor([1.0, 0]).double())],
        mask=torch.diag(torch.tensor([1.0, 0])),
        options=QUICK,
    )
    assert not defect.testable
    assert defect.reason == (
        "the generators span all that this search could find: nothing to compare with"
    )


def test_large_data_are_thinned() -> None:
    options = QUICK.model_copy(update={"max_rows": 400})
    (defect,) = defects_of(prepare(normal_rows(5000, 2, 7)), [QUARTER], options=options)
    assert defect.n_rows == 400
    assert defect.testable


def test_one_long_trajectory_is_enough() -> None:
    time = np.linspace(0, 40 * np.pi, 1500)
    wave = np.stack([np.cos(time), np.sin(time)], axis=1)[None]
    turn, other = defects_of(prepare(wave), [QUARTER, generic(2, 8)], options=QUICK)
    assert turn.high < 0.3
    assert other.low > 0.5


@pytest.mark.parametrize("with_targets", [False, True])
def test_deterministic_and_free_of_global_randomness(with_targets: bool) -> None:
    x = normal_rows(600, 2, 9)
    samples = prepare(x, x[:, :1] ** 2) if with_targets else prepare(x)
    state = torch.get_rng_state()
    (first,) = defects_of(samples, [generic(2, 10)], options=QUICK)
    assert torch.equal(torch.get_rng_state(), state)
    torch.rand(3)
    (again,) = defects_of(samples, [generic(2, 10)], options=QUICK)
    assert same(first, again)


def test_the_seed_matters() -> None:
    samples = prepare(normal_rows(600, 2, 9))
    (first,) = defects_of(samples, [generic(2, 10)], options=QUICK)
    (other,) = defects_of(samples, [generic(2, 10)], options=QUICK, seed=1)
    assert not same(first, other)


def test_the_scale_of_a_generator_and_the_units_of_blocks_do_not_matter() -> None:
    x = normal_rows(600, 4, 11)
    mask = torch.kron(torch.eye(2), torch.ones(2, 2))
    turn = torch.kron(torch.eye(2).double(), QUARTER)
    (first,) = defects_of(prepare(x), [turn], mask=mask, options=QUICK)
    (other,) = defects_of(prepare(x * [1e3, 1e3, 1, 1]), [-70 * turn], mask=mask, options=QUICK)
    assert other.reference == pytest.approx(first.reference, rel=0.02)
    assert other.displacement == pytest.approx(first.displacement, rel=1e-3)


def test_scalars_beside_vectors() -> None:
    x = normal_rows(600, 3, 12)
    samples = prepare(x, representation="V2 + 1*S")
    assert samples.representation == Representation(1, 2, 1)
    turn, other = defects_of(samples, [QUARTER, generic(2, 13)], options=QUICK)
    assert turn.value < other.value


@pytest.fixture(scope="module")
def four_fold() -> Samples:
    """y = cos 4φ for x of the plane: four turns, and no continuous group, leave it as it is."""
    states = normal_rows(4000, 2, 41)
    angle = np.arctan2(states[:, 1], states[:, 0])
    return prepare(states, np.cos(4 * angle)[:, None])


@pytest.mark.parametrize(
    ("angle", "order", "holds"),
    [(math.pi / 2, 4, True), (math.pi, 2, True), (math.pi / 4, 8, False), (0.7, 9, False)],
)
def test_elements_of_a_finite_group(
    four_fold: Samples, angle: float, order: int, holds: bool
) -> None:
    (defect,) = defects_of(four_fold, [angle * QUARTER], order=order)
    assert defect.n_references == 20
    assert defect.displacement > 0.5
    assert (defect.high < 0.2) is holds
    assert (defect.low > 0.5) is not holds


def test_the_continuous_group_is_another_matter(four_fold: Samples) -> None:
    (defect,) = defects_of(four_fold, [math.pi / 2 * QUARTER])
    assert defect.low > 0.5


def test_a_finite_group_that_hardly_moves_the_data(four_fold: Samples) -> None:
    (defect,) = defects_of(four_fold, [1e-4 * QUARTER], order=2)
    assert "hardly moves the data" in defect.reason


def test_a_finite_group_with_nothing_to_compare_with(four_fold: Samples) -> None:
    mask = torch.zeros(2, 2)
    mask[0, 0] = 1
    flip = torch.tensor([[math.pi, 0.0], [0.0, 0.0]]).double()
    (defect,) = defects_of(four_fold, [flip], mask=mask, order=2)
    assert "nothing to compare with" in defect.reason
