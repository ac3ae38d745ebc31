from __future__ import annotations

import torch

from symdisc_vector_field.stiefel import smallest_absolute


def test_outliers_count_less_than_for_squares() -> None:
    rng = torch.Generator().manual_seed(0)
    table = torch.randn(2000, 4, generator=rng, dtype=torch.float64)
    truth = torch.nn.functional.normalize(torch.ones(4, dtype=torch.float64), dim=0)
    table -= torch.outer(table @ truth, truth)
    table[:20] += 30 * torch.tensor([1.0, 0.0, 0.0, 0.0], dtype=torch.float64)
    squares = torch.linalg.eigh(table.T @ table)[1][:, :1]
    found = smallest_absolute(table, squares)
    assert (found.T @ found).allclose(torch.eye(1, dtype=torch.float64))
    before, after = (float((truth @ v).abs()) for v in (squares, found))
    assert before < 0.95
    assert after > 0.999


def test_columns_stay_orthonormal() -> None:
    table = torch.randn(500, 5, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    found = smallest_absolute(table, torch.eye(5, 2, dtype=torch.float64))
    torch.testing.assert_close(found.T @ found, torch.eye(2, dtype=torch.float64))


def test_a_table_of_zeros_stays() -> None:
    start = torch.eye(3, 1, dtype=torch.float64)
    assert torch.equal(smallest_absolute(torch.zeros(5, 3).double(), start), start)
