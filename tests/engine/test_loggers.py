from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
import torch
from torch import Tensor

from symdisc.engine.loggers import Loggers
from symdisc.engine.notices import Notices
from symdisc.engine.progress import Silent
from symdisc.interfaces import Logger

VALUES = {"generator.adversarial": torch.tensor([0.5, 0.25])}


class Remembering(Logger):
    """Remembers its calls; ``fails_in`` names the one that fails."""

    calls: ClassVar[list[Any]] = []
    fails_in: ClassVar[str] = ""

    def __init__(self, folder: Path | None) -> None:
        self._call("make", folder)

    def start(self, description: Mapping[str, Any]) -> None:
        self._call("start", description)

    def log(self, stage: str, step: int, values: Mapping[str, Tensor]) -> None:
        self._call("log", (stage, step, values))

    def end(self, summary: str) -> None:
        self._call("end", summary)

    def _call(self, name: str, given: Any) -> None:
        self.calls.append((name, given))
        if name == self.fails_in:
            raise RuntimeError("no\nconnection")


def _classes(fails_in: str = "") -> dict[str, type[Remembering]]:
    class Good(Remembering):
        calls: ClassVar[list[Any]] = []

    class Bad(Remembering):
        calls: ClassVar[list[Any]] = []

    Bad.fails_in = fails_in
    return {"good": Good, "bad": Bad}


def _tell(classes: Mapping[str, type[Logger]], folder: Path | None) -> list[str]:
    notices = Notices(Silent())
    loggers = Loggers(classes, folder, notices)
    loggers.start({"method": "liegan"})
    for step in (0, 50):
        loggers.log("liegan", step, VALUES)
    loggers.end("SO(2)")
    return notices.told


def test_every_logger_is_told_everything(tmp_path: Path) -> None:
    classes = _classes()
    assert _tell(classes, tmp_path) == []
    for cls in classes.values():
        assert cls.calls == [
            ("make", tmp_path),
            ("start", {"method": "liegan"}),
            ("log", ("liegan", 0, VALUES)),
            ("log", ("liegan", 50, VALUES)),
            ("end", "SO(2)"),
        ]


@pytest.mark.parametrize(("fails_in", "calls"), [("make", 1), ("start", 2), ("log", 3), ("end", 5)])
def test_one_that_fails_is_switched_off_and_told_once(fails_in: str, calls: int) -> None:
    classes = _classes(fails_in)
    assert _tell(classes, None) == [
        "logger 'bad' failed and is switched off: RuntimeError: no connection"
    ]
    assert [name for name, _ in classes["bad"].calls][-1] == fails_in
    assert len(classes["bad"].calls) == calls
    assert len(classes["good"].calls) == 5


def test_ctrl_c_is_no_failure_of_a_logger() -> None:
    class Interrupted(Remembering):
        calls: ClassVar[list[Any]] = []

        def _call(self, name: str, given: Any) -> None:
            if name == "log":
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _tell({"interrupted": Interrupted}, None)
