from __future__ import annotations

import pytest
import torch

from symdisc.errors import SymdiscError
from symdisc.testing import SHAPES, ConformanceError
from symdisc.testing.conformance import attempting, require_close, require_finite


def test_the_error_is_an_assertion_and_one_of_ours() -> None:
    assert issubclass(ConformanceError, AssertionError)
    assert issubclass(ConformanceError, SymdiscError)


def test_close_is_relative_to_the_largest_value() -> None:
    large = torch.tensor([1e4, 1.0])
    require_close(large + 0.05, large, 1e-5, "x")
    with pytest.raises(ConformanceError, match=r"^x: they differ by 2e-05 relative .* is 1e-05$"):
        require_close(large + 0.2, large, 1e-5, "x")


def test_nan_is_close_to_nothing() -> None:
    with pytest.raises(ConformanceError, match="they differ by nan"):
        require_close(torch.tensor([torch.nan]), torch.zeros(1), 1e-5, "x")


def test_shapes_are_not_broadcast() -> None:
    with pytest.raises(ConformanceError, match=r"x: shape \(3,\) instead of \(1, 3\)"):
        require_close(torch.zeros(3), torch.zeros(1, 3), 1e-5, "x")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (3.0, "x must be a tensor; got float"),
        (torch.zeros(3), r"x must have shape \(2,\); got \(3,\)"),
        (torch.zeros(2, dtype=torch.int64), "x must be floating point; got torch.int64"),
        (torch.tensor([0.0, torch.inf]), "x must be finite"),
    ],
)
def test_what_is_not_finite_is_named(value: torch.Tensor, message: str) -> None:
    with pytest.raises(ConformanceError, match=message):
        require_finite(value, (2,), "x")


def test_nested_attempts_keep_the_innermost_message() -> None:
    with (
        pytest.raises(ConformanceError, match=r"^inner raised ValueError: no$"),
        attempting("outer"),
        attempting("inner"),
    ):
        raise ValueError("no")


def test_example_shapes_cover_all_kinds_of_data() -> None:
    assert any(shapes.steps > 1 for shapes in SHAPES)
    assert any(shapes.n_targets for shapes in SHAPES)
    assert any(shapes.n_classes for shapes in SHAPES)
    assert any(shapes.representation.n_scalars for shapes in SHAPES)
