from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from symdisc.engine.checkpoint import read_checkpoint
from symdisc.engine.keeping import LEAST_INTERVAL, SHARE, Checkpoints
from symdisc.engine.notices import Notices
from symdisc.engine.progress import Silent
from symdisc.errors import OutputError


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that everybody sees [s]."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def _checkpoints(path: Path | None, every: float | None, notices: Notices | None = None) -> Any:
    notices = notices or Notices(Silent())
    return Checkpoints(path, every, {"data": "abc"}, lambda: {"cpu": 7.5}, notices)


def test_what_is_saved(tmp_path: Path) -> None:
    _checkpoints(tmp_path / "c", 0.0).save([{"stage": "fit"}])
    assert read_checkpoint(tmp_path / "c") == {
        "data": "abc",
        "spent": {"cpu": 7.5},
        "stages": [{"stage": "fit"}],
    }


def test_without_a_place_nothing_is_due_or_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    checkpoints = _checkpoints(None, 0.0)
    assert not checkpoints.due()
    checkpoints.save([])
    assert list(tmp_path.iterdir()) == []


def test_intervals_as_given(tmp_path: Path, clock: list[float]) -> None:
    assert _checkpoints(tmp_path / "c", 0.0).due()
    checkpoints = _checkpoints(tmp_path / "c", 5.0)
    clock[0] += 4.9
    assert not checkpoints.due()
    clock[0] += 0.2
    assert checkpoints.due()
    checkpoints.save([])
    assert not checkpoints.due()


def test_the_automatic_interval_grows_with_the_cost(
    tmp_path: Path, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(path: Path, tree: Any) -> None:
        clock[0] += 3.0

    monkeypatch.setattr("symdisc.engine.keeping.write_checkpoint", slowly)
    checkpoints = _checkpoints(tmp_path / "c", None)
    clock[0] += LEAST_INTERVAL - 0.1
    assert not checkpoints.due()
    clock[0] += 0.2
    assert checkpoints.due()
    checkpoints.save([])
    clock[0] += 3.0 / SHARE - 0.1
    assert not checkpoints.due()
    clock[0] += 0.2
    assert checkpoints.due()


def test_a_failure_is_told_once_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, tree: Any) -> None:
        raise OutputError("cannot write c: No space left on device")

    notices = Notices(Silent())
    checkpoints = _checkpoints(tmp_path / "c", 0.0, notices)
    with monkeypatch.context() as patch:
        patch.setattr("symdisc.engine.keeping.write_checkpoint", full)
        checkpoints.save([])
        checkpoints.save([])
    assert notices.told == [
        "no checkpoint could be written, training goes on without: cannot write c: No space left "
        "on device"
    ]
    checkpoints.save([{"stage": "fit"}])
    assert read_checkpoint(tmp_path / "c")["stages"] == [{"stage": "fit"}]


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ([], "before the first stage"),
        ([{"stage": "fit", "over": False}], "at step 0 of fit"),
        ([{"stage": "a", "over": True}, {"stage": "b", "step": 7}], "at step 7 of b"),
        ([{"stage": "a", "over": True}], "at the end of a"),
    ],
)
def test_where_the_last_one_goes_on(
    tmp_path: Path, stages: list[dict[str, Any]], words: str
) -> None:
    checkpoints = _checkpoints(tmp_path / "c", 0.0)
    assert checkpoints.latest == ""
    checkpoints.save(stages)
    assert checkpoints.latest == f"{tmp_path / 'c'}, {words}"
