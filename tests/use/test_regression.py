from __future__ import annotations

import sys

import pytest
import torch

from symdisc.errors import DataError
from symdisc.use.regression import pysindy, sparse_coefficients

COLUMNS = torch.randn(300, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_small_terms_are_left_out_and_the_rest_fitted_without_them() -> None:
    truth = torch.tensor([2.0, 0.0, -1.0, 0.01], dtype=torch.float64)
    found = sparse_coefficients(COLUMNS, COLUMNS @ truth, 0.05)
    assert (found != 0).tolist() == [True, False, True, False]
    assert found[[0, 2]].tolist() == pytest.approx([2, -1], abs=0.01)
    assert sparse_coefficients(COLUMNS, COLUMNS @ truth, 0.0).allclose(truth, atol=1e-6)


def test_units_do_not_matter() -> None:
    truth = torch.tensor([2.0, 0.0, -1.0, 0.0], dtype=torch.float64)
    scales = torch.tensor([1e-6, 1.0, 1e4, 1.0], dtype=torch.float64)
    found = sparse_coefficients(COLUMNS * scales, 1e5 * COLUMNS @ truth, 0.05)
    assert (found * scales).tolist() == pytest.approx([2e5, 0, -1e5, 0])


def test_nothing_to_tell_or_to_tell_it_with() -> None:
    assert sparse_coefficients(COLUMNS, torch.zeros(300).double(), 0.05).tolist() == [0] * 4
    assert sparse_coefficients(torch.zeros(300, 2).double(), COLUMNS[:, 0], 0.05).tolist() == [0, 0]
    assert sparse_coefficients(COLUMNS[:, :2], COLUMNS[:, 3], 0.9).tolist() == [0, 0]


def test_without_pysindy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysindy", None)
    with pytest.raises(DataError, match=r"install it with pip install 'symdisc\[equations\]'"):
        pysindy()
