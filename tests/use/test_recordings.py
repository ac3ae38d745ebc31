from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from made_results import make

import symdisc
from symdisc.data.prepare import prepare
from symdisc.errors import DataError, OptionError
from symdisc.registry import default_host
from symdisc.use.recordings import joined, recordings

RUN: dict[str, Any] = {"source": "arrays", "options": {"run": {"seed": 0}}}
PATHS = np.cumsum(np.random.default_rng(0).standard_normal((6, 9, 2)), axis=1).astype(np.float32)


@pytest.mark.parametrize("steps", [1, 3])
def test_windows_become_trajectories_again(steps: int) -> None:
    unequal = [*PATHS[:2], PATHS[2, :7]]
    again = joined(prepare(unequal, steps=steps))
    assert [len(path) for path in again] == [9, 9, 7]
    for path, given in zip(again, unequal, strict=True):
        np.testing.assert_array_equal(path.numpy(), given)


def test_new_trajectories_are_split() -> None:
    found = recordings(default_host(), make(config=RUN), list(PATHS), 0.5)
    assert (len(found.train), len(found.held_out), found.time_step) == (4, 1, 0.5)
    assert all(path.shape == (9, 2) and path.dtype == torch.float64 for path in found.train)


def test_those_of_a_run_with_the_step_of_its_data_set(tmp_path: Path) -> None:
    options = {"dataset.n_trajectories": 20, "dataset.n_states": 8, "dataset.time_step": 0.3}
    result = symdisc.discover(
        "pendulum", seeds=2, steps=2, method="liegan", group="lie-algebra", options=options
    )
    found = recordings(default_host(), result)
    assert (len(found.train), len(found.held_out), found.time_step) == (14, 3, 0.3)
    assert {len(path) for path in found.train} == {8}
    assert recordings(default_host(), result, time_step=0.1).time_step == 0.1


def test_the_time_between_states_is_asked_of_trajectories_alone(tmp_path: Path) -> None:
    for name, states, said in (
        ("paths", PATHS, "of the run's data is not known; give it with --time-step"),
        ("rows", PATHS.reshape(-1, 2), "Rows that do not follow each other in time tell no motion"),
    ):
        np.save(tmp_path / f"{name}.npy", states)
        result = symdisc.discover(tmp_path / f"{name}.npy", method="liegan", seeds=1, steps=1)
        with pytest.raises(DataError, match=said):
            recordings(default_host(), result)


def test_what_is_not_known_or_not_there() -> None:
    result = make(config=RUN)
    known = replace(result, config={"options": {**RUN["options"], "dataset": {"time_step": 1.0}}})
    with pytest.raises(DataError, match="of these data is not known"):
        recordings(default_host(), known, list(PATHS))
    with pytest.raises(OptionError, match="must be positive and finite; got -1"):
        recordings(default_host(), result, list(PATHS), -1)
    with pytest.raises(DataError, match="run was on arrays in memory"):
        recordings(default_host(), result, time_step=1.0)
    with pytest.raises(DataError, match=r"trajectories of at least 5 states.*has 0 and 0 of them"):
        recordings(default_host(), result, np.asarray(PATHS[:, 0]), 1.0)


def test_what_was_found_in_parts_of_pictures_tells_no_motion_of_them(tmp_path: Path) -> None:
    films = np.random.default_rng(0).standard_normal((4, 8, 64))
    np.savez(tmp_path / "films.npz", states=films, representation=np.array("G8x8"))
    with pytest.raises(DataError, match=r"'G8x8'\), but the run tells of parts of them"):
        recordings(default_host(), make(), tmp_path / "films.npz", 0.1)
