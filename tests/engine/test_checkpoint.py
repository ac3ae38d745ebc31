from __future__ import annotations

import errno
import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

import symdisc
from symdisc.engine.checkpoint import FORMAT_VERSION, read_checkpoint, write_checkpoint
from symdisc.errors import DataError, OutputError

TREE: dict[str, Any] = {
    "numbers": [1, -2, 0.1, 1e-300, math.inf, True, None],
    "text": "ρ ≤ 0.1",
    "empty": {"list": [], "mapping": {}},
    "tensors": {
        "whole": torch.arange(6).reshape(2, 3),
        "transposed": torch.arange(6.0).reshape(2, 3).T,
        "scalar": torch.tensor(float("nan")),
        "nothing": torch.zeros(0, 3),
        "bytes": torch.get_rng_state(),
        "narrow": torch.ones(3, dtype=torch.bfloat16),
        "parameter": torch.nn.Parameter(torch.ones(2)),
    },
    "list": [torch.tensor(True), {"inner": torch.tensor(2)}],
}


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor):
        return a.dtype == b.dtype and torch.equal(a.nan_to_num(7), b.nan_to_num(7))
    if isinstance(a, dict):
        return list(a) == list(b) and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    return bool(a == b) and type(a) is type(b)


def test_everything_comes_back_as_it_was(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "c", TREE)
    back = read_checkpoint(tmp_path / "c")
    assert _same(TREE, back)
    assert not any(t.requires_grad for t in back["tensors"].values())
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_tensors_that_share_memory_are_stored_each(tmp_path: Path) -> None:
    shared = torch.arange(4.0)
    write_checkpoint(tmp_path / "c", {"a": shared, "b": shared[1:], "c": shared})
    back = read_checkpoint(tmp_path / "c")
    assert back["b"].tolist() == [1, 2, 3]
    assert torch.equal(back["a"], back["c"])


_leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5)
)
_trees = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(tree=st.dictionaries(st.text(), _trees, max_size=4))
def test_plain_values_of_any_form_come_back(
    tree: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("checkpoint") / "c"
    write_checkpoint(path, tree)
    assert _same(tree, read_checkpoint(path))


@pytest.mark.parametrize(
    "place",
    ["symdisc.engine.checkpoint._write_through", "os.fsync", "pathlib.Path.replace"],
)
def test_a_failure_leaves_the_earlier_one_whole(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checkpoint(tmp_path / "c", {"step": 1})

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(place, full)
        message = f"^cannot write {tmp_path / 'c'}: No space left on device; free some space"
        with pytest.raises(OutputError, match=message):
            write_checkpoint(tmp_path / "c", {"step": 2})
    assert [path.name for path in tmp_path.iterdir()] == ["c"]
    assert read_checkpoint(tmp_path / "c") == {"step": 1}


def test_a_place_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match=r"^cannot write .*file/c: Not a directory; free some"):
        write_checkpoint(tmp_path / "file" / "c", {})


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.999])
def test_a_part_of_one_is_refused(share: float, tmp_path: Path) -> None:
    path = tmp_path / "c"
    write_checkpoint(path, TREE)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(DataError, match=rf"^cannot read the checkpoint {path}: .*start the run an"):
        read_checkpoint(path)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({}, "is not a checkpoint of symdisc: it has no format_version$"),
        (
            {"format_version": "7", "symdisc_version": "9.8.7", "content": "{}"},
            rf"has format 7, written by symdisc 9\.8\.7; this is symdisc {symdisc.__version__}, "
            rf"which continues format {FORMAT_VERSION} only; install symdisc 9\.8\.7 to continue",
        ),
        (
            {"format_version": "0", "content": "{}"},
            r"has format 0, written by symdisc unknown; this is",
        ),
        ({"format_version": str(FORMAT_VERSION)}, "^cannot read the checkpoint .*'content'"),
        (
            {"format_version": str(FORMAT_VERSION), "content": "{"},
            "^cannot read the checkpoint .*Expecting",
        ),
        (
            {
                "format_version": str(FORMAT_VERSION),
                "content": json.dumps({"a": {"tensor of this file": "t9"}}),
            },
            "^cannot read the checkpoint .*'t9'",
        ),
    ],
)
def test_other_formats_are_refused(header: dict[str, str], message: str, tmp_path: Path) -> None:
    save_file({"t0": torch.ones(1)}, tmp_path / "c", metadata=header)
    with pytest.raises(DataError, match=message):
        read_checkpoint(tmp_path / "c")


def test_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"^cannot read the checkpoint .*none"):
        read_checkpoint(tmp_path / "none")
