"""Results on disk."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from made_results import DEFECT, TURN, full, judged, make
from safetensors.torch import load_file, save_file

import symdisc
from symdisc.errors import DataError, OutputError
from symdisc.result import SymmetryResult, load
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.support_range import SupportRange
from symdisc.verify.verification import Verification


@pytest.fixture
def result() -> SymmetryResult:
    return make()


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
        self.edit(folder, format_version=5, symdisc_version="3.1")
        with pytest.raises(
            DataError,
            match=rf"has format 5, written by symdisc 3.1; this is symdisc {symdisc.__version__}, "
            "which reads formats up to 4; install symdisc 3.1 or newer",
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
