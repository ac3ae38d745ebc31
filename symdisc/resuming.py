"""An unfinished run: what its folder and its checkpoint say, and whether it can go on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from symdisc.configuration import flatten
from symdisc.data.fingerprint import fingerprint
from symdisc.data.samples import Samples
from symdisc.engine.checkpoint import Tree, read_checkpoint
from symdisc.errors import DataError, OptionError
from symdisc.result_io import JSON_FILE
from symdisc.run_folder import RunFolder, read_config


@dataclass(frozen=True)
class Unfinished:
    """A run that was cut short.

    Attributes:
        folder: Its folder.
        config: Its settings.
        data: Fingerprint of its samples; ``None`` where it ended before its first checkpoint.
        stages: The records of its stages, for :func:`symdisc.engine.loop.run_stages`.
        spent: Wall and CPU time spent on it so far [s].
        resumed: Where it went on before.
    """

    folder: RunFolder
    config: Mapping[str, Any]
    data: str | None = None
    stages: tuple[Tree, ...] = ()
    spent: Mapping[str, float] = field(default_factory=lambda: {"wall": 0.0, "cpu": 0.0})
    resumed: tuple[str, ...] = ()

    @property
    def position(self) -> str:
        """Where it goes on, in words."""
        if not self.stages:
            return "the beginning"
        last = self.stages[-1]
        if last["over"]:
            return f"the end of {last['stage']}"
        return f"step {last.get('step', 0)} of {last['stage']}"

    def check_data(self, samples: Samples) -> None:
        """Refuse other data than those of the run.

        Raises:
            DataError: The samples differ.
        """
        if self.data is not None and fingerprint(samples) != self.data:
            raise DataError(
                f"{self.folder.path} was run on other data: the values read from "
                f"{self.config.get('source')} are not those of the checkpoint; give the data of "
                "that run, or start a new one"
            )


def unfinished(path: Path) -> Unfinished:
    """Read what is there of a run that is to go on.

    Raises:
        DataError: There is no run, it is finished, or its checkpoint cannot be continued.
        OptionError: Its settings cannot be read, or were changed since.
    """
    folder = RunFolder.open(path)
    config = read_config(folder.config)
    if _is_finished(folder):
        raise DataError(
            f"{path} is finished, there is nothing left to do; `symdisc report {path}` shows what "
            "was found, and `symdisc discover --config "
            f"{folder.config} --seed N` runs it with other seeds"
        )
    if not folder.checkpoint.is_file():
        return Unfinished(folder, config)
    saved = read_checkpoint(folder.checkpoint)
    try:
        _check_settings(saved["config"], config, folder)
        return Unfinished(
            folder,
            config,
            saved["data"],
            tuple(saved["stages"]),
            saved["spent"],
            tuple(saved["resumed"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise DataError(
            f"the checkpoint {folder.checkpoint} is damaged ({reason}); start the run anew"
        ) from None


def refuse_settings(
    resume: Path, config: object, options: Mapping[str, Any], short: Mapping[str, Any], out: object
) -> None:
    """A run goes on with its own settings; others may not be given.

    Raises:
        OptionError: Lists what was given.
    """
    given = [f"{name} = {value!r}" for name, value in {**options, **short}.items()]
    given += [f"config = {str(config)!r}"] if config is not None else []
    given += [f"out = {str(out)!r}"] if out is not None else []
    if given:
        raise OptionError(
            f"{resume} goes on with the settings of its config.yaml; leave out {', '.join(given)}, "
            f"or start a new run with --config {resume / 'config.yaml'}"
        )


def _is_finished(folder: RunFolder) -> bool:
    try:
        content = json.loads((folder.result / JSON_FILE).read_text(encoding="utf-8"))
        return not content["interrupted"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _check_settings(saved: Mapping[str, Any], now: Mapping[str, Any], folder: RunFolder) -> None:
    before, after = flatten(saved), flatten(now)
    changed = [
        f"{name} was {before.get(name)!r} and is now {after.get(name)!r}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    if changed:
        raise OptionError(
            f"{folder.config} was changed since this run began, so it cannot go on: "
            f"{'; '.join(changed)}; put it back, or start a new run with --config {folder.config}"
        )
