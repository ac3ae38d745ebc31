"""Selection: which arrays of a file, or which columns of a table, are the data."""

from __future__ import annotations

from dataclasses import dataclass

from symdisc.errors import DataError

KEY_NAMES = ("states_key", "targets_key")
"""What is chosen from a file with several arrays."""

COLUMN_NAMES = ("columns", "target_columns", "trajectory_column")
"""What is chosen from a table."""


@dataclass(frozen=True)
class Selection:
    """What the user names; ``None`` leaves the choice to the reader.

    Attributes:
        states_key: Array of a file with several arrays that holds the states.
        targets_key: Array of such a file that holds the targets.
        columns: Columns of a table that are the coordinates of a state, in this order.
        target_columns: Columns of a table that are targets.
        trajectory_column: Column whose equal values mark the states of one trajectory; ``""``:
            there is none, and rows are samples.
    """

    states_key: str | None = None
    targets_key: str | None = None
    columns: tuple[str, ...] | None = None
    target_columns: tuple[str, ...] | None = None
    trajectory_column: str | None = None

    def refuse_keys(self, what: str) -> None:
        """Raise if arrays are named although there are none to choose from.

        Raises:
            DataError: States or targets were named by key.
        """
        if self.states_key is not None or self.targets_key is not None:
            raise DataError(
                "states_key and targets_key name arrays of a file that holds several (.npz, .h5, "
                f".pt), but {what}; leave them out"
            )

    def refuse_columns(self, what: str) -> None:
        """Raise if columns are named although there is no table.

        Raises:
            DataError: Columns were named.
        """
        named = (self.columns, self.target_columns, self.trajectory_column)
        if any(name is not None for name in named):
            raise DataError(
                "columns, target_columns and trajectory_column name columns of a table (.csv, "
                f".tsv, .parquet, a data frame), but {what}; leave them out"
            )
