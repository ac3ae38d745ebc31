"""Vector fields of a result on disk: coefficients as a tensor, the library as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields

COEFFICIENTS = "fields.coefficients"


def field_tensors(fields: VectorFields | None) -> dict[str, Tensor]:
    """The tensors to save, by name."""
    if fields is None:
        return {}
    return {COEFFICIENTS: fields.coefficients.clone(memory_format=torch.contiguous_format)}


def field_content(fields: VectorFields | None) -> dict[str, Any] | None:
    """All that is no tensor, for JSON; ``None`` where there are no fields."""
    if fields is None:
        return None
    library_of = fields.library
    return {"library": library_of.spec, "size": library_of.size, "names": list(fields.names)}


def read_fields(
    content: Mapping[str, Any] | None, tensors: Mapping[str, Tensor]
) -> VectorFields | None:
    """Fields from what was saved.

    Args:
        content: What :func:`field_content` gave.
        tensors: All saved tensors by name.

    Raises:
        KeyError: Something is missing.
        ValueError: Something does not fit.
    """
    if content is None:
        return None
    functions = library(content["library"], content["size"])
    return VectorFields(functions, tensors[COEFFICIENTS], tuple(content["names"]))
