"""What the user names, where there is nothing to choose from."""

from __future__ import annotations

import pytest

from symdisc.data.selection import Selection
from symdisc.errors import DataError


def test_nothing_named_is_never_refused() -> None:
    Selection().refuse_keys("no file was given")
    Selection().refuse_columns("no file was given")
    Selection(columns=("a",)).refuse_keys("no file was given")
    Selection("x", "y").refuse_columns("no file was given")


@pytest.mark.parametrize("selection", [Selection("x"), Selection(targets_key="y")])
def test_keys(selection: Selection) -> None:
    with pytest.raises(DataError, match=r"several \(\.npz, \.h5, \.pt\), but no file was given; l"):
        selection.refuse_keys("no file was given")


@pytest.mark.parametrize(
    "selection",
    [
        Selection(columns=("x",)),
        Selection(target_columns=("y",)),
        Selection(trajectory_column=""),
    ],
)
def test_columns(selection: Selection) -> None:
    with pytest.raises(DataError, match=r"columns of a table .*, but no file was given; leave the"):
        selection.refuse_columns("no file was given")
