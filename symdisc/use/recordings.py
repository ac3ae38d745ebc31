"""Whole trajectories at equal steps of time, in two parts: to learn from and to judge by."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from symdisc.applying import check_kind, read_like
from symdisc.data.samples import Samples
from symdisc.data.splits import split
from symdisc.errors import DataError, OptionError
from symdisc.registry import PluginHost
from symdisc.result import SymmetryResult
from symdisc.retesting import own_samples, run_seed

LEAST_STATES = 5
"""States in a trajectory from which velocities are told."""


@dataclass(frozen=True, eq=False)
class Recordings:
    """Trajectories whose states follow each other after equal times.

    Attributes:
        train: What equations are learned from: ``(T_i, size)`` float64 each.
        held_out: What they are judged by.
        time_step: Time between two states [unit of time].
    """

    train: tuple[Tensor, ...]
    held_out: tuple[Tensor, ...]
    time_step: float


def recordings(
    host: PluginHost, result: SymmetryResult, data: Any = None, time_step: float | None = None
) -> Recordings:
    """The trajectories of a run, as it split them, or new ones.

    Args:
        host: The plugins to choose from.
        result: What was found.
        data: New trajectories: a data set's name, a file or arrays; ``None``: those of the run.
        time_step: Time between two states; by default that which the run's data set was made with.

    Raises:
        DataError: The data are not at hand or no trajectories, or the time step is unknown.
        OptionError: The time step is not positive.
    """
    samples = own_samples(host, result) if data is None else read_like(host, result, data)
    check_kind(result, samples)
    parts = split(samples, seed=run_seed(result))
    train, held_out = (_long(joined(part)) for part in (parts.train, parts.held_out))
    if not train or not held_out:
        raise DataError(
            f"equations of motion need trajectories of at least {LEAST_STATES} states, some to "
            f"learn from and others to judge by; {samples.source} has {len(train)} and "
            f"{len(held_out)} of them. Rows that do not follow each other in time tell no motion"
        )
    return Recordings(train, held_out, _time_step(result, data, time_step))


def joined(samples: Samples) -> list[Tensor]:
    """Trajectories ``(T_i, size)`` float64 from their windows, in the order of time."""
    counts = torch.unique_consecutive(samples.trajectory, return_counts=True)[1].tolist()
    windows = torch.split(samples.states.double().cpu(), counts)
    return [torch.cat([each[:, 0], each[-1, 1:]]) for each in windows]


def _long(trajectories: list[Tensor]) -> tuple[Tensor, ...]:
    return tuple(path for path in trajectories if len(path) >= LEAST_STATES)


def _time_step(result: SymmetryResult, data: Any, given: float | None) -> float:
    """What was given, else an option of the run's data set."""
    if given is not None:
        if not 0 < given < math.inf:
            raise OptionError(f"the time step must be positive and finite; got {given}")
        return given
    of_run = result.config.get("options", {}).get("dataset", {}).get("time_step")
    if data is None and of_run is not None:
        return float(of_run)
    which = "the run's data" if data is None else "these data"
    raise DataError(
        f"the time between two states of {which} is not known; give it with --time-step, in "
        "Python with time_step=..."
    )
