"""The text form of representations: reading, writing, sizes and messages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symdisc.errors import DataError
from symdisc.representations import Representation

COUNTS = st.integers(0, 20)


@given(COUNTS, COUNTS, COUNTS)
def test_text_form_round_trips(n_vectors: int, dimension: int, n_scalars: int) -> None:
    if n_vectors * dimension == 0:
        n_vectors = dimension = 0
    representation = Representation(n_vectors, dimension, n_scalars)
    assert Representation.parse(str(representation)) == representation
    assert representation.size == n_vectors * dimension + n_scalars


@given(st.integers(1, 20), st.integers(2, 50), st.integers(2, 50), COUNTS)
def test_text_form_of_images_round_trips(
    channels: int, rows: int, columns: int, n_scalars: int
) -> None:
    representation = Representation(channels, 3, n_scalars, (rows, columns))
    assert Representation.parse(str(representation)) == representation
    assert representation.size == channels * rows * columns + n_scalars


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("V8", (1, 8, 0)),
        ("4*V2", (4, 2, 0)),
        ("  4 * V2+3*S ", (4, 2, 3)),
        ("V2 + 3*V2 + S + 2*S", (4, 2, 3)),
        ("3*S", (0, 0, 3)),
        ("0*S", (0, 0, 0)),
        ("0*V3 + V2", (1, 2, 0)),
        ("3*V0 + 2*V2", (2, 2, 0)),
        ("G8x9", (1, 3, 0, (8, 9))),
        ("3*G8x9 + 2*S", (3, 3, 2, (8, 9))),
        ("G8x9 + 0*G3x3 + 2 * G8x9", (3, 3, 0, (8, 9))),
    ],
)
def test_parse(text: str, expected: tuple[Any, ...]) -> None:
    assert Representation.parse(text) == Representation(*expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "'' is not a term"),
        ("v8", "'v8' is not a term"),
        ("2*", r"'2\*' is not a term"),
        ("-1*V2", r"'-1\*V2' is not a term"),
        ("V2 +", "'' is not a term"),
        ("V2 + V3", "all vectors must have the same length, all images the same size"),
        ("G8x8 + V3", "all vectors must have the same length, all images the same size"),
        ("G8x8 + G8x9", "all vectors must have the same length, all images the same size"),
        ("G1x8", "images have at least 2 rows and columns, and matrices of 3 rows"),
        ("S + G8x8", "write vectors before scalars"),
        ("2*S + V3", "write vectors before scalars"),
    ],
)
def test_parse_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(DataError, match=rf"must look like 'V8', '4\*V2', .*: {reason}$"):
        Representation.parse(text)


def test_shorthands() -> None:
    assert str(Representation.vector(8)) == "V8"
    assert str(Representation.scalars(3)) == "3*S"
    assert str(Representation.image(8, 9, 3)) == "3*G8x9"
    assert Representation.image(8, 9, 3).size == 216


@pytest.mark.parametrize(
    ("text", "size", "hint"),
    [
        ("4*V2", 6, r"describes 8; 3\*V2 would fit$"),
        ("V8", 12, "describes 8; 12 is not divisible by the vector length 8$"),
        ("V3 + 1*S", 7, r"describes 4; 2\*V3 \+ S would fit$"),
        ("3*S", 4, "describes 3$"),
        ("G8x9", 216, r"describes 72; 3\*G8x9 would fit$"),
        ("G8x9", 73, "describes 72; 73 is not divisible by the pixels of a channel, 72$"),
        ("V3 + 4*S", 2, "describes 7; -2 is not divisible by the vector length 3$"),
    ],
)
def test_check_size_says_what_would_fit(text: str, size: int, hint: str) -> None:
    with pytest.raises(DataError, match=rf"^a state has {size} coordinates but .*{hint}"):
        Representation.parse(text).check_size(size, "a state")


def test_check_size_accepts_what_fits() -> None:
    Representation.parse("4*V2 + 3*S").check_size(11, "a state")


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="no negative counts"):
        Representation(1, 2, -1)
    with pytest.raises(ValueError, match="without vectors has dimension 0"):
        Representation(0, 2)
    with pytest.raises(ValueError, match="at least 2 rows and columns, and matrices of 3 rows"):
        Representation(1, 2, grid=(8, 8))
