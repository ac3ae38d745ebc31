"""What there is to say about data, in lines of a name and a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from symdisc.data.given import Given
    from symdisc.interfaces import RawData

Facts = list[tuple[str, str]]

_MOST_NAMES = 24


def given_facts(given: Given) -> Facts:
    """States, coordinates and targets of what a reader gave."""
    return [
        ("states", states_words(given)),
        ("coordinates", _coordinates(given)),
        ("targets", targets_words(given)),
    ]


def raw_facts(raw: RawData) -> Facts:
    """The same of what a data set made, with how it transforms and what is known of it."""
    from dataclasses import replace

    from symdisc.data.reading import read

    given = replace(read(raw.states, raw.targets), names=raw.names, units=raw.units)
    transforms = raw.representation or "one vector"
    if raw.target_representation:
        transforms += f", targets {raw.target_representation}"
    return [
        *given_facts(given),
        ("representation", transforms),
        ("true generators", "not given" if raw.truth is None else truth_words(raw.truth)),
    ]


def shape_words(shape: tuple[int, ...]) -> str:
    """Numbers of trajectories, states and coordinates, or of rows and coordinates."""
    return " × ".join(f"{n:,}" for n in shape)


def states_words(given: Given) -> str:
    """How many states of what type, for instance ``800 trajectories of 20 states``."""
    types = ", ".join(sorted({str(array.dtype) for array in given.arrays}))
    if given.is_rows:
        return f"rows {shape_words(given.arrays[0].shape)}, {types}"
    lengths = [len(array) for array in given.arrays]
    shortest, longest = min(lengths), max(lengths)
    each = f"{shortest:,}" if shortest == longest else f"{shortest:,} to {longest:,}"
    size = "differing numbers of" if given.size is None else f"{given.size:,}"
    return f"{len(lengths):,} trajectories of {each} states, {size} coordinates, {types}"


def targets_words(given: Given) -> str:
    """Numbers or labels, and of what type."""
    from symdisc.data.targets import is_labels

    targets = given.targets
    if targets is None:
        return "none"
    if not is_labels(targets):
        return f"numbers {shape_words(targets.shape)}, {targets.dtype}"
    low, high = int(targets.min(initial=0)), int(targets.max(initial=0))
    return f"class labels {low} to {high} of {len(targets):,} rows"


def truth_words(truth: NDArray[Any] | Tensor) -> str:
    """How many true generators ``(k, n, n)`` of what size."""
    if not len(truth):
        return "none: there is no continuous symmetry"
    return f"{len(truth)} of {truth.shape[1]} × {truth.shape[2]}"


def _coordinates(given: Given) -> str:
    if not given.names:
        return "without names"
    units = given.units or ("",) * len(given.names)
    texts = [
        f"{name} [{unit}]" if unit else name for name, unit in zip(given.names, units, strict=False)
    ]
    more = f", … ({len(texts)} in all)" if len(texts) > _MOST_NAMES else ""
    return ", ".join(texts[:_MOST_NAMES]) + more
