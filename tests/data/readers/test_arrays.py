"""Arrays, tensors and lists at hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from symdisc.data.readers.arrays import as_array, as_trajectories
from symdisc.errors import DataError

ROWS = np.arange(24.0).reshape(12, 2)
RUNS = np.arange(48.0).reshape(3, 8, 2)


def test_rows_and_trajectories_are_told_apart_by_shape() -> None:
    arrays, is_rows = as_trajectories(ROWS)
    assert is_rows
    assert len(arrays) == 1
    arrays, is_rows = as_trajectories(RUNS)
    assert not is_rows
    assert [array.shape for array in arrays] == [(8, 2)] * 3


@pytest.mark.parametrize("container", [list, tuple])
def test_lists_of_arrays_are_trajectories(container: Any) -> None:
    arrays, is_rows = as_trajectories(
        container([ROWS, torch.from_numpy(ROWS[:5]), ROWS[:3].tolist()])
    )
    assert not is_rows
    assert [len(array) for array in arrays] == [12, 5, 3]
    assert np.array_equal(arrays[1], ROWS[:5])


def test_nested_lists_are_read_by_depth() -> None:
    assert as_trajectories(ROWS.tolist())[1]
    assert len(as_trajectories(RUNS.tolist())[0]) == 3


@pytest.mark.parametrize(
    "dtype",
    [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.uint8],
)
def test_tensors_of_any_real_type(dtype: torch.dtype) -> None:
    assert np.array_equal(as_array(torch.from_numpy(ROWS).to(dtype)), ROWS)


def test_tensors_with_gradients_lazy_signs_and_sparse_layout() -> None:
    tensor = torch.from_numpy(ROWS).requires_grad_()
    assert np.array_equal(as_array(tensor), ROWS)
    assert np.array_equal(as_array(torch.from_numpy(ROWS).to_sparse()), ROWS)
    negative = torch.complex(torch.zeros(3, 2), torch.ones(3, 2)).conj().imag
    assert np.array_equal(as_array(negative), -np.ones((3, 2)))
    assert as_array(torch.ones(3, 2).to(torch.complex64).conj()).dtype.kind == "c"


def test_types_that_are_not_read() -> None:
    class Unknown:
        def to_numpy(self) -> Any:
            return ROWS

    with pytest.raises(
        DataError, match=r"type Unknown are not read.*; call its \.to_numpy\(\) first"
    ):
        as_array(Unknown())
    with pytest.raises(DataError, match="type NoneType are not read: pass a path, a NumPy array"):
        as_array(None)
    with pytest.raises(DataError, match=r"nested lists of unequal length.*pass a list of arrays"):
        as_array([[1.0, 2.0], [3.0]])


def test_masked_arrays() -> None:
    with pytest.raises(DataError, match="a masked array hides 2 values; fill or leave out"):
        as_array(np.ma.masked_less(ROWS, 2.0))
    assert type(as_array(np.ma.masked_less(ROWS, -1.0))) is np.ndarray
