"""Declared sizes of NumPy arrays, before they are read."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from symdisc.data.readers.numpy_header import check_header, holds_objects
from symdisc.errors import DataError

PATH = Path("a.npy")


def header(shape: str, kind: str = "<f8", version: int = 1) -> io.BytesIO:
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    width = 2 if version == 1 else 4
    size = len(text).to_bytes(width, "little")
    return io.BytesIO(b"\x93NUMPY" + bytes([version, 0]) + size + text)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_the_stream_is_left_at_the_numbers(version: int) -> None:
    stream = header("(3, 2)", version=version)
    check_header(stream, 1000, PATH, "it")
    assert stream.read() == b""


@pytest.mark.parametrize("shape", ["(1000000000000, 2)", "(4294967296, 4294967296)"])
def test_more_than_there_is(shape: str) -> None:
    with pytest.raises(DataError, match=r"a\.npy: it declares the shape .* of float64, .* but onl"):
        check_header(header(shape), 1000, PATH, "it")


def test_objects_and_negative_shapes() -> None:
    with pytest.raises(DataError, match="it holds Python objects; pickled objects are never"):
        check_header(header("(3,)", "|O"), 1000, PATH, "it")
    with pytest.raises(ValueError, match=r"negative shape \(-3, 2\)"):
        check_header(header("(-3, 2)"), 1000, PATH, "it")


def test_real_headers() -> None:
    stream = io.BytesIO()
    np.save(stream, np.ones((4, 2)))
    stream.seek(0)
    check_header(stream, len(stream.getvalue()), PATH, "it")
    assert stream.read() == np.ones((4, 2)).tobytes()


def test_objects_are_seen_before_anything_is_read() -> None:
    assert holds_objects(header("(3,)", "|O"))
    assert not holds_objects(header("(3,)", "<U4", version=3))
    with pytest.raises(ValueError, match="magic string"):
        holds_objects(io.BytesIO(b"\x93NUMPX" + bytes(60)))
