"""The functions of the library and their names."""

from __future__ import annotations

import torch

from symdisc_laligan.sindy.library import FunctionLibrary


def test_monomials_come_by_degree() -> None:
    library = FunctionLibrary(2, 3)
    assert library.names == (
        *("1", "z1", "z2", "z1^2", "z1 z2", "z2^2"),
        *("z1^3", "z1^2 z2", "z1 z2^2", "z2^3"),
    )
    values = library(torch.tensor([[2.0, 3.0]]))
    assert values.tolist() == [[1, 2, 3, 4, 6, 9, 8, 12, 18, 27]]


def test_functions_of_single_coordinates_follow() -> None:
    library = FunctionLibrary(2, 1, ("sine", "exp"))
    assert library.names[3:] == ("sin(z1)", "sin(z2)", "exp(z1)", "exp(z2)")
    z = torch.randn(4, 5, 2)
    values = library(z)
    assert values.shape == (4, 5, 7)
    torch.testing.assert_close(values[..., 3:5], z.sin())
    torch.testing.assert_close(values[..., 5:], z.exp())
