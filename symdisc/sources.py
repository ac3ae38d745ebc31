"""What the user named as data: a data set, a file, or arrays at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from symdisc.configuration import DataOptions, Settings
from symdisc.data.cache import make_cached
from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.data.selection import Selection
from symdisc.errors import DataError
from symdisc.registry import PluginHost
from symdisc.suggest import did_you_mean


@dataclass(frozen=True)
class Source:
    """Where the data come from.

    Attributes:
        name: What reports call it.
        dataset: Name of a data set component, or ``None``.
        content: A path or arrays, where there is no data set.
        targets: Targets at hand, if any.
    """

    name: str
    dataset: str | None = None
    content: Any = None
    targets: Any = None

    @property
    def address(self) -> str:
        """What finds the data again from anywhere; ``arrays`` where some are in memory only."""
        if self.targets is not None:
            return "arrays"
        return str(self.content.resolve()) if isinstance(self.content, Path) else self.name

    @property
    def layer(self) -> dict[str, Any]:
        """The settings that the choice of data makes."""
        return {} if self.dataset is None else {"dataset": self.dataset}


def find_source(host: PluginHost, data: Any, targets: Any = None) -> Source:
    """Decide whether ``data`` names a data set, names a file, or is the data.

    Raises:
        DataError: A text that is neither a data set nor a file.
    """
    if not isinstance(data, str | Path):
        return Source("arrays", content=data, targets=targets)
    text = str(data)
    known = {offer.component.name for offer in host.components("dataset")}
    is_there = _exists(Path(text))
    if text in known or (":" in text and not is_there):
        return Source(text, dataset=text, targets=targets)
    if is_there or Path(text).suffix or len(Path(text).parts) > 1:
        return Source(text, content=Path(text), targets=targets)
    raise DataError(
        f"no data set and no file named {text!r}; data sets: {', '.join(sorted(known))}."
        + did_you_mean(text, known)
    )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # such as a name too long
        return False


def suggestions(host: PluginHost, source: Source) -> Mapping[str, Any]:
    """Settings that the data set recommends for itself."""
    if source.dataset is None:
        return {}
    recommended: Mapping[str, Any] = host.get("dataset", source.dataset).recommended
    return recommended


def load_samples(source: Source, settings: Settings, to_search: bool = True) -> Samples:
    """Make or read the data and bring them into the checked form.

    Args:
        source: Where the data come from.
        settings: Say how they are made or read.
        to_search: Whether a symmetry is sought in the data: then they must be many and differ.

    Raises:
        DataError: Lists everything that is wrong with the data.
    """
    options = settings.data
    content = source.content
    if source.dataset is not None:
        content = make_cached(settings.classes["dataset"], settings.options["dataset"])
    return prepare(
        content,
        source.targets,
        representation=options.representation,
        target_representation=options.target_representation,
        steps=options.window,
        source=source.dataset,
        selection=selection_of(options),
        to_search=to_search,
    )


def selection_of(options: DataOptions) -> Selection:
    """Which arrays or columns of a file the settings name."""
    return Selection(
        options.states_key,
        options.targets_key,
        options.columns,
        options.target_columns,
        options.trajectory_column,
    )
