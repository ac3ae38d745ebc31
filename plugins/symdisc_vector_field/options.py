"""Options of the methods that solve for vector fields, and the published settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import field_validator

from symdisc.errors import OptionError
from symdisc.fields.library import Library
from symdisc.fields.reading import library
from symdisc.options import Field, Options

LINEAR = "linear"
AS_DATA: Literal["as-data"] = "as-data"


class VectorFieldOptions(Options):
    """Options of ``vector-field``."""

    library: str | dict[str, Any] = Field(
        LINEAR,
        description="Functions that the components of a field are sums of: linear, affine, "
        "polynomial(degree), trigonometric(order), exponential, radial(width, …), joined by + "
        "and *; in Python also a library of symdisc.fields",
    )
    norm: Literal["squares", "absolute"] = Field(
        "squares", description="Whether mean squares (SVD) or mean absolute values are made small"
    )
    output: Literal["as-data", "free", "tensor"] = Field(
        AS_DATA,
        description="How values of F move along a field: as the representation of targets says; "
        "free: by a matrix of their own; tensor: as a square matrix T, by A T + T A'. Next states "
        "of trajectories move as states do",
    )
    scale: Literal["displacement", "none"] = Field(
        "displacement",
        description="What has norm 1: fields that move the data by their spread, or coefficients",
    )
    count: Literal["gap", "share"] = Field(
        "gap", description="How the number of symmetries is told from the singular values"
    )
    gap: float = Field(3.0, gt=1, description="Least ratio of the values around the gap [1]")
    largest: float = Field(
        0.1, gt=0, description="Largest relative defect on training rows before the gap [1]"
    )
    share: float = Field(
        0.1, gt=0, lt=1, description="Where shares count: largest share of the sum of all [1]"
    )
    defect: float = Field(
        0.05,
        gt=0,
        description="Relative defect that no symmetry surely exceeds on validation rows [1]",
    )
    n_generators: int | None = Field(
        None, ge=1, description="Number of symmetries; null: told from the data [1]"
    )
    weigh: bool = Field(
        True, description="Whether rows count by how certain the derivatives of a quick oracle are"
    )
    quotient: bool = Field(
        True, description="Whether products h X of a solution X with functions are left out"
    )
    sparse: bool = Field(True, description="Whether the basis has few large coefficients")

    @field_validator("library", mode="before")
    @classmethod
    def _as_plain_values(cls, given: Any) -> Any:
        return given.spec if isinstance(given, Library) else given

    @field_validator("library")
    @classmethod
    def _is_a_library(cls, given: str | dict[str, Any]) -> str | dict[str, Any]:
        size = len(given.get("symbols", "xy")) if isinstance(given, dict) else 2
        try:
            library(given, size)
        except OptionError as error:
            raise ValueError(str(error)) from None
        return given


SHAW: Mapping[str, Any] = {
    "oracle": "polynomial",
    "method.library": "polynomial(2)",
    "method.norm": "absolute",
    "method.scale": "none",
    "method.count": "share",
    "method.share": 0.1,
    "method.weigh": False,
    "method.quotient": False,
    "method.sparse": False,
}
"""Polynomials of degree 2, mean absolute values, singular values up to a tenth of their sum."""

LIEGG: Mapping[str, Any] = {
    "oracle": "network",
    "oracle.width": 32,
    "oracle.depth": 2,
    "oracle.epochs": 90,
    "method.library": LINEAR,
    "method.scale": "none",
    "method.quotient": False,
    "method.sparse": False,
}
"""Matrices, and a small network with 90 passes over the data."""

LIESD: Mapping[str, Any] = {
    "oracle": "network",
    "oracle.width": 384,
    "oracle.depth": 2,
    "oracle.epochs": 10,
    "method.library": LINEAR,
    "method.output": "free",
    "method.scale": "none",
    "method.quotient": False,
}
"""Matrices that move states and values of a wide network, with 10 passes over the data."""
