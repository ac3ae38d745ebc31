from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from made_results import BOOST, DEFECT, TURN, judged, make, side_by_side

from symdisc.errors import DataError
from symdisc.representations import Representation
from symdisc.result import SymmetryResult, load


@pytest.fixture
def result() -> SymmetryResult:
    return make()


class TestTransform:
    @pytest.mark.parametrize("shape", [(2,), (5, 2), (5, 3, 2)])
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_rotates_every_state_and_keeps_the_kind(
        self, result: SymmetryResult, shape: tuple[int, ...], dtype: type
    ) -> None:
        x: np.ndarray[Any, Any] = np.random.default_rng(0).normal(size=shape).astype(dtype)
        given = x.copy()
        moved = result.transform(x, math.pi / 2)
        assert moved.dtype == dtype
        assert moved == pytest.approx(np.stack([-x[..., 1], x[..., 0]], axis=-1), abs=1e-6)
        assert (x == given).all()

    def test_torch_stays_torch_and_differentiable(self, result: SymmetryResult) -> None:
        x = torch.tensor([[1.0, 0.0]], requires_grad=True)
        moved = result.transform(x, math.pi / 2)
        assert moved.dtype == torch.float32
        (gradient,) = torch.autograd.grad(moved.sum(), x)
        assert gradient.tolist()[0] == pytest.approx([1.0, -1.0], abs=1e-6)

    def test_whole_numbers_become_float64(self, result: SymmetryResult) -> None:
        assert result.transform(np.array([1, 0])).dtype == np.float64
        assert result.transform(torch.tensor([1, 0])).dtype == torch.float64

    def test_default_parameter(self, result: SymmetryResult) -> None:
        moved = result.transform(np.array([1.0, 0.0]))
        assert moved == pytest.approx([math.cos(0.3), math.sin(0.3)])

    def test_scalars_stay_and_vectors_share_the_element(self) -> None:
        shared = make(representation=Representation.parse("2*V2 + 1*S"))
        moved = shared.transform(np.array([1.0, 0, 0, 2, 7]), math.pi / 2)
        assert moved == pytest.approx([0, 1, -2, 0, 7], abs=1e-12)

    def test_only_blocks_move(self) -> None:
        generator = side_by_side(TURN, TURN)[None]
        half = make(generator, blocks=((0, 1),))
        moved = half.transform(np.array([1.0, 0, 1, 0]), math.pi / 2)
        assert moved == pytest.approx([0, 1, 1, 0], abs=1e-12)

    def test_several_coefficients(self) -> None:
        both = make(torch.stack([TURN, torch.eye(2, dtype=torch.float64)]))
        moved = both.transform(np.array([1.0, 0.0]), [math.pi / 2, math.log(3)])
        assert moved == pytest.approx([0, 3], abs=1e-12)

    @pytest.mark.parametrize(
        ("x", "t", "message"),
        [
            (np.zeros(3), 0.3, r"x has shape \(3,\).*\(2,\), \(N, 2\) or \(N, steps, 2\)"),
            (np.zeros((1, 1, 1, 2)), 0.3, r"x has shape \(1, 1, 1, 2\)"),
            ([1.0, 0.0], 0.3, "x must be a numpy array or a torch tensor; got list"),
            (np.array(["a", "b"]), 0.3, "x must hold real numbers; its dtype is <U1"),
            (torch.zeros(2, dtype=torch.complex64), 0.3, "its dtype is torch.complex64"),
            (np.zeros(2), [0.1, 0.2], r"shape \(1,\); got shape \(2,\); for instance t=\[0.3\]"),
            (np.zeros(2), math.nan, r"t must be finite; got \[nan\]"),
        ],
    )
    def test_wrong_input(self, result: SymmetryResult, x: Any, t: Any, message: str) -> None:
        with pytest.raises(DataError, match=message):
            result.transform(x, t)

    def test_one_number_for_two_generators(self) -> None:
        both = make(torch.stack([TURN, BOOST]))
        with pytest.raises(DataError, match=r"shape \(2,\); got one number; .* t=\[0.3, 0.0\]"):
            both.transform(np.zeros(2), 0.3)


class TestInvariantForm:
    def test_a_rotation_keeps_lengths(self, result: SymmetryResult) -> None:
        form = result.invariant_form()
        assert form.is_kept
        assert form.matrix.numpy() == pytest.approx(np.eye(2) / math.sqrt(2))

    def test_blocks_have_their_own_forms(self) -> None:
        form = make(side_by_side(TURN, BOOST)[None], blocks=((0, 1), (2, 3))).invariant_form()
        assert form.blocks == ((0, 1), (2, 3))
        assert form.signature == (3, 1)

    def test_where_there_is_none(self) -> None:
        images = make(torch.eye(3)[None], representation=Representation.image(4, 4))
        with pytest.raises(DataError, match=r"an image has no quadratic form .* result.evidence"):
            images.invariant_form()
        with pytest.raises(DataError, match="all generators are zero, and zero keeps every"):
            make(torch.zeros(1, 2, 2)).invariant_form()


class TestAugment:
    def test_each_sample_moves_by_its_own_element_and_its_states_together(
        self, result: SymmetryResult
    ) -> None:
        x = np.tile([[[1.0, 0.0], [0.0, 1.0]]], (50, 1, 1))
        moved = result.augment(x, scale=0.5, seed=3)
        angles = np.arctan2(moved[..., 1], moved[..., 0])
        assert np.linalg.norm(moved, axis=-1) == pytest.approx(1.0)
        turned = np.mod(angles[:, 1] - angles[:, 0], 2 * math.pi)
        assert turned == pytest.approx(math.pi / 2)
        assert 0.3 < angles[:, 0].std() < 0.7
        assert (moved == result.augment(x, scale=0.5, seed=3)).all()
        assert (moved != result.augment(x, scale=0.5, seed=4)).any()

    def test_targets_that_transform_move_with_their_sample(self) -> None:
        result = make(target_representation=Representation.parse("V2 + 1*S"))
        x = np.tile([[1.0, 0.0]], (9, 1))
        moved, y = result.augment(x, np.concatenate([x, np.full((9, 1), 5.0)], axis=1))
        assert y[:, :2] == pytest.approx(moved)
        assert (y[:, 2] == 5).all()

    def test_labels_stay_as_they_are(self, result: SymmetryResult) -> None:
        labels = torch.tensor([0, 1, 1])
        moved, same = result.augment(torch.ones(3, 2), labels)
        assert same is labels
        assert moved.dtype == torch.float32

    def test_wrong_input(self) -> None:
        result = make(target_representation=Representation.parse("V2"))
        with pytest.raises(DataError, match=r"x has shape \(2,\); augment moves samples of shape"):
            result.augment(np.zeros(2))
        with pytest.raises(
            DataError, match=r"y has shape \(4, 2\), but x has 3 samples; y needs 3 rows"
        ):
            result.augment(np.zeros((3, 2)), np.zeros((4, 2)))
        with pytest.raises(
            DataError,
            match=r"y has shape \(3, 1\); the target representation 'V2' needs \(3, 2\)",
        ):
            result.augment(np.zeros((3, 2)), np.zeros((3, 1)))


class TestOrbit:
    def test_one_period_of_a_rotation(self, result: SymmetryResult) -> None:
        orbit = result.orbit(np.array([2.0, 0.0]))
        assert orbit.shape == (201, 2)
        assert orbit[0] == pytest.approx(orbit[-1])
        assert orbit[100] == pytest.approx([-2.0, 0.0])

    def test_the_period_of_different_speeds_closes_the_orbit(self) -> None:
        result = make(side_by_side(TURN, 2 / 3 * TURN)[None])
        orbit = result.orbit(np.array([1.0, 0, 1, 0]))
        assert orbit[0] == pytest.approx(orbit[-1])

    def test_a_boost_runs_from_minus_one_to_one(self) -> None:
        orbit = make(BOOST[None]).orbit(torch.tensor([1.0, 0.0]))
        assert orbit[-1].tolist() == pytest.approx([math.cosh(1), math.sinh(1)], rel=1e-6)
        assert orbit[0, 1].item() == pytest.approx(-math.sinh(1), rel=1e-6)

    def test_along_the_second_generator(self) -> None:
        result = make(torch.stack([TURN, BOOST]))
        orbit = result.orbit(np.array([1.0, 0.0]), np.array([0.0, 1.0]), generator=1)
        assert orbit[1] == pytest.approx([math.cosh(1), math.sinh(1)])

    def test_wrong_input(self, result: SymmetryResult) -> None:
        with pytest.raises(DataError, match=r"x0 has shape \(3,\); an orbit starts at \(2,\)"):
            result.orbit(np.zeros(3))
        with pytest.raises(DataError, match=r"t has shape \(1, 1\); parameters have shape \(T,\)"):
            result.orbit(np.zeros(2), np.zeros((1, 1)))
        with pytest.raises(DataError, match="no generator 1; there are 1, counted from 0"):
            result.orbit(np.zeros(2), generator=1)


class TestTruth:
    def test_angle_and_cosine(self) -> None:
        result = make(truth=(-2 * TURN - 2 * torch.eye(2, dtype=torch.float64))[None])
        assert result.angle_to_truth() == pytest.approx(45.0)
        assert result.cosine_to_truth() == pytest.approx(math.sqrt(0.5))

    def test_part_of_the_span(self) -> None:
        result = make(torch.stack([TURN, BOOST]), truth=TURN[None])
        assert result.angle_to_truth() == pytest.approx(0.0, abs=1e-6)
        with pytest.raises(DataError, match="found 2, true 1; use angle_to_truth"):
            result.cosine_to_truth()

    @pytest.mark.parametrize(
        ("truth", "message"),
        [
            (None, "the true generators of these data are not known"),
            (torch.zeros(0, 2, 2), "these data are known to have no symmetry"),
            (torch.zeros(1, 3, 3), r"shape \(1, 3, 3\), those found \(1, 2, 2\): they act on"),
        ],
    )
    def test_nothing_to_compare(self, truth: torch.Tensor | None, message: str) -> None:
        with pytest.raises(DataError, match=message):
            make(truth=truth).angle_to_truth()


def test_only_what_holds_is_a_symmetry(result: SymmetryResult) -> None:
    assert result.holds
    assert not replace(result, has_consensus=False).holds
    assert not replace(result, verification=None).holds
    bad = replace(DEFECT, value=0.9, low=0.8, high=1.0)
    assert not replace(result, verification=judged(bad)).holds


class TestFiniteGroups:
    @pytest.fixture
    def quarter(self) -> SymmetryResult:
        return make(math.pi / 2 * TURN[None], order=4, group="C_4 on vectors of dimension 2")

    def test_one_step_is_the_default(self, quarter: SymmetryResult) -> None:
        moved = quarter.transform(np.array([1.0, 0.0]))
        assert moved == pytest.approx([0, 1], abs=1e-12)

    def test_what_lies_between_is_refused(self, quarter: SymmetryResult) -> None:
        message = r"finite group C_4: t must be a whole number of steps; got \[0.5\]"
        with pytest.raises(DataError, match=message):
            quarter.transform(np.array([1.0, 0.0]), 0.5)
        with pytest.raises(DataError, match=r"whole number of steps; got \[0.0, 0.5\]"):
            quarter.orbit(np.array([1.0, 0.0]), np.array([0.0, 0.5]))

    def test_the_orbit_has_one_point_for_each_element(self, quarter: SymmetryResult) -> None:
        orbit = quarter.orbit(np.array([1.0, 0.0]))
        expected = [[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]]
        assert orbit == pytest.approx(np.array(expected), abs=1e-12)

    def test_every_element_is_used_for_augmentation(self, quarter: SymmetryResult) -> None:
        moved = quarter.augment(np.tile([[1.0, 0.0]], (400, 1)))
        places, count = np.unique(moved.round(9) + 0.0, axis=0, return_counts=True)
        assert places.tolist() == [[-1, 0], [0, -1], [0, 1], [1, 0]]
        assert count.min() > 60

    def test_the_order_is_saved(self, quarter: SymmetryResult, tmp_path: Path) -> None:
        assert load(quarter.save(tmp_path / "result")).order == 4
