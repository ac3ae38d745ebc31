"""Splits by cluster."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.verify.clusters import FEWEST, at_most, clusters, halves, off_seams, renumbered


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def together(of: Tensor, by: Tensor) -> bool:
    """Whether rows that agree in ``by`` agree in ``of``."""
    return all(len(set(of[by == value].tolist())) == 1 for value in set(by.tolist()))


def test_many_trajectories_are_the_clusters() -> None:
    trajectory = torch.arange(30).repeat_interleave(4) * 7 + 3
    assert torch.equal(clusters(trajectory), torch.arange(30).repeat_interleave(4))


@pytest.mark.parametrize("count", [1, 2, 7, 19])
def test_few_trajectories_are_cut_into_pieces_in_time(count: int) -> None:
    trajectory = torch.arange(count).repeat_interleave(60)
    cut = clusters(trajectory)
    pieces = -(-FEWEST // count)
    assert sorted(set(cut.tolist())) == list(range(count * pieces))
    assert together(trajectory, cut)
    # Consecutive pieces: within a trajectory the number never falls.
    assert (cut.reshape(count, 60).diff(dim=1) >= 0).all()
    sizes = torch.bincount(cut)
    assert sizes.max() - sizes.min() <= 1


def test_pieces_do_not_depend_on_how_trajectories_are_interleaved() -> None:
    blocked = clusters(torch.tensor([0, 1]).repeat_interleave(40))
    mixed = clusters(torch.tensor([0, 1]).repeat(40))
    assert torch.equal(mixed.reshape(40, 2).T.flatten(), blocked)


def test_halves_keep_clusters_whole_and_are_equal() -> None:
    cluster = torch.arange(21).repeat_interleave(3)
    half = halves(cluster, rng())
    assert together(half, cluster)
    assert sorted(torch.bincount(half).tolist()) == [30, 33]
    assert not torch.equal(half, halves(cluster, rng(1)))


def test_limit_on_rows() -> None:
    assert torch.equal(at_most(50, 50, rng()), torch.arange(50))
    kept = at_most(1000, 100, rng())
    assert len(set(kept.tolist())) == 100
    assert (kept.diff() > 0).all()
    assert kept.max() > 800


def test_renumbering_closes_gaps() -> None:
    assert renumbered(torch.tensor([5, 2, 9, 2])).tolist() == [1, 0, 2, 0]


def test_a_tenth_of_each_piece_of_a_long_trajectory_lies_at_a_seam() -> None:
    trajectory = torch.zeros(40 * FEWEST, dtype=torch.int64)
    kept = off_seams(clusters(trajectory), trajectory).reshape(FEWEST, 40)
    assert not kept[:, :4].any()
    assert kept[:, 4:].all()


def test_whole_trajectories_and_pieces_of_a_few_rows_lose_nothing() -> None:
    many = torch.arange(30).repeat_interleave(20)
    assert off_seams(clusters(many), many).all()
    short = torch.zeros(9 * FEWEST, dtype=torch.int64)
    assert off_seams(clusters(short), short).all()
