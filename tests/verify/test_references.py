"""Random generators of a class."""

from __future__ import annotations

import torch

from symdisc.verify.references import random_references

MASK = torch.zeros(5, 5)
MASK[:2, :2] = MASK[2:, 2:] = 1


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_references_are_unit_masked_and_orthogonal_to_what_was_found() -> None:
    found = torch.randn(2, 5, 5, generator=rng(1), dtype=torch.float64) * MASK
    drawn = random_references(MASK, found, 30, rng())
    assert drawn.shape == (30, 5, 5)
    assert drawn.dtype == torch.float64
    torch.testing.assert_close(torch.linalg.matrix_norm(drawn), torch.ones(30).double())
    assert (drawn[:, MASK == 0] == 0).all()
    assert (drawn.flatten(1) @ found.flatten(1).T).abs().max() < 1e-12


def test_references_differ_and_depend_on_the_seed() -> None:
    found = torch.eye(5)[None].double()
    drawn = random_references(MASK, found, 30, rng())
    assert torch.linalg.matrix_rank(drawn.flatten(1)) == 12
    assert torch.equal(drawn, random_references(MASK, found, 30, rng()))
    assert not torch.equal(drawn, random_references(MASK, found, 30, rng(2)))


def test_nothing_is_left_where_the_found_span_is_the_whole_class() -> None:
    mask = torch.eye(2)
    found = torch.stack([torch.diag(torch.tensor([1.0, 0])), torch.eye(2)]).double()
    assert random_references(mask, found, 20, rng()).shape == (0, 2, 2)
    assert len(random_references(mask, found[:1], 20, rng())) == 20
