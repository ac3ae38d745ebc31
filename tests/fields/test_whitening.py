from __future__ import annotations

import torch

from symdisc.fields.whitening import whitened


def test_the_form_becomes_the_identity() -> None:
    rows = torch.randn(50, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    rows = torch.cat([rows * torch.tensor([1.0, 1e-6, 1e6, 1.0]), rows[:, :1] + rows[:, 3:]], dim=1)
    form = rows.T @ rows
    basis = whitened(form)
    assert basis.shape == (5, 4)
    identity = torch.eye(4, dtype=torch.float64)
    torch.testing.assert_close(basis.T @ form @ basis, identity, atol=1e-7, rtol=0)


def test_a_form_that_vanishes() -> None:
    assert whitened(torch.zeros(3, 3, dtype=torch.float64)).shape == (3, 0)
