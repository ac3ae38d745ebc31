"""The arithmetic and the memory traffic that a problem needs, whoever computes it.

Work is counted sample by sample: every exponent with the degree and the sub-steps, or the
squarings, that its own norm needs. A kernel that treats many samples alike does more than that, so
rates and shares of peak made from these numbers are lower bounds of what the hardware does.

Multiply-adds per sample (a multiply-add is two floating-point operations), with m terms, s
sub-steps and q = max(0, ⌈log2(norm / θ_8)⌉ squarings:

- exponent and its norm: e = k n² + n²
- matrix path: p = (3 + q) n³ + 10 n²  (degree 8 in three products, then squarings)
- forward: e + min(c s m (n² + n), p + c n²)
- backward: e + 2 k n² + min(c ((s - 1) m (n² + n) + s m (3 n² + 4 n)), 3 p + 2 c n²)

The first term of each minimum is the Taylor action (Al-Mohy & Higham 2011) and its reverse with
stored terms, at the cheapest (m, s); the second is scaling and squaring with the matrix applied,
and the Fréchet pair (Al-Mohy & Higham 2009) for the gradient.

Bytes per sample: forward, z and x are read and y is written once, (k + 2 c n) numbers; backward
reads z, x and the gradient of y and writes those of z and x, (2 k + 3 c n) numbers. Generators and
their gradient are shared by the batch and not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc_kernels.benchmark.cases import Case, Direction
from symdisc_kernels.benchmark.series import DEGREES

Cost = Callable[[int, Tensor], Tensor]


@dataclass(frozen=True)
class Work:
    """Needed floating-point operations and bytes, per sample."""

    operations: float
    bytes: float


def work_of(case: Case, norms: Tensor, direction: Direction) -> Work:
    """Work of one sample, on average over exponents of these 1-norms ``(samples,)``."""
    forward = _forward(case, norms)
    numbers = case.k + 2 * case.c * case.n
    total = forward
    if direction == "forward+backward":
        total = forward + _backward(case, norms)
        numbers += 2 * case.k + 3 * case.c * case.n
    return Work(2 * float(total.double().mean()), float(numbers * case.dtype.itemsize))


def _forward(case: Case, norms: Tensor) -> Tensor:
    n, c = case.n, case.c
    action = _least(case, norms, lambda m, s: c * s * m * (n**2 + n))
    return _exponent(case) + torch.minimum(action, _matrix_path(case, norms) + c * n**2)


def _backward(case: Case, norms: Tensor) -> Tensor:
    n, c = case.n, case.c

    def reverse(m: int, s: Tensor) -> Tensor:
        return c * ((s - 1) * m * (n**2 + n) + s * m * (3 * n**2 + 4 * n))

    pair = 3 * _matrix_path(case, norms) + 2 * c * n**2
    return _exponent(case) + 2 * case.k * n**2 + torch.minimum(_least(case, norms, reverse), pair)


def _exponent(case: Case) -> int:
    return (case.k + 1) * case.n**2


def _matrix_path(case: Case, norms: Tensor) -> Tensor:
    threshold = dict(DEGREES[case.dtype])[8]
    squarings = torch.ceil(torch.log2(norms / threshold)).clamp(min=0)
    return (3 + squarings) * case.n**3 + 10 * case.n**2


def _least(case: Case, norms: Tensor, cost: Cost) -> Tensor:
    """The cost at each sample's cheapest degree and number of sub-steps."""
    costs = [
        cost(terms, torch.ceil(norms / threshold).clamp(min=1))
        for terms, threshold in DEGREES[case.dtype]
    ]
    return torch.stack(costs).amin(0)
