from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import symdisc
from symdisc.errors import DataError, OutputError
from symdisc.representations import Representation
from symdisc.result import SymmetryResult, load
from symdisc.result_text import coordinate_names
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.support_range import SupportRange
from symdisc.verify.verification import Verification


def judged(*defects: RelativeDefect) -> Verification:
    return Verification.of(defects, DefectOptions())


TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)
BOOST = torch.tensor([[0.0, 1.0], [1.0, 0.0]], dtype=torch.float64)
DEFECT = RelativeDefect("conditional", 0.04, 0.0, 0.11, 0.0008, 0.41, 0.5, 0.98, 2900, 20)


def side_by_side(*matrices: torch.Tensor) -> torch.Tensor:
    joined: torch.Tensor = torch.block_diag(*matrices)  # type: ignore[no-untyped-call]
    return joined


def make(generators: torch.Tensor = TURN[None], **changes: Any) -> SymmetryResult:
    k, n = generators.shape[:2]
    values: dict[str, Any] = {
        "generators": generators,
        "seed_generators": generators.expand(16, k, n, n).clone(),
        "seeds": tuple(range(16)),
        "in_consensus": (True,) * 16,
        "agreement": 1.0,
        "has_consensus": True,
        "group": "SO(2) on vectors of dimension 2",
        "evidence": "eigenvalues ±1.00i",
        "mask": torch.ones(n, n, dtype=torch.float64),
        "representation": Representation.vector(n),
        "preview": torch.zeros(3, 2, n),
        "verification": judged(DEFECT),
    }
    return SymmetryResult(**(values | changes))


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


def full() -> SymmetryResult:
    return make(
        side_by_side(TURN, TURN)[None],
        mask=side_by_side(torch.ones(2, 2), torch.ones(2, 2)),
        blocks=((0, 1), (2, 3)),
        target_representation=Representation.parse("V4 + 2*S"),
        names=("a", "b", "c", "d"),
        units=("m", "", "m", "µm"),
        truth=torch.ones(1, 4, 4, dtype=torch.float64),
        failed={7: "generators are not finite"},
        notes=("Held by construction.",),
        config={"method": "liegan", "options": {"run": {"seeds": 16}}},
        provenance={"rows": {"train": 10}, "wall_time [s]": np.float64(1.5)},
        interrupted="liegan stopped after 5 of 10 steps",
    )


class TestSaving:
    @pytest.mark.parametrize("make_result", [full, make])
    def test_everything_comes_back(
        self, make_result: Callable[[], SymmetryResult], tmp_path: Path
    ) -> None:
        saved = make_result()
        folder = saved.save(tmp_path / "new" / "result")
        loaded = load(folder)
        for field in fields(SymmetryResult):
            before, after = getattr(saved, field.name), getattr(loaded, field.name)
            if isinstance(before, torch.Tensor):
                assert torch.equal(before, after)
                assert before.dtype == after.dtype
            else:
                assert before == after, field.name

    def test_tensors_that_share_memory(self, tmp_path: Path) -> None:
        shared = make(seed_generators=TURN.expand(16, 1, 2, 2), truth=TURN[None])
        assert torch.equal(load(shared.save(tmp_path / "r")).seed_generators[3, 0], TURN)

    def test_only_safe_formats_and_no_leftovers(
        self, result: SymmetryResult, tmp_path: Path
    ) -> None:
        result.save(tmp_path / "r")
        names = sorted(path.name for path in tmp_path.rglob("*"))
        assert names == ["r", "result.json", "tensors.safetensors"]
        content = json.loads((tmp_path / "r" / "result.json").read_text())
        assert content["format_version"] == 4
        assert content["symdisc_version"] == symdisc.__version__

    def test_run_folder_and_public_name(self, result: SymmetryResult, tmp_path: Path) -> None:
        result.save(tmp_path / "result")
        assert symdisc.load(str(tmp_path)).group == result.group

    def test_never_overwrites(self, result: SymmetryResult, tmp_path: Path) -> None:
        result.save(tmp_path / "r")
        with pytest.raises(OutputError, match=r"r exists already and nothing is ever overwritten"):
            result.save(tmp_path / "r")

    def test_unwritable_place(self, result: SymmetryResult, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(OutputError, match=r"cannot write the result to .*file/r: "):
            result.save(tmp_path / "file" / "r")

    def test_a_failed_write_leaves_nothing(
        self, result: SymmetryResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full_disk(*arguments: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("symdisc.result_io.save_file", full_disk)
        with pytest.raises(OutputError, match="No space left on device; name a writable place"):
            result.save(tmp_path / "r")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        "support",
        [
            SupportRange(0.7, 0.6, 0.8, 2 * math.pi, 900),
            SupportRange(math.nan, math.nan, math.nan, 2 * math.pi, 900, "separate parts"),
            None,
        ],
    )
    def test_the_range_of_the_data(self, support: SupportRange | None, tmp_path: Path) -> None:
        loaded = load(make(support=support).save(tmp_path / "result")).support
        assert repr(loaded) == repr(support)


class TestLoading:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        return full().save(tmp_path / "r")

    def edit(self, folder: Path, **changes: Any) -> None:
        path = folder / "result.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    def test_missing(self, folder: Path, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="nothing is not a folder; give a run folder or a"):
            load(tmp_path / "nothing")
        with pytest.raises(
            DataError, match=r"holds no result: result\.json is missing; give a run"
        ):
            load(tmp_path)
        (folder / "tensors.safetensors").unlink()
        with pytest.raises(DataError, match=r"incomplete: tensors\.safetensors is missing; run it"):
            load(folder)

    def test_newer_format(self, folder: Path) -> None:
        self.edit(folder, format_version=4, symdisc_version="3.1")
        with pytest.raises(
            DataError,
            match=rf"has format 4, written by symdisc 3.1; this is symdisc {symdisc.__version__}, "
            "which reads formats up to 3; install symdisc 3.1 or newer",
        ):
            load(folder)

    @pytest.mark.parametrize("text", ["{", '{"a": 1', "\ud800"])
    def test_damaged_json(self, folder: Path, text: str) -> None:
        (folder / "result.json").write_bytes(text.encode("utf-8", "surrogatepass"))
        with pytest.raises(DataError, match=r"cannot read .*result.json: .*; run it again"):
            load(folder)

    @pytest.mark.parametrize("text", ["[]", "{}"])
    def test_other_json(self, folder: Path, text: str) -> None:
        (folder / "result.json").write_text(text)
        with pytest.raises(DataError, match="is not a result of symdisc: it has no format_version"):
            load(folder)

    def test_damaged_tensors(self, folder: Path) -> None:
        path = folder / "tensors.safetensors"
        path.write_bytes(path.read_bytes()[:40])
        with pytest.raises(DataError, match=r"cannot read .*tensors.safetensors: .*; run it again"):
            load(folder)

    @pytest.mark.parametrize(
        "changes",
        [{"blocks": 3}, {"verification": {"value": 1}}, {"representation": "?"}, {"surprise": 1}],
    )
    def test_damaged_fields(self, folder: Path, changes: dict[str, Any]) -> None:
        self.edit(folder, **changes)
        with pytest.raises(DataError, match=r"the result in .* is damaged \(.*\); run it again"):
            load(folder)

    def test_missing_tensor_and_contradicting_shapes(self, folder: Path) -> None:
        path = folder / "tensors.safetensors"
        tensors = load_file(path)
        save_file({**tensors, "mask": torch.ones(3, 3)}, path)
        with pytest.raises(DataError, match="the shapes of its tensors contradict each other"):
            load(folder)
        del tensors["mask"]
        save_file(tensors, path)
        with pytest.raises(DataError, match=r"is damaged \(KeyError: 'mask'\)"):
            load(folder)


class TestWords:
    def test_summary(self, result: SymmetryResult) -> None:
        assert result.summary() == (
            "SO(2) on vectors of dimension 2, 1 generator, confirmed: relative defect 0.04 (95 % ≤ "
            "0.11), 2,900 held-out rows; 16 of 16 seeds agree"
        )

    def test_summary_of_several_generators_names_the_largest_defect(self) -> None:
        other = replace(DEFECT, value=0.5, low=0.4, high=0.6)
        both = make(torch.stack([TURN, BOOST]), verification=judged(DEFECT, other)).summary()
        assert ", 2 generators, approximate (strength 0.50): largest relative defect 0.50 (" in both

    def test_summary_without_consensus(self) -> None:
        result = make(has_consensus=False, in_consensus=(True,) * 5 + (False,) * 11)
        assert result.summary() == (
            "no symmetry found: no consensus between seeds, 1 generator from the largest cluster "
            "(5 of 16 seeds); confirmed: relative defect 0.04 (95 % ≤ 0.11), 2,900 held-out rows"
        )

    def test_summary_without_test(self) -> None:
        assert make(verification=None).summary() == (
            "candidate: SO(2) on vectors of dimension 2, 1 generator, not tested on held-out rows; "
            "16 of 16 seeds agree"
        )
        stopped = make(verification=None, interrupted="liegan stopped after 5 of 10 steps")
        assert "held-out rows (liegan stopped after 5 of 10 steps);" in stopped.summary()

    def test_summary_where_nothing_could_be_decided(self) -> None:
        unknown = replace(DEFECT, value=math.nan, reason="too few rows")
        assert make(verification=judged(unknown)).summary() == (
            "no symmetry shown; the candidate SO(2) on vectors of dimension 2, 1 generator, is "
            "untestable here (too few rows), 2,900 held-out rows; 16 of 16 seeds agree"
        )
        generators = torch.stack([TURN, BOOST])
        partly = make(generators, verification=judged(unknown, DEFECT)).summary()
        assert "untestable here (1 of 2 tested elements of the span: too few rows)" in partly
        wide = make(verification=judged(replace(DEFECT, high=0.4))).summary()
        assert "anything from 0 to 0.40; about 11,600 rows to test on would do), 2,900" in wide

    def test_summary_of_what_is_no_symmetry(self) -> None:
        bad = make(verification=judged(replace(DEFECT, value=0.9, low=0.8, high=1.0))).summary()
        assert bad.startswith(
            "no symmetry found; the candidate SO(2) on vectors of dimension 2, 1 generator, is not "
            "supported: relative defect 0.90 (95 %: 0.80 to 1.00), 2,900 held-out rows; 16 of"
        )
        still = replace(DEFECT, value=math.nan, displacement=0.01, reason="it hardly moves")
        assert "is trivial (it hardly moves), 2,900" in make(verification=judged(still)).summary()

    def test_summary_of_one_seed(self) -> None:
        one = make(seeds=(0,), in_consensus=(True,), seed_generators=TURN[None, None])
        assert one.summary().endswith("; 1 seed, so agreement is unknown")

    def test_repr(self, result: SymmetryResult) -> None:
        assert repr(result) == f"<SymmetryResult: {result.summary()}>"

    def test_generator_text(self) -> None:
        generators = torch.tensor([[[0.0, -1.0], [1.0, -0.001]]], dtype=torch.float64)
        text = make(generators, mask=torch.tensor([[0.0, 1.0], [1.0, 1.0]])).generator_text()
        assert text == "L =\n       ·  -1.00\n    1.00   0.00"
        assert "L_2 =" in make(torch.stack([TURN, BOOST])).generator_text()

    def test_html_is_escaped(self) -> None:
        html = make(group="<b>G</b>", names=("<i>", "y"))._repr_html_()
        assert "&lt;b&gt;G&lt;/b&gt;" in html
        assert "&lt;i&gt;" in html
        assert "<b>" not in html
        assert html.count("<td>1.00</td>") == 1


def test_what_could_not_be_tested_is_a_candidate_and_strict_json(
    result: SymmetryResult, tmp_path: Path
) -> None:
    nan = math.nan
    untested = RelativeDefect("conditional", nan, nan, nan, nan, nan, 0.5, nan, 40, 0, "few rows")
    unsure = replace(result, verification=judged(untested))
    unsure.save(tmp_path / "kept")
    text = (tmp_path / "kept" / "result.json").read_text()
    assert "NaN" not in text
    loaded = load(tmp_path / "kept").defects[0]
    assert math.isnan(loaded.value)
    assert (loaded.displacement, loaded.reason) == (0.5, "few rows")


def test_only_what_holds_is_a_symmetry(result: SymmetryResult) -> None:
    assert result.holds
    assert not replace(result, has_consensus=False).holds
    assert not replace(result, verification=None).holds
    bad = replace(DEFECT, value=0.9, low=0.8, high=1.0)
    assert not replace(result, verification=judged(bad)).holds


def test_verification_survives_saving(result: SymmetryResult, tmp_path: Path) -> None:
    whole = Verification.of(
        [DEFECT, replace(DEFECT, high=0.5)], DefectOptions(), elements=[DEFECT], references=[0.4]
    )
    replace(result, verification=whole).save(tmp_path / "kept")
    assert load(tmp_path / "kept").verification == whole
    replace(result, verification=None).save(tmp_path / "untested")
    assert load(tmp_path / "untested").verification is None


def test_results_of_earlier_versions_get_verdicts(result: SymmetryResult, tmp_path: Path) -> None:
    result.save(tmp_path / "old")
    path = tmp_path / "old" / "result.json"
    content = json.loads(path.read_text())
    first = content.pop("verification")["defects"][0]
    later = ("p_value", "reference_low", "alpha")
    old = {name: value for name, value in first.items() if name not in later}
    path.write_text(json.dumps({**content, "format_version": 2, "defects": [old]}))
    verification = load(tmp_path / "old").verification
    assert verification is not None
    assert verification.overall.word == "confirmed"
    path.write_text(json.dumps({**content, "format_version": 2, "defects": []}))
    assert load(tmp_path / "old").verification is None


@pytest.mark.parametrize(
    ("representation", "names", "expected"),
    [
        ("2*V2", ("E1", "p_1", "E2", "p_2"), ["E", "p"]),
        ("2*V2 + S", ("E1", "p_1", "E2", "p_2", "m"), ["E", "p"]),
        ("2*V2", ("x1", "x2", "x3", "x4"), ["x1", "x2"]),
        ("2*V2", ("a1", "a2", "b1", "b2"), ["x1", "x2"]),
        ("2*V2", (), ["x1", "x2"]),
        ("V2", ("a", "b"), ["a", "b"]),
        ("G4x4", (), ["x", "y", "1"]),
    ],
)
def test_names_of_the_coordinates_of_a_generator(
    representation: str, names: tuple[str, ...], expected: list[str]
) -> None:
    found = make(representation=Representation.parse(representation), names=names)
    assert coordinate_names(found) == expected


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
