"""The end of a run: its result is saved, in another place if need be, and its report written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from symdisc.errors import OutputError
from symdisc.result import SymmetryResult
from symdisc.run_folder import RunFolder


def save_and_report(
    result: SymmetryResult,
    folder: RunFolder,
    say: Callable[[str], None],
    *,
    aside: str = "cut-short",
) -> None:
    """Save the result into the run folder and write the report.

    Args:
        result: What was found.
        folder: The run folder; an earlier result is set aside.
        say: Told what to do where the report is cut short.
        aside: What the earlier result is, for its new name.

    Raises:
        OutputError: The folder cannot be written; the message says where the result is.
    """
    from symdisc.report.page import write_report

    try:
        folder.set_result_aside(aside)
        result.save(folder.result)
    except OutputError as error:
        raise OutputError(f"{error}; {_saved_elsewhere(result)}") from None
    saved = f"the result is saved; `symdisc report {folder.path}` writes the report"
    try:
        write_report(folder.path)
    except KeyboardInterrupt:
        say(saved)
        raise
    except OutputError as error:
        raise OutputError(f"{error}; {saved}") from None
    if not result.interrupted:
        folder.remove_checkpoint()


def _saved_elsewhere(result: SymmetryResult) -> str:
    """Save the result into a temporary folder; say where it is, or why it is lost."""
    try:
        place = result.save(Path(tempfile.mkdtemp(prefix="symdisc-")) / "result")
    except OSError as error:
        return f"nor could it be saved elsewhere: {error}"
    return f"the result was saved in {place} instead"
