from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from symdisc.data.samples import Samples
from symdisc.engine.checkpoint import Tree
from symdisc.engine.context import RunContext
from symdisc.engine.streams import restore, snapshot, untouched
from symdisc.representations import Representation


class Branching(nn.Module):
    """Cannot be vmapped."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layer(x)
        return -out if out.sum() > 1e9 else out


def _context() -> RunContext:
    samples = Samples(torch.zeros(10, 1, 2), torch.arange(10), Representation.vector(2))
    rng = torch.Generator().manual_seed(1)
    return RunContext(samples, (0, 1), torch.device("cpu"), rng, {"net": lambda _: Branching()})


def _draw(context: RunContext) -> list[float]:
    return [*torch.rand(3, generator=context.rng).tolist(), *torch.rand(3).tolist()]


def test_the_streams_come_back() -> None:
    context = _context()
    with torch.random.fork_rng(devices=[]):
        _draw(context)
        state = snapshot(context)
        first, second = _draw(context), _draw(context)
        assert first != second
        restore(context, state)
        assert _draw(context) == first


def test_how_ensembles_run_comes_back() -> None:
    context = _context()
    first = context.ensemble("net")
    before = snapshot(context)
    first.forward(torch.ones(2, 5, 2))
    after = snapshot(context)
    context.ensemble("net")  # one that the snapshot does not know stays as it is
    assert [first.strategy, first.reason != ""] == ["one by one", True]
    restore(context, before)
    assert [first.strategy, first.reason] == ["vmap", ""]
    restore(context, after)
    assert (first.strategy, context.built[1].strategy) == ("one by one", "vmap")
    assert after["ensembles"][0]["proven"] == ["forward"]


def test_what_is_drawn_inside_does_not_count() -> None:
    context = _context()
    with torch.random.fork_rng(devices=[]):
        state: Tree = snapshot(context)
        expected = _draw(context)
        restore(context, state)
        with untouched(context):
            assert _draw(context) == expected
        with pytest.raises(IndexError), untouched(context):
            _draw(context).pop(99)
        assert _draw(context) == expected
