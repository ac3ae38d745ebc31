"""The reference backend against scipy, and torch's faults that it keeps out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg
import torch
from numpy.typing import NDArray
from torch import Tensor

from symdisc.testing import check_kernel_backend
from symdisc.testing.tolerances import KERNEL
from symdisc_kernels.group_action.reference import ReferenceBackend

backend = ReferenceBackend()


def exact(matrices: Tensor) -> NDArray[Any]:
    """Exponentials by scipy in float64."""
    return np.stack([scipy.linalg.expm(matrix) for matrix in matrices.double().numpy()])


def error(found: Tensor, matrices: Tensor) -> float:
    truth = exact(matrices)
    return float(np.abs(found.double().numpy() - truth).max() / max(1.0, np.abs(truth).max()))


def of_norm(norm: float, seed: int) -> Tensor:
    matrix = torch.randn(3, 3, generator=torch.Generator().manual_seed(seed))
    return norm * matrix / matrix.abs().sum(0).max()


def test_it_passes_its_own_suite_and_runs_everywhere() -> None:
    assert backend.unavailable() is None
    check_kernel_backend(backend)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_many_sizes_and_norms(dtype: torch.dtype) -> None:
    rng = torch.Generator().manual_seed(0)
    for n in range(1, 9):
        scales = torch.logspace(-3, 0.5, 30)[:, None, None]
        matrices = (scales * torch.randn(30, n, n, generator=rng) / n).to(dtype)
        for one in matrices:
            # relative to each matrix's own exponential, not to the largest of all
            assert error(backend.expm(one[None]), one[None]) < KERNEL[dtype]
        assert error(backend.expm(matrices), matrices) < KERNEL[dtype]


def test_one_matrix_is_as_exact_as_many_where_torch_is_not() -> None:
    """Torch computes a batch of one with a wrong coefficient of the degree-8 polynomial."""
    norms = np.geomspace(0.01, 3, 200)
    matrices = [of_norm(float(norm), seed)[None] for seed, norm in enumerate(norms)]
    assert max(error(torch.linalg.matrix_exp(a), a) for a in matrices) > 2e-6
    assert max(error(backend.expm(a), a) for a in matrices) < 1e-6


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_float32(dtype: torch.dtype) -> None:
    matrices = torch.stack([of_norm(2.0, seed) for seed in range(5)]).to(dtype)
    found = backend.expm(matrices)
    assert found.dtype == dtype
    assert error(found, matrices) < KERNEL[dtype]
    assert not error(torch.linalg.matrix_exp(matrices), matrices) < 10 * KERNEL[dtype]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("bad", [[0], [2], [0, 1, 3]])
def test_nan_stays_in_its_matrix(dtype: torch.dtype, bad: list[int]) -> None:
    matrices = torch.randn(4, 3, 3, generator=torch.Generator().manual_seed(1)).to(dtype)
    clean = backend.expm(matrices)
    matrices[bad, 0, 1] = torch.nan
    found = backend.expm(matrices)
    good = [i for i in range(4) if i not in bad]
    assert torch.equal(found[good], clean[good])
    assert found[bad].isnan().any(-1).any(-1).all()


def test_one_by_one_matrices_are_ordinary_exponentials() -> None:
    values = torch.linspace(-3, 3, 13, dtype=torch.float64)
    assert torch.allclose(backend.expm(values[:, None, None])[:, 0, 0], values.exp(), rtol=1e-14)


@pytest.mark.parametrize("shape", [(0, 3, 3), (2, 0, 3, 3), (0, 1, 1)])
def test_empty_batches(shape: tuple[int, ...]) -> None:
    matrices = torch.zeros(shape, requires_grad=True)
    found = backend.expm(matrices)
    assert found.shape == shape
    found.sum().backward()  # type: ignore[no-untyped-call]
    assert matrices.grad is not None
