"""Conformance suite of loggers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from symdisc.component_check import interface_problems
from symdisc.interfaces import Logger
from symdisc.testing.conformance import attempting, require

SEEDS = (3, 4)


def check_logger(component: type[Logger], folder: Path) -> None:
    """Check that a logger takes what runs log: two stages, NaN, and a run that goes on.

    Args:
        component: The logger.
        folder: An empty folder that may be written.

    Raises:
        ConformanceError: It raises, changes what it is given, or writes outside of ``folder``.
    """
    problems = interface_problems("logger", component)
    require(not problems, f"{component.__name__} is no logger: " + "; ".join(problems))
    run = folder / "run"
    run.mkdir()
    for first_step in (0, 1):  # the second time, the run goes on from a checkpoint
        with attempting(f"{component.__name__}({run})"):
            logger = component(run)
        _check_calls(logger, first_step, component.__name__)
    strangers = sorted(path.name for path in folder.iterdir() if path != run)
    require(not strangers, f"{component.__name__} writes outside of the run folder: {strangers}")


def _check_calls(logger: Logger, first_step: int, what: str) -> None:
    with attempting(f"{what}: start"):
        logger.start(_description())
    for stage in ("first", "second"):
        for step in range(first_step, 3):
            values = {
                "generator.adversarial": torch.tensor([0.5, torch.nan]),
                "discriminator.real": torch.tensor([float(step), torch.inf]),
            }
            given = {name: value.clone() for name, value in values.items()}
            with attempting(f"{what}: log({stage!r}, {step})"):
                logger.log(stage, step, values)
            same = values.keys() == given.keys() and all(
                torch.equal(values[name].nan_to_num(), given[name].nan_to_num()) for name in given
            )
            require(same, f"{what}: log changes the values it is given")
    with attempting(f"{what}: end"):
        logger.end("SO(2) on vectors of dimension 2, 1 generator")


def _description() -> dict[str, Any]:
    return {"source": "two-body", "options": {"run": {"seed": SEEDS[0]}}, "seeds": list(SEEDS)}
