"""Which columns of a table are states, targets and trajectories."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symdisc.data.readers.tables import MOST_COLUMNS, Column, grouped, read_table
from symdisc.data.selection import Selection
from symdisc.errors import DataError

N = 6


def column(label: str, values: Any = None, refused: str = "", unit: str = "") -> Column:
    data = np.arange(float(N)) if values is None else np.asarray(values)
    missing = np.isnan(data) if data.dtype.kind == "f" else np.zeros(len(data), bool)
    return Column(label, lambda: data, lambda: missing, refused, unit)


def columns(*labels: str) -> list[Column]:
    return [column(label, np.arange(float(N)) + 10 * i) for i, label in enumerate(labels)]


@pytest.mark.parametrize(
    ("labels", "names", "source"),
    [
        (("q", "p"), ("q", "p"), "t (states q, p)"),
        (("q", "y"), ("q",), "t (states q; targets y)"),
        (("target", "q", "p"), ("q", "p"), "t (states q, p; targets target)"),
        (("q", "label", "p"), ("q", "p"), "t (states q, p; targets label)"),
        (("q", "p", "trajectory"), ("q", "p"), "t (states q, p; trajectories by trajectory)"),
        (("x [m]", "run"), ("x",), "t (states x; trajectories by run)"),
    ],
)
def test_choices_without_a_selection(
    labels: tuple[str, ...], names: tuple[str, ...], source: str
) -> None:
    made = read_table(columns(*labels), Selection(), "t")
    assert made.names == names
    assert made.source == source
    assert made.is_rows == ("trajectories" not in source)
    assert (made.targets is None) == ("targets" not in source.replace("states", ""))


def test_columns_are_taken_in_the_order_they_are_named() -> None:
    made = read_table(columns("a", "b", "y"), Selection(columns=("b", "a")), "t")
    assert made.names == ("b", "a")
    assert made.arrays[0][0].tolist() == [10, 0]
    assert made.targets is None


def test_targets() -> None:
    table = columns("a", "b", "c")
    several = read_table(table, Selection(target_columns=("c", "a")), "t")
    assert several.names == ("b",)
    assert several.targets is not None
    assert several.targets[0].tolist() == [20, 0]
    labels = read_table([*table, column("k", [0, 1] * 3)], Selection(target_columns=("k",)), "t")
    assert labels.targets is not None
    assert labels.targets.dtype.kind == "i"
    assert labels.targets.shape == (N,)
    both = Selection(columns=("a",), target_columns=("y",))
    assert read_table(columns("a", "b", "y"), both, "t").source == "t (states a; targets y)"


def test_columns_may_be_named_with_their_unit() -> None:
    made = read_table(columns("a [m]", "b (s)", "c"), Selection(columns=("a [m]", "b", "c")), "t")
    assert made.names == ("a", "b", "c")
    assert made.units == ("m", "s", "")
    assert read_table(columns("a", "b"), Selection(), "t").units == ()
    assert read_table([column("a [m]", unit="km")], Selection(), "t").units == ("km",)


def test_trajectories() -> None:
    table = [*columns("q"), column("run", ["b", "a", "b", "a", "b", "c"])]
    made = read_table(table, Selection(), "t")
    assert not made.is_rows
    assert [array[:, 0].tolist() for array in made.arrays] == [[0, 2, 4], [1, 3], [5]]
    named = read_table(table, Selection(trajectory_column="run"), "t")
    assert [len(array) for array in named.arrays] == [3, 2, 1]


def test_trajectories_can_be_switched_off() -> None:
    made = read_table(columns("q", "run"), Selection(trajectory_column=""), "t")
    assert made.is_rows
    assert made.names == ("q", "run")


KEYS = st.lists(st.sampled_from([3, 1, 2]), min_size=1, max_size=30)


@given(keys=KEYS)
def test_grouping_keeps_every_row_once_and_in_order(keys: list[int]) -> None:
    states = np.arange(len(keys), dtype=float)[:, None]
    parts = grouped(states, np.array(keys))
    firsts = [keys[int(part[0, 0])] for part in parts]
    assert firsts == list(dict.fromkeys(keys))
    for part, key in zip(parts, firsts, strict=True):
        assert part[:, 0].tolist() == [i for i, k in enumerate(keys) if k == key]


@pytest.mark.parametrize(
    "keys",
    [
        np.array(["b", b"\xff", 3], dtype=object),
        np.array([b"b", b"\xff", b"a"]),
        np.array(["2020-01-02", "2020-01-01", "2020-01-03"], "M8[D]"),
        np.array([2.5, 1.5, 3.5]),
    ],
)
def test_keys_of_any_type(keys: Any) -> None:
    parts = grouped(np.arange(6.0)[:, None], np.concatenate([keys, keys]))
    assert [part[:, 0].tolist() for part in parts] == [[0, 3], [1, 4], [2, 5]]


def test_keys_that_cannot_be_compared() -> None:
    keys = np.empty(2, dtype=object)
    keys[:] = [[1], [2]]
    with pytest.raises(DataError, match="the column that marks trajectories holds list objects; c"):
        grouped(np.ones((2, 1)), keys)


def test_x_and_y_are_not_guessed() -> None:
    message = r"column 'y' may be a coordinate beside 'x' or the target; say which: .*\[x, y\]"
    with pytest.raises(DataError, match=message):
        read_table(columns("x", "y"), Selection(), "t")
    assert read_table(columns("x", "y"), Selection(columns=("x", "y")), "t").names == ("x", "y")
    assert read_table(columns("x", "y"), Selection(target_columns=("y",)), "t").names == ("x",)


def test_one_of_several_targets_or_trajectories_is_not_guessed() -> None:
    table = columns("q", "label", "targets", "run", "trajectory")
    with pytest.raises(DataError) as error:
        read_table(table, Selection(), "t")
    assert str(error.value) == (
        "the data have 2 problems:\n"
        "- each of the columns 'run' and 'trajectory' could mark trajectories; say which does "
        "(--set data.trajectory_column=NAME, trajectory_column=NAME)\n"
        "- each of the columns 'label' and 'targets' could be the target; say which is "
        "(--set data.target_columns='[NAME]', target_columns=['NAME'])"
    )
    said = Selection(target_columns=("label",), trajectory_column="run")
    assert read_table(table, said, "t").names == ("q", "targets", "trajectory")
    assert read_table(
        table, Selection(columns=("q", "label"), trajectory_column=""), "t"
    ).names == ("q", "label")


def test_unknown_and_repeated_columns_are_listed_together() -> None:
    selection = Selection(
        columns=("speeed", "mass", "mass"), target_columns=("mass",), trajectory_column="rum"
    )
    with pytest.raises(DataError) as caught:
        read_table(columns("speed", "mass", "run"), selection, "t")
    there = "columns there: 'speed', 'mass', 'run'."
    assert str(caught.value).splitlines()[1:] == [
        f"- columns: there is no column 'speeed'; {there} Did you mean 'speed'?",
        "- columns: column 'mass' is chosen twice; name it once",
        "- target_columns: column 'mass' is chosen twice; name it once",
        f"- trajectory_column: there is no column 'rum'; {there} Did you mean 'run'?",
    ]


def test_columns_without_numbers_are_listed_together() -> None:
    table = [
        column("a"),
        column("when", refused="dates or times"),
        column("b", [1.0, np.nan, 2, np.nan, np.nan, np.nan]),
        column("run", [np.nan, 0, 0, 0, 0, 0]),
        column("y", refused="text"),
    ]
    with pytest.raises(DataError) as caught:
        read_table(table, Selection(), "t")
    how = "convert it to numbers, or choose others (--set data.columns='[a, b]', columns=[...])"
    assert str(caught.value).splitlines()[1:] == [
        f"- column 'when' holds dates or times; {how}",
        "- column 'b' has no value in 4 rows: 1, 3, 4, ... (counted from 0); leave these rows out "
        "or fill the gaps",
        f"- column 'y' holds text; {how}",
        "- column 'run' has no value in 1 rows: 0 (counted from 0); leave these rows out or fill "
        "the gaps",
    ]


@pytest.mark.parametrize("label", ["", "Unnamed: 0", "__index_level_0__"])
def test_an_index_is_no_coordinate_unless_it_is_named(label: str) -> None:
    table = columns(label, "q", "p [m]")
    with pytest.raises(DataError) as error:
        read_table(table, Selection(), "t")
    assert str(error.value) == (
        f"column {label!r} has no name of its own, like the index that pandas writes; leave it out "
        "(to_csv(index=False), reset_index(drop=True)), or name the coordinates (--set "
        "data.columns='[q, p]', columns=[...])"
    )
    assert read_table(table, Selection(columns=("q", label)), "t").names == ("q", label)
    targets = read_table(table, Selection(target_columns=(label,)), "t")
    assert targets.names == ("q", "p")


def test_what_is_not_chosen_is_not_looked_at() -> None:
    def fail() -> Any:
        pytest.fail("a column was loaded that nobody asked for")

    table = [column("a"), Column("b", fail, fail, refused="text"), Column("c", fail, fail)]
    assert read_table(table, Selection(columns=("a",)), "t").names == ("a",)


def test_tables_of_a_wrong_form() -> None:
    with pytest.raises(DataError, match=r"^the table has no columns$"):
        read_table([], Selection(), "t")
    with pytest.raises(DataError, match="several columns are called 'a'; give each a name of its"):
        read_table(columns("a [m]", "a [km]", "b"), Selection(), "t")
    many = [column(str(i)) for i in range(MOST_COLUMNS + 1)]
    with pytest.raises(DataError, match="the table has 10001 columns, more than the 10000 that"):
        read_table(many, Selection(), "t")
    with pytest.raises(DataError, match="no column is left for the states; columns there: 'run'"):
        read_table(columns("run"), Selection(), "t")
    with pytest.raises(DataError, match=r"but t is a table; choose columns=\[\.\.\.\]; leave them"):
        read_table(columns("a"), Selection("x"), "t")
