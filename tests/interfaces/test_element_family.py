"""Families of group elements."""

from __future__ import annotations

import pytest
import torch

from symdisc.interfaces import ElementFamily


def family(*values: float) -> ElementFamily:
    """Generators whose 64 elements have one value in all entries."""
    elements = torch.tensor(values, dtype=torch.float32)[:, None, None, None].expand(-1, 64, 2, 2)
    return ElementFamily(elements, torch.tensor(values, dtype=torch.float32) / 10)


def test_draws_come_from_the_generators_own_family() -> None:
    drawn = family(0, 1, 2).draw(10, torch.Generator().manual_seed(0))
    assert drawn.shape == (3, 10, 2, 2)
    assert drawn.mean((1, 2, 3)).tolist() == [0, 1, 2]


def test_draws_differ_from_row_to_row() -> None:
    elements = torch.arange(64.0)[None, :, None, None].expand(1, 64, 2, 2)
    drawn = ElementFamily(elements, torch.zeros(1)).draw(200, torch.Generator().manual_seed(0))
    assert len(set(drawn[0, :, 0, 0].tolist())) > 50


def test_families_are_joined_in_order() -> None:
    both = family(3, 4).joined(family(5))
    assert len(both) == 3
    assert both.elements[:, 0, 0, 0].tolist() == [3, 4, 5]
    assert both.displacement.tolist() == torch.tensor([0.3, 0.4, 0.5]).tolist()


def test_products_with_one_element() -> None:
    rng = torch.Generator().manual_seed(1)
    elements = torch.randn(2, 64, 2, 2, generator=rng)
    mirror = torch.diag(torch.tensor([1.0, -1.0], dtype=torch.float64))
    moved = ElementFamily(elements, torch.tensor([0.4, 0.5])).after(mirror)
    assert torch.equal(moved.elements, elements @ mirror.float())
    assert moved.displacement.tolist() == pytest.approx([0.4, 0.5])
