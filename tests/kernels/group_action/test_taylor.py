from __future__ import annotations

import pytest
import torch

from symdisc.testing import Problem, check_kernel_backend
from symdisc.testing.tolerances import KERNEL
from symdisc_kernels.group_action.reference import ReferenceBackend
from symdisc_kernels.group_action.taylor import TaylorBackend

backend = TaylorBackend()


def test_it_runs_everywhere_and_passes_the_suite() -> None:
    assert backend.unavailable() is None
    check_kernel_backend(backend)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_every_number_of_squarings(dtype: torch.dtype) -> None:
    """Skew matrices: their exponentials have entries of at most 1 whatever the norm."""
    rng = torch.Generator().manual_seed(0)
    for exponent in range(-12, 8):
        matrices = torch.randn(6, 4, 4, generator=rng, dtype=torch.float64)
        skew = (2.0**exponent * (matrices - matrices.mT) / 8).to(dtype)
        exact = torch.linalg.matrix_exp(skew.double())
        error = float((backend.expm(skew).double() - exact).abs().max())
        # every doubling of the norm doubles the rounding error
        assert error < KERNEL[dtype] * max(1.0, 2.0**exponent)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_left_to_the_reference(dtype: torch.dtype) -> None:
    matrices = torch.linspace(-1, 1, 18).reshape(2, 3, 3).to(dtype)
    assert torch.equal(backend.expm(matrices), ReferenceBackend().expm(matrices))


@pytest.mark.parametrize("value", [1e4, torch.inf, torch.nan])
def test_what_cannot_be_scaled_is_left_to_the_reference(value: float) -> None:
    matrices = torch.zeros(3, 2, 2)
    matrices[1, 0, 1] = value
    found, expected = backend.expm(matrices), ReferenceBackend().expm(matrices)
    assert torch.equal(found.nan_to_num(5.0), expected.nan_to_num(5.0))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_it_works_under_vmap_and_compile() -> None:
    matrices = torch.linspace(-1, 1, 54).reshape(2, 3, 3, 3)
    expected = backend.expm(matrices)
    assert torch.allclose(torch.func.vmap(backend.expm)(matrices), expected)
    compiled = torch.compile(backend.expm, fullgraph=True, backend="aot_eager")
    assert torch.allclose(compiled(matrices), expected)


def test_zero_gives_exactly_the_identity() -> None:
    assert torch.equal(backend.expm(torch.zeros(2, 3, 3)), torch.eye(3).expand(2, 3, 3))


def test_leading_dimensions_do_not_matter() -> None:
    problem = Problem(3, k=2, components=2, leading=(2, 3))
    z, generators, points = problem.arguments(torch.float64, torch.device("cpu"))
    moved = backend.group_action(z, generators, points)
    single = backend.group_action(z[1, 2], generators[1, 2], points[1, 2])
    assert torch.allclose(moved[1, 2], single, rtol=1e-12)
