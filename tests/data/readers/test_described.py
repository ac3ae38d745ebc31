"""What an ``.npz`` file says of its own arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from symdisc.data.prepare import prepare
from symdisc.data.raw_file import write_raw
from symdisc.data.readers.described import DESCRIPTION, data_names
from symdisc.data.readers.npz import read_file
from symdisc.data.selection import Selection
from symdisc.errors import DataError
from symdisc.interfaces import RawData

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(20, 4))
TARGETS = RNG.normal(size=(20, 2))
TRUTH = np.array([[[0.0, -1.0], [1.0, 0.0]]])
SAID: dict[str, Any] = {
    "representation": "2*V2",
    "target_representation": "V2",
    "names": ["q1", "q2", "p1", "p2"],
    "units": ["m", "m", "s", "s"],
    "truth": TRUTH,
}
NOTHING = dict.fromkeys(("representation", "target_representation"), "") | dict.fromkeys(
    ("names", "units"), ()
)


def save(folder: Path, **arrays: Any) -> Path:
    np.savez(folder / "a.npz", **arrays)
    return folder / "a.npz"


def said(given: Any) -> dict[str, Any]:
    """What was said of the data, but for the truth."""
    return {name: getattr(given, name) for name in NOTHING}


def test_a_description_is_read(tmp_path: Path) -> None:
    given = read_file(save(tmp_path, states=ROWS, targets=TARGETS, **SAID), Selection())
    assert said(given) == {
        "representation": "2*V2",
        "target_representation": "V2",
        "names": ("q1", "q2", "p1", "p2"),
        "units": ("m", "m", "s", "s"),
    }
    assert given.truth is not None
    assert np.array_equal(given.truth, TRUTH)
    assert given.source == "a.npz (states, targets)"
    plain = read_file(save(tmp_path, states=ROWS, targets=TARGETS), Selection())
    assert said(plain) == NOTHING
    assert plain.truth is None


def test_what_a_data_set_made_is_read_as_it_was_meant(tmp_path: Path) -> None:
    raw = RawData(ROWS, TARGETS, "2*V2", "V2", tuple(SAID["names"]), tuple(SAID["units"]), TRUTH)
    with (tmp_path / "made.npz").open("wb") as file:
        write_raw(file, raw)
    found, expected = prepare(str(tmp_path / "made.npz")), prepare(raw)
    assert (found.representation, found.target_representation) == (
        expected.representation,
        expected.target_representation,
    )
    assert (found.names, found.units) == (expected.names, expected.units)
    assert found.truth is not None
    assert expected.truth is not None
    assert torch.equal(found.truth, expected.truth)


def test_what_the_user_says_is_stronger(tmp_path: Path) -> None:
    path = save(tmp_path, states=ROWS, targets=TARGETS, **SAID)
    samples = prepare(
        path, representation="V4", target_representation="2*S", names=("a", "b", "c", "d")
    )
    assert str(samples.representation) == "V4"
    assert str(samples.target_representation) == "2*S"
    assert samples.names == ("a", "b", "c", "d")
    assert samples.truth is None


def test_other_targets_are_not_described(tmp_path: Path) -> None:
    path = save(tmp_path, states=ROWS, targets=TARGETS, other=TARGETS, **SAID)
    assert str(prepare(path, TARGETS[:, :1]).target_representation) == "S"
    chosen = read_file(path, Selection(targets_key="other"))
    assert (chosen.target_representation, chosen.representation) == ("", "2*V2")
    alone = read_file(path, Selection("states"))
    assert (alone.targets, alone.target_representation) == (None, "")
    assert alone.representation == "2*V2"


def test_other_states_are_not_described(tmp_path: Path) -> None:
    path = save(tmp_path, states=ROWS, targets=TARGETS, other=ROWS[:, :3], **SAID)
    given = read_file(path, Selection("other", "targets"))
    assert said(given) == {**NOTHING, "target_representation": "V2"}
    assert given.truth is None
    several = save(tmp_path, first=ROWS, second=ROWS, **SAID)
    assert said(read_file(several, Selection("first"))) == NOTHING


def test_a_description_is_no_data() -> None:
    assert data_names(["orbits", *DESCRIPTION], Selection()) == ["orbits"]
    assert data_names(["orbits", "truth"], Selection("truth")) == ["orbits", "truth"]
    assert data_names(["names"], Selection()) == ["names"]


@pytest.mark.parametrize(
    "other",
    [
        {"names": np.array(["a", "b", "c", "d"], dtype=object)},
        {"names": np.array(["Ann", "Bob", "Cid", "Dan"])[:, None]},
        {"names": "q1, q2, p1, p2"},
        {"units": np.arange(4)},
        {"representation": 3},
        {"representation": ["2*V2"]},
        {"representation": "V4" + " " * 200},
        {"target_representation": 7.5},
        {"truth": np.arange(20)},
        {"truth": RNG.normal(size=(5, 3, 4))},
        {"truth": np.zeros((1, 4, 4), dtype=complex)},
    ],
)
def test_something_else_of_that_name_is_passed_over(tmp_path: Path, other: Any) -> None:
    given = read_file(save(tmp_path, states=ROWS, targets=TARGETS, **other), Selection())
    assert said(given) == NOTHING
    assert given.truth is None


def test_a_description_that_does_not_fit(tmp_path: Path) -> None:
    path = save(tmp_path, x=ROWS, names=["a", "b"], units=["m"] * 5, truth=TRUTH * np.nan)
    with pytest.raises(DataError) as error:
        read_file(path, Selection())
    how = "give one for each, or call it something else if it is not about coordinates"
    assert str(error.value) == (
        "the data have 3 problems:\n"
        f"- array 'names' of {path} holds 2 texts for 4 coordinates; {how}\n"
        f"- array 'units' of {path} holds 5 texts for 4 coordinates; {how}\n"
        f"- array 'truth' of {path}, the true generators, holds NaN or infinite values; leave it "
        "out, or call it something else if it is not that"
    )
    with pytest.raises(DataError, match=r"true generators must have the shape \(k, 4, 4\)"):
        prepare(save(tmp_path, x=ROWS, truth=TRUTH))
    with pytest.raises(DataError, match="representation 'spin' must look like 'V8'"):
        prepare(save(tmp_path, x=ROWS, representation="spin"))


def test_states_without_a_size_are_left_to_the_checks(tmp_path: Path) -> None:
    given = read_file(save(tmp_path, x=ROWS[:, 0], names=["a"]), Selection())
    assert (given.size, given.names) == (None, ())


def test_other_forms_of_numbers(tmp_path: Path) -> None:
    given = read_file(save(tmp_path, x=ROWS, truth=np.eye(4, dtype=">i2")[None]), Selection())
    assert given.truth is not None
    assert given.truth.dtype == np.float64


def test_a_damaged_description_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, x=ROWS, representation="2*V2")
    content = path.read_bytes()
    place = content.index("2*V2".encode("utf-32-le"))
    path.write_bytes(content[:place] + b"3" + content[place + 1 :])
    with pytest.raises(DataError, match="array 'representation' cannot be read, the file may be"):
        read_file(path, Selection())
