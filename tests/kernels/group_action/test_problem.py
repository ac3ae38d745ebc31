from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc_kernels import expm, group_action, group_elements

Z, L, X = torch.zeros(5, 2), torch.zeros(2, 3, 3), torch.zeros(5, 4, 3)


@pytest.mark.parametrize(
    ("z", "generators", "message"),
    [
        (torch.zeros(5, 3), L, r"must be \(\.\.\., B, k\) .*; got \(5, 3\) and \(2, 3, 3\)"),
        (torch.zeros(2), L, r"got \(2,\) and \(2, 3, 3\)"),
        (torch.zeros(7, 5, 2), L, r"got \(7, 5, 2\) and \(2, 3, 3\)"),
        (torch.zeros(6, 5, 2), torch.zeros(7, 2, 3, 3), r"got \(6, 5, 2\) and \(7, 2, 3, 3\)"),
        (Z, torch.zeros(2, 3, 4), r"matrices must be square \(\.\.\., n, n\); got \(2, 3, 4\)"),
        (
            Z,
            torch.zeros(2, 3, 3, dtype=torch.int64),
            "must be of type .*; got torch.int64",
        ),
        (Z.double(), L, r"coefficients \(torch.float64, cpu\) and generators \(torch.float32, cpu"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(z: Tensor, generators: Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        group_elements(z, generators)
    with pytest.raises(ValueError, match=message):
        group_action(z, generators, X)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (torch.zeros(5, 4, 2), r"points must have shape \(5, c, 3\); got \(5, 4, 2\)"),
        (torch.zeros(4, 4, 3), r"points must have shape \(5, c, 3\); got \(4, 4, 3\)"),
        (torch.zeros(5, 3), r"points must have shape \(5, c, 3\); got \(5, 3\)"),
        (X.double(), r"points \(torch.float64, cpu\) and generators \(torch.float32, cpu\) must"),
    ],
)
def test_points_that_do_not_fit_are_refused(points: Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        group_action(Z, L, points)


@pytest.mark.parametrize(
    ("matrices", "message"),
    [
        (torch.zeros(3), r"must be square \(\.\.\., n, n\); got \(3,\)"),
        (torch.zeros(2, 3), r"must be square \(\.\.\., n, n\); got \(2, 3\)"),
        (torch.zeros(3, 3, dtype=torch.bool), "must be of type float16, .*; got torch.bool"),
        (torch.zeros(3, 3).to(torch.float8_e4m3fn), "must be of type .*; got torch.float8_e4m3fn"),
        (torch.zeros(3, 0, 0), r"must be at least 1 by 1; got \(3, 0, 0\)"),
    ],
)
def test_matrices_that_are_none_are_refused(matrices: Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        expm(matrices)
