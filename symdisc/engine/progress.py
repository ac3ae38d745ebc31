"""Progress of a run: a live bar on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

PLAIN_INTERVAL = 10.0
"""Time between two plain progress lines [s]."""


class Reporter(ABC):
    """What the engine tells whoever watches."""

    @abstractmethod
    def start(self, name: str, n_steps: int) -> None:
        """A stage of this many steps begins."""

    @abstractmethod
    def advance(self, step: int, text: str) -> None:
        """``step`` steps are done; ``text`` says how it stands."""

    @abstractmethod
    def stop(self) -> None:
        """The stage is over."""

    @abstractmethod
    def say(self, text: str) -> None:
        """Tell something that is not progress."""


@final
class Silent(Reporter):
    """Says nothing."""

    def start(self, name: str, n_steps: int) -> None:
        """Nothing."""

    def advance(self, step: int, text: str) -> None:
        """Nothing."""

    def stop(self) -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """Nothing."""


@final
class Bar(Reporter):
    """A bar with the time left, for terminals."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None

    def start(self, name: str, n_steps: int) -> None:
        """See :class:`Reporter`."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[text]}"),
        )
        self._progress = Progress(*columns, console=self._console, transient=True)
        self._task = self._progress.add_task(name, total=n_steps, text="")
        self._progress.start()

    def advance(self, step: int, text: str) -> None:
        """See :class:`Reporter`."""
        if self._progress is not None:
            self._progress.update(self._task, completed=step, text=text)

    def stop(self) -> None:
        """See :class:`Reporter`."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def say(self, text: str) -> None:
        """See :class:`Reporter`."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)


@final
class Plain(Reporter):
    """One line every few seconds, for logs."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def start(self, name: str, n_steps: int) -> None:
        """See :class:`Reporter`."""
        self._name, self._n_steps = name, n_steps
        self._begun = self._last = time.monotonic()

    def advance(self, step: int, text: str) -> None:
        """See :class:`Reporter`."""
        now = time.monotonic()
        if now - self._last < PLAIN_INTERVAL:
            return
        self._last = now
        left = (now - self._begun) / max(step, 1) * (self._n_steps - step)
        self.say(f"{self._name}: step {step} of {self._n_steps}, {left:.0f} s left, {text}")

    def stop(self) -> None:
        """See :class:`Reporter`."""

    def say(self, text: str) -> None:
        """See :class:`Reporter`."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)


def reporter(quiet: bool) -> Reporter:
    """The reporter that suits standard error: bar, plain lines or, if quiet, nothing."""
    if quiet:
        return Silent()
    console = Console(stderr=True)
    return Bar(console) if console.is_terminal else Plain(console)
