"""The logger ``tensorboard``: event files in the run folder, one sub-folder for each stage."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from torch import Tensor

from symdisc.errors import OutputError, PluginError
from symdisc.interfaces import Logger

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter


@final
class TensorBoard(Logger):
    """Writes the value of every seed as a scalar ``term/seed N``.

    Where a run goes on from a checkpoint, what was logged behind it is hidden, since TensorBoard
    is told at which step each stage starts again.
    """

    def __init__(self, folder: Path | None) -> None:
        if folder is None:
            raise OutputError(
                "tensorboard writes into the run folder, and this run has none; name one with "
                "out= (--out)"
            )
        _check_installed()
        self._folder = folder / "tensorboard"
        self._writers: dict[str, SummaryWriter] = {}
        self._seeds: tuple[int, ...] = ()

    def start(self, description: Mapping[str, Any]) -> None:
        """Write the settings as a text of the run."""
        self._seeds = tuple(description["seeds"])
        settings = json.dumps(description, indent=1, default=str)
        with _writer(self._folder, 0) as writer:
            writer.add_text("settings", f"```\n{settings}\n```")

    def log(self, stage: str, step: int, values: Mapping[str, Tensor]) -> None:
        """Write one scalar for each value and seed."""
        if stage not in self._writers:
            self._writers[stage] = _writer(self._folder / stage, step)
        for name, value in values.items():
            for seed, number in zip(self._seeds, value.tolist(), strict=True):
                self._writers[stage].add_scalar(f"{name}/seed {seed}", number, step)

    def end(self, summary: str) -> None:
        """Write what was found and close the files."""
        for writer in self._writers.values():
            writer.close()
        with _writer(self._folder, 1) as writer:
            writer.add_text("found", summary, 1)


def _check_installed() -> None:
    try:
        importlib.import_module("tensorboard")
    except ImportError as error:
        raise PluginError(
            f"the package tensorboard is missing ({error}); install it with "
            "pip install 'symdisc[tensorboard]'"
        ) from None


def _writer(folder: Path, step: int) -> SummaryWriter:
    from torch.utils.tensorboard import SummaryWriter

    return SummaryWriter(str(folder), purge_step=step)
