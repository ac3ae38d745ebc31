"""Targets: numbers or class labels, one row for each row of states."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symdisc.data.given import Given

Targets: TypeAlias = NDArray[np.float32] | NDArray[np.int64]

_SHOWN = 3
_REFUSED_KINDS = {
    "b": "true/false values; write y.astype(int) to use them as class labels",
    "c": "complex numbers; pass real and imaginary parts as separate columns",
}


def read_targets(
    given: Given, n_rows: int | None, to_search: bool = True
) -> tuple[Targets | None, list[str]]:
    """Convert targets and collect their problems.

    One column of whole numbers ``(N,)`` are class labels 0, 1, ..., n − 1. Everything else is
    numbers: ``(N, m)``, or ``(N,)``, which becomes ``(N, 1)``.

    Args:
        given: What was read.
        n_rows: Rows of the states; ``None`` if they are trajectories or could not be read.
        to_search: Whether a symmetry is sought in the data: then targets must differ, and labels
            be numbered without gaps.

    Returns:
        Targets ``(N, m)`` float32 or ``(N,)`` int64 (``None`` without targets or with
        problems), and the problems.
    """
    targets = given.targets
    if targets is None:
        return None, []
    if not given.is_rows:
        return None, [
            "targets cannot be given together with trajectories: a sample of several states has "
            "no target of its own; pass rows (rows, coordinates), or leave the targets out "
            "(of a file: --set data.states_key=NAME, states_key=NAME; of a table: name the "
            "coordinates, --set data.columns='[NAME, ...]', columns=[...])"
        ]
    problems = _form_problems(targets, n_rows)
    if problems:
        return None, problems
    if is_labels(targets):
        return targets.astype(np.int64), _label_problems(targets) if to_search else []
    values, problems = _numbers(targets)
    return values, problems or (_sameness_problems(values) if to_search else [])


def is_labels(targets: NDArray[Any]) -> bool:
    """Whether targets are class labels: one column ``(N,)`` of whole numbers."""
    return targets.ndim == 1 and targets.dtype.kind in "iu"


def n_targets(given: Given) -> int | None:
    """Number targets of one row; ``None`` for labels, without targets, or of unknown form."""
    targets = given.targets
    if targets is None or targets.ndim not in (1, 2) or is_labels(targets):
        return None
    return 1 if targets.ndim == 1 else targets.shape[1]


def _form_problems(targets: NDArray[Any], n_rows: int | None) -> list[str]:
    kind = targets.dtype.kind
    if kind not in "iuf":
        refused = _REFUSED_KINDS.get(
            kind,
            "text or objects; write np.unique(y, return_inverse=True)[1] to use them as labels",
        )
        return [f"targets hold {refused}"]
    if targets.ndim not in (1, 2) or 0 in targets.shape:
        return [f"targets must have the shape (rows, values) or (rows,); got {targets.shape}"]
    if n_rows is not None and len(targets) != n_rows:
        return [f"there are {n_rows} rows of states but {len(targets)} targets; one for each"]
    return []


def _label_problems(labels: NDArray[Any]) -> list[str]:
    classes = np.unique(labels)
    if len(classes) == 1:
        return [f"targets hold a single class, {classes[0]}: labels must tell rows apart"]
    if classes[0] == 0 and classes[-1] == len(classes) - 1:
        return []
    shown = ", ".join(str(value) for value in classes[:_SHOWN])
    more = f", ... {classes[-1]}" if len(classes) > _SHOWN else ""
    return [
        f"class labels must be 0, 1, ..., {len(classes) - 1} without gaps; got {shown}{more}; "
        "write np.unique(y, return_inverse=True)[1] to number them, or y.astype(float) if they "
        "are numbers"
    ]


def _sameness_problems(values: NDArray[np.float32]) -> list[str]:
    if len(values) > 1 and (values == values[0]).all():
        return ["targets are constant: they say nothing about the states"]
    return []


def _numbers(targets: NDArray[Any]) -> tuple[NDArray[np.float32], list[str]]:
    columns = targets.reshape(len(targets), -1)
    with np.errstate(over="ignore"):
        values = columns.astype(np.float32)
    bad = ~np.isfinite(values).all(1)
    if bad.any():
        rows = ", ".join(str(row) for row in np.flatnonzero(bad)[:_SHOWN])
        more = ", ..." if bad.sum() > _SHOWN else ""
        return values, [
            f"targets are NaN, infinite or too large for float32 in {int(bad.sum())} rows: "
            f"{rows}{more} (counted from 0); leave these rows out"
        ]
    return values, []
