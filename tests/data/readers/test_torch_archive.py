"""Files of torch.save."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from symdisc.data.readers.torch_archive import read_file
from symdisc.data.selection import Selection
from symdisc.errors import DataError

ROWS = torch.arange(24.0).reshape(12, 2)


class Bomb:
    """Fails the test when unpickled."""

    def __reduce__(self) -> Any:
        return (pytest.fail, ("a pickled object was loaded",))


def save(folder: Path, content: Any, **options: Any) -> Path:
    torch.save(content, folder / "a.pt", **options)
    return folder / "a.pt"


@pytest.mark.parametrize(
    "tensor",
    [ROWS, ROWS.double(), ROWS.bfloat16(), ROWS.long(), ROWS.requires_grad_(), ROWS.T[:2].T],
)
def test_tensors(tmp_path: Path, tensor: torch.Tensor) -> None:
    made = read_file(save(tmp_path, tensor), Selection())
    assert made.is_rows
    assert np.array_equal(made.arrays[0], tensor.detach().float())
    assert made.source == "a.pt"


def test_parameters(tmp_path: Path) -> None:
    made = read_file(save(tmp_path, torch.nn.Parameter(ROWS.detach())), Selection())
    assert made.arrays[0].shape == (12, 2)


def test_tensors_by_name(tmp_path: Path) -> None:
    made = read_file(save(tmp_path, {"states": ROWS, "y": ROWS[:, 0], 3: ROWS}), Selection())
    assert made.source == "a.pt (states, y)"
    assert made.targets is not None
    assert made.targets.shape == (12,)
    runs = {"runs": [ROWS, ROWS[:5]], "mass": ROWS}
    made = read_file(save(tmp_path, runs), Selection("runs"))
    assert [len(array) for array in made.arrays] == [12, 5]


def test_lists_are_trajectories(tmp_path: Path) -> None:
    made = read_file(save(tmp_path, [ROWS, ROWS[:5]]), Selection())
    assert not made.is_rows
    assert [len(array) for array in made.arrays] == [12, 5]
    assert not read_file(save(tmp_path, ROWS.reshape(3, 4, 2)), Selection()).is_rows


def test_choices_that_do_not_fit(tmp_path: Path) -> None:
    path = save(tmp_path, ROWS)
    with pytest.raises(DataError, match=r"but .*a\.pt holds tensors without names; leave them out"):
        read_file(path, Selection("x"))
    with pytest.raises(DataError, match=r"but .*a\.pt holds tensors; leave them out"):
        read_file(path, Selection(columns=("x",)))


@pytest.mark.parametrize("content", [[], [ROWS, 3], 3, {"x": {"y": ROWS}}, {"x": "text"}])
def test_what_is_no_tensor(tmp_path: Path, content: Any) -> None:
    with pytest.raises(
        DataError, match=r"is not a tensor or a list of tensors, but .*save tensors"
    ):
        read_file(save(tmp_path, content), Selection())


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (Bomb(), r"_pytest\.outcomes "),
        ({"x": ROWS, "bomb": Bomb()}, r"_pytest\.outcomes "),
        (np.ones(3), r"numpy\._core\.multiarray _reconstruct"),
        (torch.nn.Linear(2, 2), r"torch\.nn\.modules\.linear Linear"),
        (torch.eye(3).to_sparse(), r"torch\._utils _rebuild_sparse_tensor"),
        (bytearray(3), "bytearray"),
    ],
)
def test_objects_are_never_loaded(tmp_path: Path, content: Any, named: str) -> None:
    with pytest.raises(DataError, match=rf"a\.pt: it \(.*{named}.*\) holds Python objects; pick"):
        read_file(save(tmp_path, content), Selection())


def with_program(path: Path, program: bytes, name: str = "a/data.pkl") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, program)
        archive.writestr("a/version", "3\n")
        archive.writestr("a/byteorder", "little")
    return path


def test_ways_around_the_search_for_objects(tmp_path: Path) -> None:
    stacked = pickle.dumps(os.getcwd, protocol=4)
    with pytest.raises(DataError, match="holds Python objects; pickled objects are never loaded"):
        read_file(with_program(tmp_path / "a.pt", stacked), Selection())
    old = b"(S'echo'\nios\nsystem\n."
    with pytest.raises(DataError, match=r"it \(os system\) holds Python objects"):
        read_file(with_program(tmp_path / "a.pt", old), Selection())


@pytest.mark.parametrize("name", ["a/other.pkl", "a/constants.pkl"])
def test_other_archives(tmp_path: Path, name: str) -> None:
    path = with_program(tmp_path / "a.pt", pickle.dumps(3, protocol=2), name)
    with pytest.raises(DataError, match=r"is not an archive of tensors; write it with torch\.save"):
        read_file(path, Selection())


def test_old_and_damaged_files(tmp_path: Path) -> None:
    old = save(tmp_path, ROWS, _use_new_zipfile_serialization=False)
    with pytest.raises(
        DataError, match=r"is not an archive as torch\.save writes it since torch 1"
    ):
        read_file(old, Selection())
    path = save(tmp_path, ROWS)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match=r"is not an archive .*, or it is truncated; load it"):
        read_file(path, Selection())
    content = bytearray(save(tmp_path, ROWS).read_bytes())
    content[content.index(b"ctorch._utils")] = 0
    path.write_bytes(content)
    with pytest.raises(DataError, match="it cannot be read, the file may be truncated or damaged"):
        read_file(path, Selection())


def test_shapes_that_take_no_room(tmp_path: Path) -> None:
    huge = torch.ones(1).expand(10**12, 2)
    with pytest.raises(
        DataError, match=r"a\.pt: it holds 8000\.0 GB once unpacked, more than half"
    ):
        read_file(save(tmp_path, huge), Selection())
    many = {"x": [torch.ones(1).expand(10**10, 2)] * 100}
    with pytest.raises(DataError, match=r"'x' holds .* GB once unpacked"):
        read_file(save(tmp_path, many), Selection())


def test_shapes_beyond_what_is_stored(tmp_path: Path) -> None:
    stream = io.BytesIO()
    torch.save(ROWS.detach(), stream)
    program = zipfile.ZipFile(stream).read("archive/data.pkl")
    # 12 rows become 250, with nothing stored for them.
    changed = program.replace(b"K\x0cK\x02\x86", b"K\xfaK\x02\x86")
    assert changed != program
    with zipfile.ZipFile(stream) as good, zipfile.ZipFile(tmp_path / "a.pt", "w") as bad:
        for name in good.namelist():
            bad.writestr(name, changed if name.endswith("data.pkl") else good.read(name))
    with pytest.raises(
        DataError, match=r"a\.pt: it (declares the shape \(250, 2\), more|cannot be)"
    ):
        read_file(tmp_path / "a.pt", Selection())
