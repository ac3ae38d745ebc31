from __future__ import annotations

import json

import pytest
import torch

from symdisc.field_io import field_content, field_tensors, read_fields
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields

SPECS = ("affine", "polynomial(2) + trigonometric(1)")


@pytest.mark.parametrize("spec", SPECS)
def test_fields_come_back(spec: str) -> None:
    functions = library(spec, 2)
    coefficients = torch.randn(3, len(functions), 2, dtype=torch.float64)
    fields = VectorFields(functions, coefficients, ("q", "p"))
    content = json.loads(json.dumps(field_content(fields)))
    again = read_fields(content, field_tensors(fields))
    assert again is not None
    assert torch.equal(again.coefficients, coefficients)
    assert again.text() == fields.text()
    with pytest.raises(KeyError):
        read_fields(content, {})
    with pytest.raises(ValueError, match="coefficients have shape"):
        read_fields({**content, "library": "linear"}, field_tensors(fields))


def test_no_fields() -> None:
    assert field_content(None) is None
    assert field_tensors(None) == {}
    assert read_fields(None, {}) is None
