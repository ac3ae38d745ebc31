"""What a run has to tell besides its progress: said at once, and kept for the result."""

from __future__ import annotations

from typing import final

from symdisc.engine.progress import Reporter


@final
class Notices:
    """Sentences that the watcher and the reader of the result have to know.

    Args:
        reporter: Who is told at once.

    Attributes:
        told: Everything told so far.
    """

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self.told: list[str] = []

    def tell(self, text: str) -> None:
        """Say a sentence, unless it was said before."""
        if text not in self.told:
            self.told.append(text)
            self._reporter.say(text)
