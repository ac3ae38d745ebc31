from __future__ import annotations

import pytest
import sympy
import torch

from symdisc.errors import OptionError
from symdisc.fields.trees import evaluate, from_tree, to_tree

X = sympy.Symbol("x", real=True)


@pytest.mark.parametrize(
    "expression",
    [X, sympy.Integer(2), 0.25 * X, X**3 - X / 3, sympy.E**X + sympy.pi, sympy.Abs(sympy.tan(X))],
    ids=str,
)
def test_expressions_come_back(expression: sympy.Expr) -> None:
    assert from_tree(to_tree(expression), {"x": X}) == expression


@pytest.mark.parametrize("tree", [[], "x", [3], ["Rational", 0.5, 1], ["Float", "a"], ["sin"]])
def test_damaged_trees_are_refused(tree: object) -> None:
    with pytest.raises(OptionError, match="is no expression"):
        from_tree(tree, {"x": X})


def test_whole_powers_of_negative_numbers() -> None:
    x = torch.tensor([-2.0, 3.0], dtype=torch.float64)
    assert evaluate(X**3, {X: x}).tolist() == [-8, 27]
    assert evaluate(1 / X, {X: x}).tolist() == pytest.approx([-0.5, 1 / 3])
