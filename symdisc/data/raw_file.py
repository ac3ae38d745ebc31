"""What a data set made, as an ``.npz`` file of plain arrays, which the readers read as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from symdisc.interfaces.dataset import RawData

_TEXTS = ("representation", "target_representation", "names", "units")
_OPTIONAL = ("targets", "truth")


def write_raw(file: IO[bytes], raw: RawData) -> None:
    """Write the arrays ``states``, ``targets``, ``truth`` and the description, no pickle.

    Trajectories of one length become one array ``(n, T, size)``; those of unequal lengths are
    put one after the other, with an array ``lengths``.

    Raises:
        TypeError: An array holds Python objects.
        OSError: The file cannot be written.
    """
    arrays = {**_states(raw.states), **_description(raw)}
    objects = [name for name, array in arrays.items() if array.dtype.hasobject]
    if objects:
        raise TypeError(f"{', '.join(objects)} hold Python objects, which are never written")
    np.savez(file, **arrays)  # type: ignore[arg-type]  # the stubs take names for a keyword


def read_raw(file: IO[bytes]) -> RawData:
    """Read what :func:`write_raw` wrote.

    Raises:
        Exception: Damaged bytes raise anything: OS, zip, key and value errors.
    """
    with np.load(file, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    states = arrays["states"]
    if "lengths" in arrays:
        states = np.split(states, np.cumsum(arrays["lengths"])[:-1])
    return RawData(
        states=states,
        targets=arrays.get("targets"),
        representation=str(arrays["representation"]),
        target_representation=str(arrays["target_representation"]),
        names=tuple(map(str, arrays["names"])),
        units=tuple(map(str, arrays["units"])),
        truth=arrays.get("truth"),
    )


def _states(states: Any) -> dict[str, NDArray[Any]]:
    if not isinstance(states, Sequence):
        return {"states": np.asarray(states)}
    parts = [np.asarray(part) for part in states]
    lengths = [len(part) for part in parts]
    if len(set(lengths)) == 1:
        return {"states": np.stack(parts)}
    return {"states": np.concatenate(parts), "lengths": np.array(lengths)}


def _description(raw: RawData) -> dict[str, NDArray[Any]]:
    given = {name: getattr(raw, name) for name in _OPTIONAL}
    return {
        **{name: np.asarray(value) for name, value in given.items() if value is not None},
        **{name: np.array(getattr(raw, name), dtype=np.str_) for name in _TEXTS},
    }
