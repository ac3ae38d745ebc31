from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.engine.batches import BatchSampler
from symdisc.representations import Representation


def numbered(n: int, targets: str = "numbers") -> Samples:
    """Samples that can be told apart: the first coordinate counts them."""
    numbers = torch.arange(n)
    states = torch.stack([numbers, -numbers], dim=1).float().reshape(n, 1, 2)
    given: dict[str, Tensor | None] = {
        "numbers": torch.stack([10.0 * numbers, 0.0 * numbers, 1.0 + numbers], dim=1),
        "labels": numbers % 7,
        "none": None,
    }
    return Samples(
        states=states,
        trajectory=numbers,
        representation=Representation.vector(2),
        targets=given[targets],
        target_representation=Representation.scalars(3) if targets == "numbers" else None,
    )


def sampler(samples: Samples, size: int, seed: int = 0, members: int = 3) -> BatchSampler:
    return BatchSampler(samples, members, size, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(("n", "size"), [(12, 4), (12, 12), (12, 1), (60, 20)])
def test_every_seed_sees_every_sample_once_an_epoch(n: int, size: int) -> None:
    batches = sampler(numbered(n), size)
    for _ in range(3):
        epoch = torch.cat([batches.next().states[..., 0, 0] for _ in range(n // size)], dim=1)
        assert epoch.shape == (3, n)
        assert torch.equal(epoch.sort(dim=1).values, torch.arange(n).float().expand(3, n))


def test_a_rest_is_left_out_but_nothing_comes_twice() -> None:
    batches = sampler(numbered(10), 4)
    left_out = set()
    for _ in range(20):
        epoch = torch.cat([batches.next().states[..., 0, 0] for _ in range(2)], dim=1)
        for row in epoch:
            assert len(row.unique()) == 8
            left_out |= set(range(10)) - set(row.int().tolist())
    assert left_out == set(range(10))


@pytest.mark.parametrize("size", [10, 11, 1000])
def test_a_batch_holds_at_most_all_samples(size: int) -> None:
    batch = sampler(numbered(10), size).next()
    assert batch.states.shape == (3, 10, 1, 2)
    assert torch.equal(batch.states[1, :, 0, 0].sort().values, torch.arange(10).float())


def test_targets_stay_with_their_states() -> None:
    batches = sampler(numbered(30), 8)
    for _ in range(9):
        batch = batches.next()
        assert batch.targets is not None
        assert batch.targets.shape == (3, 8, 3)
        assert torch.equal(batch.targets[..., 0], 10 * batch.states[..., 0, 0])


def test_labels_stay_with_their_states() -> None:
    batch = sampler(numbered(30, "labels"), 8).next()
    assert batch.targets is not None
    assert batch.targets.dtype == torch.int64
    assert torch.equal(batch.targets, batch.states[..., 0, 0].long() % 7)


def test_without_targets() -> None:
    assert sampler(numbered(30, "none"), 8).next().targets is None


def test_seeds_see_different_minibatches_and_epochs_differ() -> None:
    batches = sampler(numbered(40), 40, members=5)
    first, second = batches.next().states[..., 0, 0], batches.next().states[..., 0, 0]
    assert not torch.equal(first, second)
    assert len({tuple(row) for row in first.tolist()}) > 1


def test_the_stream_decides() -> None:
    one, two, other = (sampler(numbered(40), 8, seed) for seed in (1, 1, 2))
    pairs = [(one.next().states, two.next().states, other.next().states) for _ in range(12)]
    assert all(torch.equal(a, b) for a, b, _ in pairs)
    assert not all(torch.equal(a, c) for a, _, c in pairs)


def test_windows_of_several_states_stay_whole() -> None:
    states = torch.arange(20.0).reshape(5, 2, 2)
    samples = Samples(states, torch.arange(5), Representation.vector(2))
    batch = sampler(samples, 3).next()
    assert batch.states.shape == (3, 3, 2, 2)
    assert torch.equal(batch.states[..., 1, 1], batch.states[..., 0, 0] + 3)
