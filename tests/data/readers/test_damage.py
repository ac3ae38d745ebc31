"""The messages about files whose bytes cannot be read."""

from __future__ import annotations

from pathlib import Path

from symdisc.data.readers.damage import pickled, unreadable


def test_damage_says_what_the_library_said_in_one_short_line() -> None:
    error = unreadable(Path("a.h5"), "array 'x'", OSError("wrong\n  signature " + "z" * 500))
    text = str(error)
    assert text.startswith(
        "a.h5: array 'x' cannot be read, the file may be truncated or damaged "
        "(OSError: wrong signature zzz"
    )
    assert text.endswith("...); write it again, or give an intact copy")
    assert len(text) < 400
    assert "\n" not in text


def test_pickled_objects() -> None:
    assert str(pickled(Path("a.npy"), "it")).startswith(
        "a.npy: it holds Python objects; pickled objects are never loaded, because reading them "
        "can run any code. Save plain numbers"
    )
