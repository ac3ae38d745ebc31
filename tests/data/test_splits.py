"""Splits: no part empty, nothing in two parts, the same again for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from symdisc.data.samples import Samples
from symdisc.data.splits import FRACTIONS, Split, split
from symdisc.data.windows import windows
from symdisc.errors import DataError, OptionError
from symdisc.representations import Representation

SEEDS = st.integers(0, 2**31)


def samples(lengths: list[int], steps: int = 2) -> Samples:
    """Windows of trajectories whose states are numbered through."""
    flat = np.arange(sum(lengths), dtype=np.float32)[:, None]
    states, owner = windows(np.split(flat, np.cumsum(lengths)[:-1]), steps)
    form = Representation.vector(1)
    return Samples(torch.from_numpy(states), torch.from_numpy(owner), form)


def parts(made: Split) -> tuple[Samples, Samples, Samples]:
    return made.train, made.validation, made.held_out


def content(made: Split) -> list[list[float]]:
    return [part.states.flatten().tolist() for part in parts(made)]


@given(lengths=st.lists(st.integers(2, 6), min_size=3, max_size=60), seed=SEEDS)
def test_trajectories_are_shared_out_whole(lengths: list[int], seed: int) -> None:
    everything = samples(lengths)
    made = split(everything, seed)
    owners = [set(part.trajectory.tolist()) for part in parts(made)]
    assert all(owners)
    assert sum(map(len, owners)) == len(set().union(*owners))
    assert owners[0] | owners[1] | owners[2] == set(range(len(lengths)))
    assert sum(len(part) for part in parts(made)) == len(everything)
    for owned, share in zip(owners, FRACTIONS, strict=True):
        assert abs(len(owned) - share * len(lengths)) < 2


@given(
    n=st.integers(3, 40),
    seed=SEEDS,
    shares=st.tuples(*[st.floats(0.01, 1.0)] * 3),
)
def test_no_part_is_empty_whatever_the_shares(
    n: int, seed: int, shares: tuple[float, float, float]
) -> None:
    first, second, third = (share / sum(shares) for share in shares)
    made = split(samples([2] * n), seed, (first, second, third))
    assert min(len(part) for part in parts(made)) >= 1
    assert sum(len(part) for part in parts(made)) == n


@given(
    lengths=st.lists(st.integers(40, 400), min_size=1, max_size=2),
    steps=st.integers(1, 6),
    seed=SEEDS,
)
def test_one_or_two_trajectories_are_cut_in_time(lengths: list[int], steps: int, seed: int) -> None:
    made = split(samples(lengths, steps), seed)
    seen = [set(states) for states in content(made)]
    assert all(seen)
    assert sum(map(len, seen)) == len(set().union(*seen))
    for i in range(len(lengths)):
        mine = [part.states[part.trajectory == i] for part in parts(made)]
        train, validation, held_out = mine
        assert train.max() + 1 < validation.min()
        assert validation.max() + 1 < held_out.min()
        n = lengths[i] - steps + 1
        left_out = n - sum(len(part) for part in mine)
        assert left_out == 2 * max(steps, -(-n // 100))


def test_same_seed_same_split_and_other_seed_another() -> None:
    everything = samples([3] * 30)
    assert content(split(everything, 5)) == content(split(everything, 5))
    assert content(split(everything, 5)) != content(split(everything, 6))


def test_samples_keep_their_order() -> None:
    made = split(samples([4] * 20), 0)
    for states in content(made):
        assert states == sorted(states)


def test_rows_are_trajectories_of_their_own() -> None:
    states = torch.arange(100.0).reshape(100, 1, 1)
    labels = torch.arange(100) % 2
    everything = Samples(states, torch.arange(100), Representation.vector(1), labels)
    made = split(everything, 0)
    assert [len(part) for part in parts(made)] == [70, 15, 15]
    for part in parts(made):
        assert part.targets is not None
        assert torch.equal(part.targets, part.states.flatten().long() % 2)


def test_trajectory_numbers_may_be_any_numbers() -> None:
    states = torch.arange(6.0).reshape(6, 1, 1)
    owner = torch.tensor([9, 9, -4, -4, 70, 70])
    made = split(Samples(states, owner, Representation.vector(1)), 0)
    assert sorted(part.trajectory[0].item() for part in parts(made)) == [-4, 9, 70]


def test_global_random_state_is_neither_read_nor_changed() -> None:
    everything = samples([3] * 30)
    torch.manual_seed(1)
    expected = content(split(everything, 5))
    torch.manual_seed(2)
    np.random.seed(2)
    before = torch.get_rng_state(), np.random.get_state()[1].tolist()  # type: ignore[index]
    assert content(split(everything, 5)) == expected
    assert torch.equal(before[0], torch.get_rng_state())
    assert before[1] == np.random.get_state()[1].tolist()  # type: ignore[index]


def test_too_short_a_single_trajectory() -> None:
    message = (
        r"^a trajectory of 6 samples is too short .* gaps of 2 samples: it needs at least 7; "
        r"give a longer one, or at least 3 trajectories$"
    )
    with pytest.raises(DataError, match=message):
        split(samples([7]), 0)
    assert [len(part) for part in parts(split(samples([8]), 0))] == [1, 1, 1]


@pytest.mark.parametrize(
    "shares", [(0.5, 0.5, 0.0), (0.5, 0.2, 0.2), (0.5, 0.5), (1.5, -0.2, -0.3)]
)
def test_shares_must_add_up(shares: tuple[float, float, float]) -> None:
    with pytest.raises(OptionError, match=r"must be three positive numbers .* add up to 1, for"):
        split(samples([3] * 5), 0, shares)
