"""Readers: files, arrays and tensors, and every message about what cannot be read."""

from __future__ import annotations

import contextlib
import io
import os
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from symdisc.data.readers import read
from symdisc.errors import DataError

ROWS = np.arange(24.0).reshape(12, 2)
RUNS = np.arange(48.0).reshape(3, 8, 2)


def save(path: Path, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    return path


def test_rows_and_trajectories_are_told_apart_by_shape() -> None:
    rows, runs = read(ROWS), read(RUNS)
    assert rows.is_rows
    assert len(rows.arrays) == 1
    assert rows.size == 2
    assert rows.source == "arrays"
    assert not runs.is_rows
    assert [array.shape for array in runs.arrays] == [(8, 2)] * 3


@pytest.mark.parametrize("container", [list, tuple])
def test_lists_of_arrays_are_trajectories(container: Any) -> None:
    made = read(container([ROWS, torch.from_numpy(ROWS[:5]), ROWS[:3].tolist()]))
    assert not made.is_rows
    assert [len(array) for array in made.arrays] == [12, 5, 3]
    assert np.array_equal(made.arrays[1], ROWS[:5])


def test_nested_lists_are_read_by_depth() -> None:
    assert read(ROWS.tolist()).is_rows
    assert len(read(RUNS.tolist()).arrays) == 3


@pytest.mark.parametrize(
    "dtype",
    [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.uint8],
)
def test_tensors_of_any_real_type(dtype: torch.dtype) -> None:
    made = read(torch.from_numpy(ROWS).to(dtype))
    assert np.array_equal(made.arrays[0], ROWS)


def test_tensors_with_gradients_lazy_signs_and_sparse_layout() -> None:
    tensor = torch.from_numpy(ROWS).requires_grad_()
    assert np.array_equal(read(tensor).arrays[0], ROWS)
    assert np.array_equal(read(torch.from_numpy(ROWS).to_sparse()).arrays[0], ROWS)
    negative = torch.complex(torch.zeros(3, 2), torch.ones(3, 2)).conj().imag
    assert np.array_equal(read(negative).arrays[0], -np.ones((3, 2)))
    assert read(torch.ones(3, 2).to(torch.complex64).conj()).arrays[0].dtype.kind == "c"


def test_size_is_unknown_where_trajectories_disagree() -> None:
    assert read([ROWS, ROWS[:, :1]]).size is None


def test_npy(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.NPY.npy", ROWS)
    made = read(str(tmp_path / "rows.NPY.npy"))
    assert np.array_equal(made.arrays[0], ROWS)
    assert made.source == "rows.NPY.npy"


@pytest.mark.parametrize(
    ("arrays", "targets"),
    [
        ({"anything": ROWS}, None),
        ({"y": ROWS}, None),
        ({"x": ROWS, "y": ROWS[:, 0]}, "y"),
        ({"states": ROWS, "targets": ROWS[:, 0], "other": RUNS}, "targets"),
        ({"states": ROWS, "x": RUNS}, None),
    ],
)
def test_npz_defaults(tmp_path: Path, arrays: dict[str, Any], targets: str | None) -> None:
    made = read(save(tmp_path / "a.npz", **arrays))
    assert np.array_equal(made.arrays[0], ROWS)
    assert (made.targets is None) == (targets is None)
    assert made.source.startswith("a.npz (")
    assert targets is None or targets in made.source


def test_npz_keys(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", x=RUNS, coords=ROWS, y=ROWS[:, 0], energy=ROWS[:, 1])
    alone = read(path, states_key="coords")
    assert np.array_equal(alone.arrays[0], ROWS)
    assert alone.targets is None
    both = read(path, states_key="coords", targets_key="energy")
    assert both.targets is not None
    assert np.array_equal(both.targets, ROWS[:, 1])
    pair = save(tmp_path / "b.npz", energy=ROWS[:, 1], coords=ROWS)
    assert np.array_equal(read(pair, targets_key="energy").arrays[0], ROWS)


def test_targets_of_every_form(tmp_path: Path) -> None:
    np.save(tmp_path / "y.npy", ROWS[:, 0])
    forms: list[Any] = [ROWS[:, 0], torch.from_numpy(ROWS[:, 0]), ROWS[:, 0].tolist()]
    for form in [*forms, tmp_path / "y.npy"]:
        made = read(save(tmp_path / "a.npz", x=ROWS, y=ROWS[:, 1]), form)
        assert made.targets is not None
        assert np.array_equal(made.targets, ROWS[:, 0])


def test_targets_are_not_read_from_npz(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"targets are read from an \.npy file, not from .*y\.npz"):
        read(ROWS, save(tmp_path / "y.npz", y=ROWS))


def test_wrong_keys_list_what_is_there(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", coords=ROWS, energy=ROWS)
    there = "arrays there: 'coords', 'energy'"
    with pytest.raises(DataError, match=rf"no array 'q' and 'e'; {there}"):
        read(path, states_key="q", targets_key="e")
    with pytest.raises(DataError, match=rf"no array called 'states' or 'x'; {there}; say which"):
        read(path)
    with pytest.raises(DataError, match="no array called 'states' or 'x'; arrays there: none"):
        read(save(tmp_path / "none.npz"))


def test_keys_need_an_npz_file(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", ROWS)
    with pytest.raises(DataError, match="holds a single array without a name; leave out"):
        read(tmp_path / "a.npy", states_key="x")
    with pytest.raises(DataError, match="but no file was given; pass the arrays themselves"):
        read(ROWS, targets_key="y")


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file .*gone\.npz; check the path"):
        read(tmp_path / "gone.npz")
    with pytest.raises(DataError, match=r"is a folder; give the path of a file ending in \.npy or"):
        read(tmp_path)
    (tmp_path / "a.csv").write_text("1,2\n")
    with pytest.raises(DataError, match=r"a\.csv: only files ending in \.npy or \.npz are read"):
        read(tmp_path / "a.csv")
    (tmp_path / "a.npz").write_bytes(b"")
    with pytest.raises(DataError, match=r"a\.npz is empty$"):
        read(tmp_path / "a.npz")
    (tmp_path / "b.npz").write_text("some text")
    with pytest.raises(DataError, match=r"b\.npz is not \.npz data, .* it starts b'some t'"):
        read(tmp_path / "b.npz")


@pytest.mark.skipif(os.name != "posix", reason="needs a file that cannot be opened")
def test_a_path_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise PermissionError(13, "Permission denied")

    path = save(tmp_path / "a.npz", x=ROWS)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match=r"cannot read .*a\.npz: Permission denied"):
        read(path)


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_truncated_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    np.save(path, ROWS) if suffix == ".npy" else np.savez(path, x=ROWS)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match=r"cannot be read, the file may be truncated or damaged \("):
        read(path)


class Bomb:
    """Fails the test when unpickled."""

    def __reduce__(self) -> Any:
        return (pytest.fail, ("a pickled object was loaded",))


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_pickled_objects_are_never_loaded(tmp_path: Path, suffix: str) -> None:
    objects = np.array([Bomb(), Bomb()], dtype=object)
    path = tmp_path / f"a{suffix}"
    np.save(path, objects) if suffix == ".npy" else np.savez(path, x=objects)
    with pytest.raises(DataError, match="holds Python objects; pickled objects are never loaded"):
        read(path)


def test_a_member_that_is_no_array(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x", "plain text")
    with pytest.raises(DataError, match=r"'x' in .*a\.npz is not an array; write the file with"):
        read(tmp_path / "a.npz")


def test_a_damaged_member(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", x=ROWS)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 - 80] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"array 'x' cannot be read, the file may be truncated"):
        read(path)


def test_types_that_are_not_read() -> None:
    class Frame:
        def to_numpy(self) -> Any:
            return ROWS

    with pytest.raises(
        DataError, match=r"type Frame are not read.*; call its \.to_numpy\(\) first"
    ):
        read(Frame())  # type: ignore[arg-type]
    with pytest.raises(DataError, match="type NoneType are not read: pass a path, a NumPy array"):
        read(None)  # type: ignore[arg-type]
    with pytest.raises(DataError, match=r"nested lists of unequal length.*pass a list of arrays"):
        read([[1.0, 2.0], [3.0]])


def test_masked_arrays() -> None:
    with pytest.raises(DataError, match="a masked array hides 2 values; fill or leave out"):
        read(np.ma.masked_less(ROWS, 2.0))
    assert type(read(np.ma.masked_less(ROWS, -1.0)).arrays[0]) is np.ndarray


def saved(suffix: str) -> bytes:
    stream = io.BytesIO()
    if suffix == ".npy":
        np.save(stream, ROWS)
    else:
        np.savez_compressed(stream, x=ROWS, y=ROWS[:, 0])
    return stream.getvalue()


CONTENT = {suffix: saved(suffix) for suffix in (".npy", ".npz")}


@given(
    suffix=st.sampled_from(sorted(CONTENT)),
    changes=st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 255)), min_size=1, max_size=4),
    cut=st.integers(0, 1000),
)
def test_damaged_files_never_escape_as_other_errors(
    tmp_path_factory: pytest.TempPathFactory,
    suffix: str,
    changes: list[tuple[int, int]],
    cut: int,
) -> None:
    content = bytearray(CONTENT[suffix])
    for place, value in changes:
        content[place % len(content)] = value
    path = tmp_path_factory.mktemp("damaged") / f"a{suffix}"
    path.write_bytes(content[: max(len(content) - cut // 10, 0)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with contextlib.suppress(DataError):
            read(path)


def test_an_archive_too_large_to_unpack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, x=np.zeros((1000, 1000)))
    monkeypatch.setattr(os, "sysconf", {"SC_AVPHYS_PAGES": 2500, "SC_PAGE_SIZE": 4000}.get)
    message = r"bomb\.npz holds 0\.0 GB once unpacked, more than half of the 0\.0 GB of memory"
    with pytest.raises(DataError, match=message):
        read(path)
