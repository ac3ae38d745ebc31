"""The conformance suite of data sets."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.interfaces import Dataset, RawData
from symdisc.options import Options
from symdisc.testing.conformance import attempting, checked_options, require


def check_dataset(component: type[Any], options: Mapping[str, Any] | None = None) -> None:
    """Does a data set keep the promises of :class:`symdisc.interfaces.Dataset`?

    It says what it is and under what licence it may be used, the same options give the same
    data, random numbers of the rest of the program stay as they are, the data pass all checks
    that data of users have to pass, and true generators, where known, fit the vectors that the
    representation describes and are linearly independent.

    Args:
        component: The class.
        options: Its options, as a user would give them; choose few samples.

    Raises:
        ConformanceError: The first broken promise.
        OptionError: ``options`` does not fit its options model.

    Example::

        def test_squeeze() -> None:
            check_dataset(Squeeze, {"n_samples": 100})
    """
    checked = checked_options("dataset", component, options)
    name = component.__name__
    for attribute in ("licence", "description"):
        text = getattr(component, attribute)
        require(
            isinstance(text, str) and bool(text.strip()),
            f"{name}: {attribute} must be a text; got {text!r}",
        )
    before = _random_states()
    raw = _make(component, checked)
    after = _random_states()
    changed = [source for source in before if before[source] != after[source]]
    require(not changed, f"{name}: make() uses the global random state of {', '.join(changed)}")
    _check_same(raw, _make(component, checked), name)
    with attempting(f"{name}: preparing the data that make() gives"):
        prepare(raw)
    if raw.truth is not None:
        _check_truth(np.asarray(raw.truth), name)


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


def _check_same(first: RawData, second: RawData, name: str) -> None:
    one, two = list(_arrays(first)), list(_arrays(second))
    # Byte by byte, so that a NaN equals itself.
    same = len(one) == len(two) and all(
        a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()
        for a, b in zip(one, two, strict=True)
    )
    require(same, f"{name}: the same options gave other data the second time")


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
