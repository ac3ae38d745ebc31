"""The loggers of a run; one that fails is switched off and never stops the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, final

from torch import Tensor

from symdisc.engine.notices import Notices
from symdisc.interfaces import Logger


@final
class Loggers:
    """Every chosen logger, told the same things.

    Args:
        classes: The class of each logger, by its name.
        folder: Folder of the run, or ``None``.
        notices: Who is told that a logger failed.
    """

    def __init__(
        self, classes: Mapping[str, type[Logger]], folder: Path | None, notices: Notices
    ) -> None:
        self._notices = notices
        self._loggers: dict[str, Logger] = {}
        for name, cls in classes.items():
            self._attempt(name, partial(self._add, name, cls, folder))

    def start(self, description: Mapping[str, Any]) -> None:
        """The run begins, or goes on."""
        self._each(lambda logger: logger.start(description))

    def log(self, stage: str, step: int, values: Mapping[str, Tensor]) -> None:
        """Values ``(E,)`` of one step by their names."""
        self._each(lambda logger: logger.log(stage, step, values))

    def end(self, summary: str) -> None:
        """The run is over."""
        self._each(lambda logger: logger.end(summary))

    def _add(self, name: str, cls: type[Logger], folder: Path | None) -> None:
        self._loggers[name] = cls(folder)

    def _each(self, call: Callable[[Logger], None]) -> None:
        for name, logger in list(self._loggers.items()):
            self._attempt(name, partial(call, logger))

    def _attempt(self, name: str, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception as error:  # whatever a plugin raises
            self._loggers.pop(name, None)
            reason = " ".join(str(error).split())
            self._notices.tell(
                f"logger {name!r} failed and is switched off: {type(error).__name__}: {reason}"
            )
