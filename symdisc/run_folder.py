"""The folder of a run: created once, never overwritten, complete enough to repeat the run."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, final

import yaml

from symdisc.errors import DataError, OptionError, OutputError
from symdisc.writing import writing

DEFAULT_PARENT = Path("runs")


@final
class RunFolder:
    """Paths inside a run folder.

    Attributes:
        path: The folder itself.
        made: It and those of its parents that were made for it, the innermost first.
    """

    def __init__(self, path: Path, made: tuple[Path, ...] = ()) -> None:
        self.path = path
        self.made = made

    @property
    def config(self) -> Path:
        """Resolved settings, YAML."""
        return self.path / "config.yaml"

    @property
    def metrics(self) -> Path:
        """Folder of the metrics files, one CSV for each stage."""
        return self.path / "metrics"

    @property
    def result(self) -> Path:
        """Folder of the saved result."""
        return self.path / "result"

    @property
    def checkpoint(self) -> Path:
        """What an unfinished run goes on from."""
        return self.path / "checkpoint.safetensors"

    @property
    def report(self) -> Path:
        """The report page."""
        return self.path / "report.html"

    @property
    def equations(self) -> Path:
        """Equations of motion, if they were asked for."""
        return self.path / "equations.json"

    @property
    def forecast(self) -> Path:
        """Errors of forecasts over time, if they were asked for."""
        return self.path / "forecast.csv"

    @classmethod
    def create(cls, path: Path) -> RunFolder:
        """Make a new, empty run folder.

        Raises:
            OutputError: The folder exists already or cannot be written.
        """
        try:
            made = tuple(folder for folder in (path, *path.parents) if not folder.exists())
            path.mkdir(parents=True)
            return cls(path, made)
        except FileExistsError:
            raise OutputError(
                f"{path} exists already and nothing is ever overwritten; "
                "name another folder with --out, or remove it first"
            ) from None
        except OSError as error:
            raise OutputError(
                f"cannot create the run folder {path}: {error.strerror}; "
                "name a writable place with --out"
            ) from None

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Open the folder of an earlier run.

        Raises:
            DataError: There is no run in it.
        """
        folder = cls(path)
        if not folder.config.is_file():
            raise DataError(
                f"{path} is not a run folder: it has no config.yaml; "
                "give the folder that `symdisc discover` named at its end"
            )
        return folder

    def remove_unused(self) -> None:
        """Remove the folder of a run that failed before it had anything to keep."""
        if self.metrics.exists() or self.result.exists():
            return
        self.remove_checkpoint()
        with contextlib.suppress(OSError):
            self.config.unlink()
        for folder in self.made:
            # Somebody else may have put something there in the meantime.
            with contextlib.suppress(OSError):
                folder.rmdir()

    def remove_checkpoint(self) -> None:
        """Remove the checkpoint, and what a kill while it was written has left."""
        for path in (self.checkpoint, self.checkpoint.with_name(self.checkpoint.name + ".new")):
            with contextlib.suppress(OSError):
                path.unlink()

    def set_result_aside(self, why: str) -> None:
        """Give the result that is there another name, ``result-WHY-N``.

        Args:
            why: What it is, e.g. ``"cut-short"``.

        Raises:
            OutputError: The folder cannot be written.
        """
        if not self.result.exists():
            return
        names = (self.path / f"result-{why}-{number}" for number in itertools.count(1))
        with writing(self.result):
            self.result.rename(next(path for path in names if not path.exists()))

    def write_config(self, settings: Mapping[str, Any]) -> None:
        """Write the resolved settings.

        Raises:
            OutputError: The file cannot be written.
        """
        text = yaml.safe_dump(dict(settings), sort_keys=False, allow_unicode=True)
        scratch = self.config.with_name(self.config.name + ".new")
        with writing(self.config):
            scratch.write_text(text, encoding="utf-8")
            scratch.replace(self.config)


def default_path(source: str, method: str) -> Path:
    """``runs/<source>-<method>-<date>-<time>``."""
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")[:-3]
    name = "".join(letter if letter.isalnum() else "-" for letter in Path(source).stem)
    return DEFAULT_PARENT / f"{name}-{method.replace(':', '-')}-{stamp}"


def read_config(path: Path) -> dict[str, Any]:
    """Read a YAML settings file.

    Raises:
        OptionError: The file is missing, not YAML or not a mapping.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OptionError(f"no settings file {path}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise OptionError(f"cannot read the settings file {path}: {reason}") from None
    if not isinstance(content, dict):
        raise OptionError(
            f"the settings file {path} must hold a mapping such as 'method: liegan'; "
            f"it holds {type(content).__name__}"
        )
    return content
