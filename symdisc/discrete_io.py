"""The discrete part of a result on disk: matrices as a tensor, everything else as plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from symdisc.cosets.discrete_part import DiscretePart
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.element_tests import ElementTests
from symdisc.verify.verdict import Verdict

REPRESENTATIVES = "discrete.representatives"


def discrete_tensors(part: DiscretePart | None) -> dict[str, Tensor]:
    """The tensors to save, by name."""
    if part is None:
        return {}
    return {REPRESENTATIVES: part.representatives.clone(memory_format=torch.contiguous_format)}


def discrete_content(part: DiscretePart | None) -> dict[str, Any] | None:
    """All that is no tensor, for JSON; ``None`` where no discrete part was looked for."""
    if part is None:
        return None
    return {
        "names": list(part.names),
        "orders": list(part.orders),
        "table": part.table,
        "group": part.group,
        "found": list(part.found),
        "shares": list(part.shares),
        "closure": part.closure if math.isfinite(part.closure) else None,
        "moved_out": part.moved_out,
        "tests": None if part.tests is None else asdict(part.tests),
    }


def read_discrete(
    content: Mapping[str, Any] | None, tensors: Mapping[str, Tensor]
) -> DiscretePart | None:
    """A discrete part from what was saved.

    Args:
        content: What :func:`discrete_content` gave, nan as null.
        tensors: All saved tensors by name.

    Raises:
        KeyError: Something is missing.
        ValueError: Something does not fit.
    """
    if content is None:
        return None
    representatives, table = tensors[REPRESENTATIVES], content["table"]
    m = len(content["names"])
    if representatives.ndim != 3 or len(representatives) != m:
        raise ValueError("the discrete part has another number of names than of matrices")
    if table is not None and [len(row) for row in table] != [m] * m:
        raise ValueError("the multiplication table does not fit the elements")
    return DiscretePart(
        representatives=representatives,
        names=tuple(content["names"]),
        orders=tuple(content["orders"]),
        table=None if table is None else tuple(tuple(row) for row in table),
        group=content["group"],
        found=tuple(content["found"]),
        shares=tuple(content["shares"]),
        closure=math.inf if content["closure"] is None else content["closure"],
        moved_out=content["moved_out"],
        tests=_tests(content["tests"]),
    )


def _tests(content: Mapping[str, Any] | None) -> ElementTests | None:
    if content is None:
        return None
    return ElementTests(
        defects=tuple(_defect(defect) for defect in content["defects"]),
        verdicts=tuple(Verdict(**verdict) for verdict in content["verdicts"]),
        rows=content["rows"],
    )


def _defect(content: Mapping[str, Any]) -> RelativeDefect:
    values: dict[str, Any] = {
        name: math.nan if value is None else value for name, value in content.items()
    }
    return RelativeDefect(**values)
