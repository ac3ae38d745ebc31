"""Loggers: where the values of a run go besides its metrics files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor


class Logger(ABC):
    """Takes down what a run logs.

    The constructor takes ``(folder)``. Whatever a logger raises, it is switched off with one
    message and the run goes on. A run that was killed and goes on calls :meth:`start` again, in
    another process, and logs the steps behind its last checkpoint a second time.
    """

    @abstractmethod
    def __init__(self, folder: Path | None) -> None:
        """Remember the folder of the run; ``None`` where the run has none."""

    @abstractmethod
    def start(self, description: Mapping[str, Any]) -> None:
        """The run begins.

        Args:
            description: The resolved settings as in ``config.yaml``, and ``seeds``: the seed of
                each of the E members.
        """

    @abstractmethod
    def log(self, stage: str, step: int, values: Mapping[str, Tensor]) -> None:
        """Take down the values of one step.

        Args:
            stage: Name of the stage.
            step: Step of this stage, counted from 0.
            values: ``(E,)`` on any device, by names such as ``"generator.adversarial"``; some
                may be NaN. They must not be changed.
        """

    @abstractmethod
    def end(self, summary: str) -> None:
        """The run is over; ``summary`` says in one sentence what was found."""
