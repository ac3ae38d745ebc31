"""Random streams of a run, and how its ensembles run: what a checkpoint has to bring back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from symdisc.engine.checkpoint import Tree
from symdisc.engine.context import RunContext


def snapshot(context: RunContext) -> Tree:
    """The states of the run's stream and of torch's global ones, and of all ensembles."""
    on_cuda = context.device.type == "cuda"
    return {
        "run": context.rng.get_state(),
        "cpu": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state(context.device) if on_cuda else None,
        "ensembles": [ensemble.how_it_runs() for ensemble in context.built],
    }


def restore(context: RunContext, state: Tree) -> None:
    """Bring back what :func:`snapshot` saw; ensembles built since then stay as they are."""
    context.rng.set_state(state["run"])
    torch.set_rng_state(state["cpu"])
    if state["cuda"] is not None and context.device.type == "cuda":
        torch.cuda.set_rng_state(state["cuda"], context.device)
    for ensemble, how in zip(context.built, state["ensembles"], strict=False):
        ensemble.run_as(how)


@contextmanager
def untouched(context: RunContext) -> Iterator[None]:
    """Whatever the block draws, the streams are afterwards as they were before."""
    before = snapshot(context)
    try:
        yield
    finally:
        restore(context, before)
