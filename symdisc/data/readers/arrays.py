"""Arrays, tensors and lists at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from symdisc.errors import DataError

Trajectories = tuple[tuple[NDArray[Any], ...], bool]
"""One array for each trajectory, or a single one, and whether its rows are samples."""


def as_trajectories(data: Any) -> Trajectories:
    """Rows or trajectories, by shape.

    Two-dimensional arrays are rows; three-dimensional arrays ``(n, T, size)`` and lists of
    arrays ``(T_i, size)`` are trajectories.

    Raises:
        DataError: The type is not known.
    """
    if isinstance(data, list | tuple) and any(_is_array(item) for item in data):
        return tuple(as_array(item) for item in data), False
    array = as_array(data)
    return (tuple(array), False) if array.ndim == 3 else ((array,), True)


def as_array(value: Any) -> NDArray[Any]:
    """A NumPy array of an array, a tensor or nested lists of numbers; not copied if possible.

    Raises:
        DataError: The type is not known, lists are uneven, or values are masked.
    """
    if isinstance(value, torch.Tensor):
        return _from_tensor(value)
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise DataError(
            f"a masked array hides {int(np.ma.getmaskarray(value).sum())} values; fill or leave "
            "out what is masked, then pass a plain array"
        )
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    if isinstance(value, list | tuple):
        return _from_lists(value)
    hint = "; call its .to_numpy() first" if hasattr(value, "to_numpy") else ""
    raise DataError(
        f"data of type {type(value).__name__} are not read: pass a path, a NumPy array, a torch "
        f"tensor, a list of them, a data frame or an xarray object{hint}"
    )


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray | torch.Tensor)


def _from_tensor(tensor: torch.Tensor) -> NDArray[Any]:
    plain = tensor.detach().cpu().to_dense().resolve_conj().resolve_neg()
    # NumPy has no bfloat16, no 8-bit float and no half complex; wider types hold them exactly.
    if plain.is_complex():
        plain = plain.to(torch.complex128)
    elif plain.is_floating_point() and plain.dtype != torch.float64:
        plain = plain.float()
    array: NDArray[Any] = plain.numpy()
    return array


def _from_lists(value: Sequence[Any]) -> NDArray[Any]:
    try:
        return np.asarray(value)
    except ValueError as error:
        raise DataError(
            "nested lists of unequal length are not read: for trajectories of unequal length "
            "pass a list of arrays, [np.array(first), np.array(second), ...]"
        ) from error
