"""The conformance suite of data sets."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray

from symdisc.configuration import resolve
from symdisc.data.prepare import prepare
from symdisc.data.raw_file import read_raw, write_raw
from symdisc.interfaces import Dataset, RawData
from symdisc.options import Options
from symdisc.registry import default_host
from symdisc.testing.conformance import attempting, checked_options, require


def check_dataset(component: type[Any], options: Mapping[str, Any] | None = None) -> None:
    """Does a data set keep the promises of :class:`symdisc.interfaces.Dataset`?

    It says what it is and under what licence it may be used, the same options give the same
    data, another seed gives other data, random numbers of the rest of the program stay as they
    are, the data pass all checks that data of users have to pass (finite values, a name and a
    unit for each coordinate or none), true generators, where known, fit the vectors that the
    representation describes and are linearly independent, recommended settings have an effect,
    and a data set that is cached comes back from its file as it was.

    Args:
        component: The class.
        options: Its options, as a user would give them; choose few samples, and options with
            which the seed, if there is one, makes a difference.

    Raises:
        ConformanceError: The first broken promise.
        OptionError: ``options`` does not fit its options model.

    Example::

        def test_squeeze() -> None:
            check_dataset(Squeeze, {"n_samples": 100})
    """
    checked = checked_options("dataset", component, options)
    name = component.__name__
    _check_words(component, name)
    before = _random_states()
    raw = _make(component, checked)
    after = _random_states()
    changed = [source for source in before if before[source] != after[source]]
    require(not changed, f"{name}: make() uses the global random state of {', '.join(changed)}")
    again = _make(component, checked)
    require(_same(raw, again), f"{name}: the same options gave other data the second time")
    _check_seed(component, checked, raw, name)
    with attempting(f"{name}: preparing the data that make() gives"):
        prepare(raw)
    if raw.truth is not None:
        _check_truth(np.asarray(raw.truth), name)
    _check_shape(component, checked, raw, name)
    _check_recommended(component, name)
    _check_file(component, raw, name)


def _check_words(component: type[Any], name: str) -> None:
    for attribute in ("licence", "description"):
        text = getattr(component, attribute)
        require(
            isinstance(text, str) and bool(text.strip()),
            f"{name}: {attribute} must be a text; got {text!r}",
        )
    version = component.cache_version
    require(
        version is None or (isinstance(version, int) and version > 0),
        f"{name}: cache_version must be None or a positive whole number; got {version!r}",
    )


def _make(component: type[Any], options: Options) -> RawData:
    name = component.__name__
    with attempting(f"{name}: make()"):
        raw = cast("Dataset", component(options)).make()
    require(isinstance(raw, RawData), f"{name}: make() must give RawData; got {type(raw).__name__}")
    return raw


def _random_states() -> dict[str, Any]:
    numpy_state = cast("tuple[Any, ...]", np.random.get_state())
    return {
        "numpy": [
            str(part) if not isinstance(part, np.ndarray) else part.tobytes()
            for part in numpy_state
        ],
        "torch": torch.get_rng_state().tolist(),
        "random": random.getstate(),
    }


def _same(first: RawData, second: RawData) -> bool:
    one, two = list(_arrays(first)), list(_arrays(second))
    # Byte by byte, so that a NaN equals itself.
    return len(one) == len(two) and all(
        a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()
        for a, b in zip(one, two, strict=True)
    )


def _check_seed(component: type[Any], options: Options, raw: RawData, name: str) -> None:
    seed = getattr(options, "seed", None)
    if not isinstance(seed, int):
        return
    other = _make(component, options.model_copy(update={"seed": seed + 1}))
    require(not _same(raw, other), f"{name}: seeds {seed} and {seed + 1} gave the same data")


def _check_shape(component: type[Any], options: Options, raw: RawData, name: str) -> None:
    """The declared shape is that of the data with default options."""
    if not component.shape or options != component.Options.model_construct():
        return
    with attempting(f"{name}: the shape of its states"):
        shape = np.asarray(raw.states).shape
    require(
        shape == tuple(component.shape),
        f"{name}: shape says {component.shape} for the default options; the states are {shape}",
    )


def _check_recommended(component: type[Any], name: str) -> None:
    """Every recommended setting reaches the options that a run is made with."""
    with attempting(f"{name}: its recommended settings"):
        settings = resolve(
            _Host(component), {"dataset": name}, short={}, suggested=component.recommended
        )
    chosen = {**settings.components, "preset": settings.preset}
    for address, value in component.recommended.items():
        section, dot, option = address.partition(".")
        if not dot:
            require(
                chosen.get(section) == value,
                f"{name}: the recommended {address} = {value!r} has no effect",
            )
            continue
        given = settings.options[section].model_dump() if section in settings.options else {}
        require(
            option in given,
            f"{name}: the recommended {address} = {value!r} has no effect: there is no such "
            "option of what it is used with",
        )


class _Host:
    """The installed components and one data set that need not be installed."""

    def __init__(self, dataset: type[Any]) -> None:
        self._dataset = dataset

    def get(self, kind: str, name: str) -> Any:
        """The class behind a component."""
        return self._dataset if kind == "dataset" else default_host().get(kind, name)


def _check_file(component: type[Any], raw: RawData, name: str) -> None:
    if component.cache_version is None:
        return
    file = io.BytesIO()
    with attempting(f"{name}: writing and reading a cached copy"):
        write_raw(file, raw)
        file.seek(0)
        again = read_raw(file)
    require(_same(raw, again), f"{name}: its data come back from the cache changed")
    for attribute in ("representation", "target_representation", "names", "units"):
        given, returned = getattr(raw, attribute), getattr(again, attribute)
        require(
            returned == given,
            f"{name}: {attribute} {given!r} comes back from the cache as {returned!r}",
        )


def _arrays(raw: RawData) -> Iterator[NDArray[Any]]:
    yield from (np.asarray(part) for part in raw.states)
    for part in (raw.targets, raw.truth):
        if part is not None:
            yield np.asarray(part)


def _check_truth(truth: NDArray[Any], name: str) -> None:
    require(bool(np.isfinite(truth).all()), f"{name}: the true generators must be finite")
    rank = int(np.linalg.matrix_rank(truth.reshape(len(truth), -1))) if len(truth) else 0
    require(
        rank == len(truth),
        f"{name}: the {len(truth)} true generators must be linearly independent; they span {rank} "
        "dimension(s)",
    )
