"""When a run is saved: at intervals, at the end of each stage, and never at the cost of the run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, final

from symdisc.engine.checkpoint import Tree, write_checkpoint
from symdisc.engine.notices import Notices
from symdisc.errors import OutputError

LEAST_INTERVAL = 10.0
"""Time between two checkpoints where the user gives none, at least [s]."""

SHARE = 0.01
"""Share of the time of a run that checkpoints may take where the user gives no interval [1]."""


@final
class Checkpoints:
    """Saves the records of the stages of a run.

    Args:
        path: The checkpoint, or ``None`` to save nothing.
        every: Time between two checkpoints [s], 0 for every step; ``None`` for
            :data:`LEAST_INTERVAL`, and longer where that costs more than :data:`SHARE`.
        fixed: What does not change: the settings and what identifies the data.
        spent: Time spent on the run so far.
        notices: Who is told of a checkpoint that could not be written.

    Attributes:
        latest: Where the last one is and from where it goes on, in words; ``""`` if there is none.
    """

    def __init__(
        self,
        path: Path | None,
        every: float | None,
        fixed: Mapping[str, Any],
        spent: Callable[[], Mapping[str, float]],
        notices: Notices,
    ) -> None:
        self._path = path
        self._every = every
        self._fixed = fixed
        self._spent = spent
        self._notices = notices
        self._last = time.monotonic()
        self._cost = 0.0
        self.latest = ""

    def due(self) -> bool:
        """Whether it is time for the next one."""
        if self._path is None:
            return False
        automatic = max(LEAST_INTERVAL, self._cost / SHARE)
        interval = automatic if self._every is None else self._every
        return time.monotonic() - self._last >= interval

    def save(self, stages: Sequence[Tree]) -> None:
        """Save the records of the stages; a failure is told once and stops nothing."""
        if self._path is None:
            return
        begun = time.monotonic()
        try:
            write_checkpoint(
                self._path, {**self._fixed, "spent": dict(self._spent()), "stages": list(stages)}
            )
            self.latest = f"{self._path}, {_place(stages)}"
        except OutputError as error:
            # The next attempt may find space again; what is told stays the same sentence.
            self._notices.tell(
                f"no checkpoint could be written, training goes on without: {error.args[0]}"
            )
        self._last = time.monotonic()
        self._cost = self._last - begun


def _place(stages: Sequence[Tree]) -> str:
    if not stages:
        return "before the first stage"
    last = stages[-1]
    if last.get("over"):
        return f"at the end of {last['stage']}"
    return f"at step {last.get('step', 0)} of {last['stage']}"
