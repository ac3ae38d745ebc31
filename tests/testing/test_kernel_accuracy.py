from __future__ import annotations

from typing import final

import mpmath
import numpy as np
import pytest
import torch
from torch import Tensor

from symdisc.testing import AccuracyCase, ConformanceError, accuracy_cases, check_kernel_accuracy
from symdisc.testing.kernel_accuracy import FAMILIES, NORMS, extended_expm
from symdisc_kernels import KernelBackend
from symdisc_kernels.group_action.reference import ReferenceBackend


class Sloppy(KernelBackend):
    """Right to a few parts in 100,000."""

    device_types = frozenset({"cpu"})

    def unavailable(self) -> str | None:
        return None

    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        return ReferenceBackend().group_action(coefficients, generators, points) * (1 + 3e-5)

    def group_elements(self, coefficients: Tensor, generators: Tensor) -> Tensor:
        return ReferenceBackend().group_elements(coefficients, generators)

    def expm(self, matrices: Tensor) -> Tensor:
        return ReferenceBackend().expm(matrices)


@final
class WrongInOneElement(Sloppy):
    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        moved = ReferenceBackend().group_action(coefficients, generators, points)
        spoilt = torch.ones_like(moved)
        spoilt[0, 0] = 1 + 1e-3
        return moved * spoilt


@final
class SloppyGradient(Sloppy):
    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        scaled = (1 + 1e-4) * generators - 1e-4 * generators.detach()
        return ReferenceBackend().group_action(coefficients, scaled, points)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_torch_is_as_exact_as_itself(dtype: torch.dtype) -> None:
    for case in accuracy_cases(range(3, 4)):
        check_kernel_accuracy(ReferenceBackend(), case, dtype)


@pytest.mark.parametrize(
    ("backend", "message"),
    [
        (Sloppy(), r"Sloppy on AccuracyCase\(family='random', n=3, .* in float32: median relative"),
        (WrongInOneElement(), r"max relative error 1\.0e-03 of group_action, torch's is .*e-0"),
        (SloppyGradient(), r"of gradient in generators, torch's is .*, allowed 1\.0e-06"),
    ],
)
def test_a_backend_that_is_less_exact_is_found_out(backend: KernelBackend, message: str) -> None:
    with pytest.raises(ConformanceError, match=message):
        check_kernel_accuracy(backend, AccuracyCase("random", 3, 1.0))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("norm", NORMS)
def test_the_truth_is_true(family: str, norm: float) -> None:
    """Against 50 digits, on one exponent of each kind."""
    z, generators, *_ = AccuracyCase(family, 4, norm, members=1, batch=1).arguments(torch.float64)
    exponent = torch.einsum("ebk,ekij->ebij", z, generators)[0, 0]
    assert float(exponent.abs().sum(0).max()) == pytest.approx(norm)
    with mpmath.workdps(50):
        exact = mpmath.expm(mpmath.matrix(exponent.tolist()), method="taylor")
        found = extended_expm(exponent.numpy().astype(np.longdouble)[None])[0]
        largest = max(abs(exact[i, j]) for i in range(4) for j in range(4))
        # A long double goes to mpmath as the two doubles that it is the sum of.
        high = found.astype(np.float64)
        low = (found - high).astype(np.float64)
        error = max(
            abs(mpmath.mpf(float(high[i, j])) + mpmath.mpf(float(low[i, j])) - exact[i, j])
            for i in range(4)
            for j in range(4)
        )
        assert error / largest < 1e-16


def test_all_kinds_and_norms_are_there() -> None:
    cases = list(accuracy_cases(range(1, 4)))
    assert {(c.family, c.norm) for c in cases if c.n == 3 and c.spread == 1} == {
        (family, norm) for family in FAMILIES for norm in NORMS
    }
    (mixed,) = [c for c in cases if c.n == 3 and c.family == "random" and c.spread > 1]
    z, generators, *_ = mixed.arguments(torch.float64)
    norms = torch.einsum("ebk,ekij->ebij", z, generators).abs().sum(-2).amax(-1)
    assert norms.max() < 20
    assert norms.max() > 1e4 * norms.min()
    assert max(case.batch for case in cases) > 64
    assert {c.family for c in cases if c.n == 1} == {"random", "symmetric"}
    skew = AccuracyCase("antisymmetric", 3, 1.0).arguments(torch.float64)[1]
    assert torch.equal(skew, -skew.mT)
    nilpotent = AccuracyCase("nilpotent", 3, 1.0).arguments(torch.float64)[1]
    assert not torch.linalg.matrix_power(nilpotent, 3).any()
