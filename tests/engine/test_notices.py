from __future__ import annotations

from rich.console import Console

from symdisc.engine.notices import Notices
from symdisc.engine.progress import Plain


def test_what_is_told_is_said_and_kept_once() -> None:
    console = Console(record=True, width=200)
    notices = Notices(Plain(console))
    for text in ("the disk is full", "a logger failed", "the disk is full"):
        notices.tell(text)
    assert notices.told == ["the disk is full", "a logger failed"]
    assert console.export_text() == "the disk is full\na logger failed\n"
