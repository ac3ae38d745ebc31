"""The one way in, from every form of data to samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from symdisc.data.prepare import prepare
from symdisc.data.selection import Selection
from symdisc.errors import DataError
from symdisc.interfaces import DataShapes, RawData

ROWS = np.random.default_rng(0).standard_normal((20, 4))
RUNS = np.random.default_rng(1).standard_normal((5, 6, 4))


def test_rows() -> None:
    samples = prepare(ROWS)
    assert samples.states.shape == (20, 1, 4)
    assert samples.states.dtype == torch.float32
    assert samples.trajectory.tolist() == list(range(20))
    assert str(samples.representation) == "V4"
    assert samples.targets is None
    assert samples.target_representation is None
    assert samples.source == "arrays"
    assert samples.truth is None


def test_trajectories() -> None:
    samples = prepare(RUNS)
    assert samples.states.shape == (25, 2, 4)
    assert samples.trajectory.tolist() == [i for i in range(5) for _ in range(5)]
    assert np.allclose(samples.states[5], RUNS[1, :2])
    assert np.allclose(samples.states[-1], RUNS[-1, -2:])
    assert prepare(RUNS, steps=4).states.shape == (15, 4, 4)
    assert prepare(RUNS, steps=1).states.shape == (30, 1, 4)


def test_trajectories_of_unequal_length() -> None:
    samples = prepare([RUNS[0], RUNS[1, :4], torch.from_numpy(RUNS[2])])
    assert torch.bincount(samples.trajectory).tolist() == [5, 3, 5]


def test_every_form_of_the_same_data_gives_the_same_samples(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", RUNS)
    np.savez(tmp_path / "a.npz", x=RUNS)
    forms: list[Any] = [list(RUNS), torch.from_numpy(RUNS), RUNS.tolist(), RawData(RUNS)]
    forms += [tmp_path / "a.npy", str(tmp_path / "a.npz")]
    expected = prepare(RUNS)
    for form in forms:
        made = prepare(form)
        assert torch.equal(made.states, expected.states)
        assert torch.equal(made.trajectory, expected.trajectory)


def test_number_targets() -> None:
    samples = prepare(ROWS, ROWS[:, :2], representation="2*V2", target_representation="V2")
    assert samples.float_targets is not None
    assert np.allclose(samples.float_targets, ROWS[:, :2])
    assert str(samples.target_representation) == "V2"
    column = prepare(ROWS, ROWS[:, 0])
    assert column.float_targets is not None
    assert column.float_targets.shape == (20, 1)
    assert str(column.target_representation) == "S"


def test_labels() -> None:
    samples = prepare(ROWS, np.arange(20) % 3)
    assert samples.n_classes == 3
    assert samples.target_representation is None
    assert DataShapes.of(samples).n_classes == 3


def test_description_is_kept() -> None:
    truth = np.zeros((2, 2, 2))
    samples = prepare(
        ROWS,
        representation="2*V2",
        names=("a", "b", "c", "d"),
        units=("m",) * 4,
        source="a pendulum",
        truth=truth,
    )
    assert str(samples.representation) == "2*V2"
    assert samples.names == ("a", "b", "c", "d")
    assert samples.units == ("m", "m", "m", "m")
    assert samples.source == "a pendulum"
    assert samples.truth is not None
    assert samples.truth.dtype == torch.float64
    assert samples.truth.shape == (2, 2, 2)


def test_files_say_where_data_came_from(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", coords=ROWS, energy=ROWS[:, 0])
    samples = prepare(tmp_path / "a.npz", selection=Selection("coords", "energy"))
    assert samples.source == "a.npz (coords, energy)"
    assert samples.targets is not None


def test_raw_data_bring_their_description() -> None:
    raw = RawData(ROWS, ROWS[:, :1], "V4", "S", ("a", "b", "c", "d"), truth=np.zeros((1, 4, 4)))
    samples = prepare(raw)
    assert samples.names == raw.names
    assert samples.targets is not None
    assert samples.truth is not None
    other = prepare(raw, representation="2*V2")
    assert str(other.representation) == "2*V2"
    assert other.truth is None


def test_targets_may_be_added_to_raw_data_but_not_twice() -> None:
    assert prepare(RawData(ROWS), ROWS[:, 0]).targets is not None
    with pytest.raises(
        DataError, match=r"^the data set has targets of its own; leave out targets="
    ):
        prepare(RawData(ROWS, ROWS), ROWS)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("original", [ROWS, RUNS])
def test_what_was_given_is_neither_changed_nor_shared(original: Any, dtype: Any) -> None:
    data = original.astype(dtype)
    targets = data[:, 0].copy() if data.ndim == 2 else None
    samples = prepare(data, targets)
    samples.states.add_(1)
    if samples.targets is not None and targets is not None:
        samples.targets.add_(1)
        assert np.array_equal(targets, data[:, 0])
    assert np.array_equal(data, original.astype(dtype))


def test_data_that_may_not_be_written_are_accepted() -> None:
    data = ROWS.astype(np.float32)
    data.flags.writeable = False
    prepare(data, data)


def test_wrong_numbers_of_states() -> None:
    with pytest.raises(DataError, match=r"rows are samples of 1 state, but 3 .* pass x\[None\]"):
        prepare(ROWS, steps=3)
    with pytest.raises(DataError, match=r"at least 1 state; got 0 \(--window, window=\)"):
        prepare(RUNS, steps=0)


def test_all_problems_at_once() -> None:
    data = ROWS.copy()
    data[3, 2] = np.nan
    with pytest.raises(DataError) as caught:
        prepare(data, np.arange(7.0), steps=2, representation="V3", names=("a",))
    lines = str(caught.value).splitlines()
    assert lines[0] == "the data have 5 problems:"
    starts = ["- there are 1 names", "- a state has 4", "- rows are samples", "- states hold 1 NaN"]
    for line, start in zip(lines[1:5], starts, strict=True):
        assert line.startswith(start)
    assert lines[5] == "- there are 20 rows of states but 7 targets; one for each"


def test_target_vectors_of_another_length_than_the_states() -> None:
    message = (
        r"target representation 'V3' has vectors of length 3, but group elements move vectors of "
        r"length 2 \('V2'\); .*e\.g\. '3\*S' for values that stay"
    )
    with pytest.raises(DataError, match=message):
        prepare(np.eye(20)[:, :2], np.eye(20)[:, :3], target_representation="V3")


def test_names_and_units_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("q [m],p (kg m/s)\n" + "1,2\n3,5\n" * 10)
    samples = prepare(tmp_path / "a.csv")
    assert samples.names == ("q", "p")
    assert samples.units == ("m", "kg m/s")
    assert samples.source == "a.csv (states q, p)"
    own = prepare(tmp_path / "a.csv", names=("a", "b"), units=("km", ""))
    assert own.names == ("a", "b")
    assert own.units == ("km", "")
