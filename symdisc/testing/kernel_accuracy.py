"""How exact a kernel backend is, next to torch in the same precision, from the easy to the extreme.

The truth is computed in the extended precision of ``numpy.longdouble`` (64 bits of mantissa on
x86), by the plainest of algorithms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symdisc.testing.conformance import require
from symdisc_kernels import KernelBackend
from symdisc_kernels.group_action.reference import ReferenceBackend

FLOOR = {torch.float32: 1e-6, torch.float64: 1e-14}
"""Relative errors below this are good enough, whatever torch's are."""

STEEP = 5.0
"""Factor on :data:`FLOOR` for gradients of symmetric exponents of norm 50: e^50 multiplies every
rounding error of the exponent by 50."""

OUTLIER = 5.0
"""Factor on the allowance for the worst element of a batch."""

NORMS = (1e-6, 1e-3, 0.1, 1.0, 3.0, 10.0, 50.0)
"""1-norms of the exponents."""

Extended = NDArray[np.longdouble]
Outputs = dict[str, Tensor]

_TERMS = 24


def _antisymmetric(entries: Tensor) -> Tensor:
    return entries - entries.mT


def _symmetric(entries: Tensor) -> Tensor:
    return entries + entries.mT


def _nilpotent(entries: Tensor) -> Tensor:
    return entries.triu(1)


def _badly_conditioned(entries: Tensor) -> Tensor:
    scale = torch.logspace(0, 4, entries.shape[-1], dtype=entries.dtype)
    return scale[:, None] * entries / scale


FAMILIES: dict[str, Callable[[Tensor], Tensor]] = {
    "random": lambda entries: entries,
    "antisymmetric": _antisymmetric,
    "symmetric": _symmetric,
    "nilpotent": _nilpotent,
    "badly conditioned": _badly_conditioned,
}


@dataclass(frozen=True)
class AccuracyCase:
    """One kind of exponent.

    Attributes:
        family: Name in :data:`FAMILIES`.
        n: Size of the matrices.
        norm: Largest 1-norm of an exponent.
        spread: Ratio of the largest to the smallest norm in a batch; 1: all are alike.
        members: Leading dimension: sums over the batch are judged by as many examples.
        batch: Group elements of each member.
        components: Points moved by each.
    """

    family: str
    n: int
    norm: float
    spread: float = 1.0
    members: int = 8
    batch: int = 4
    components: int = 2

    def arguments(self, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Coefficients, generators, points and the gradient of the moved points."""
        rng = torch.Generator().manual_seed(97)

        def draw(*shape: int) -> Tensor:
            return torch.randn(self.members, *shape, generator=rng, dtype=torch.float64)

        # One number has no sum of generators but what cancels in it.
        k = 1 if self.n == 1 else 3
        generators = FAMILIES[self.family](draw(k, self.n, self.n))
        z = draw(self.batch, k)
        exponents = torch.einsum("ebk,ekij->ebij", z, generators)
        norms = self.norm * self.spread ** -torch.rand(z.shape[:2], generator=rng).double()
        z = z * (norms / exponents.abs().sum(-2).amax(-1))[..., None]
        points = draw(self.batch, self.components, self.n)
        gradient = draw(self.batch, self.components, self.n)
        return z.to(dtype), generators.to(dtype), points.to(dtype), gradient.to(dtype)

    @property
    def steep(self) -> bool:
        """Whether gradients may have :data:`STEEP` times the usual error."""
        return self.family == "symmetric" and self.norm == max(NORMS)


def accuracy_cases(sizes: range) -> Iterator[AccuracyCase]:
    """All families that there are for these sizes, at each norm and at mixed norms."""
    for n in sizes:
        for family in FAMILIES:
            if n > 1 or family in ("random", "symmetric"):
                # More samples than a vectorised backend computes at once.
                batch = 70 if n <= 3 else 4
                for norm in NORMS:
                    yield AccuracyCase(family, n, norm, batch=batch)
                yield AccuracyCase(family, n, 20.0, spread=1e6, batch=2 * batch)


def check_kernel_accuracy(
    backend: KernelBackend, case: AccuracyCase, dtype: torch.dtype = torch.float32
) -> None:
    """Are results and gradients at most twice as wrong as torch's own in the same precision?

    That is asked of the median over the elements of the batch, and of the worst of them with
    :data:`OUTLIER` times the allowance. Gradients in coefficients are inner products, which cancel
    in some elements and magnify anybody's errors there: of those only the median is judged. Errors
    below :data:`FLOOR` are not compared.

    Args:
        backend: The backend.
        case: What to compute.
        dtype: float32 or float64.

    Raises:
        ConformanceError: Names the output and both errors.
    """
    truth = _truth(case, dtype)
    found = _errors(_outputs(backend, case, dtype), truth)
    torch_errors = _errors(_outputs(ReferenceBackend(), case, dtype), truth)
    for name, errors in found.items():
        steep = STEEP if case.steep and name.startswith("gradient") else 1.0
        judged = [("median", 1.0), ("max", OUTLIER)]
        for which, factor in judged[: 1 if name == "gradient in coefficients" else 2]:
            error, other = (float(getattr(e, which)()) for e in (errors, torch_errors[name]))
            bound = factor * max(2 * other, steep * FLOOR[dtype])
            require(
                error <= bound,
                f"{type(backend).__name__} on {case} in {str(dtype).removeprefix('torch.')}: "
                f"{which} relative error {error:.1e} of {name}, torch's is {other:.1e}, "
                f"allowed {bound:.1e}",
            )


def _outputs(backend: KernelBackend, case: AccuracyCase, dtype: torch.dtype) -> Outputs:
    z, generators, points, gradient = case.arguments(dtype)
    inputs = [tensor.requires_grad_() for tensor in (z, generators, points)]
    moved = backend.group_action(*inputs)
    of_z, of_generators, of_points = torch.autograd.grad(moved, inputs, gradient)
    return {
        "group_action": moved.detach(),
        "expm": backend.expm(_exponents(z.detach(), generators.detach())),
        "gradient in coefficients": of_z,
        "gradient in generators": of_generators.flatten(1),
        "gradient in points": of_points,
    }


def _exponents(z: Tensor, generators: Tensor) -> Tensor:
    return torch.einsum("ebk,ekij->ebij", z, generators)


def _truth(case: AccuracyCase, dtype: torch.dtype) -> Outputs:
    arguments = case.arguments(dtype)
    z, generators, points, gradient = (_extended(argument) for argument in arguments)
    n = case.n
    exponents = np.einsum("ebk,ekij->ebij", z, generators)
    # exp of [[A', G], [0, A']] holds exp(A') and, beside it, the derivative.
    both = np.zeros((case.members, case.batch, 2 * n, 2 * n), dtype=np.longdouble)
    both[..., :n, :n] = both[..., n:, n:] = exponents.swapaxes(-1, -2)
    both[..., :n, n:] = gradient.swapaxes(-1, -2) @ points
    exponential = extended_expm(both)
    transposed, derivative = exponential[..., :n, :n], exponential[..., :n, n:]
    # What expm is given: the exponents rounded once, at the end.
    rounded = _extended(_exponents(*arguments[:2]))
    of_generators = np.einsum("ebk,ebij->ekij", z, derivative)
    return {
        "group_action": _double(points @ transposed),
        "expm": _double(extended_expm(rounded)),
        "gradient in coefficients": _double(np.einsum("ebij,ekij->ebk", derivative, generators)),
        "gradient in generators": _double(of_generators).flatten(1),
        "gradient in points": _double(gradient @ transposed.swapaxes(-1, -2)),
    }


def extended_expm(matrices: Extended) -> Extended:
    """Exponentials ``(..., n, n)`` in extended precision: Taylor series, scaling and squaring."""
    norms = np.abs(matrices).sum(-2).max(-1).astype(float)
    squarings = np.ceil(np.log2(np.maximum(norms, 1e-30) * 4)).clip(0).astype(int)[..., None, None]
    scaled = matrices / np.longdouble(2) ** squarings
    identity = np.eye(matrices.shape[-1], dtype=np.longdouble)
    result = term = np.broadcast_to(identity, matrices.shape).copy()
    for j in range(1, _TERMS):
        term = term @ scaled / j
        result = result + term
    for i in range(squarings.max(initial=0)):
        result = np.where(i < squarings, result @ result, result)
    return result


def _extended(values: Tensor) -> Extended:
    extended: Extended = values.double().numpy().astype(np.longdouble)
    return extended


def _double(values: Extended) -> Tensor:
    return torch.from_numpy(values.astype(np.float64))


def _errors(found: Outputs, truth: Outputs) -> dict[str, Tensor]:
    """Relative errors: of each element of the batch, of generators of each member."""
    errors = {}
    for name, exact in truth.items():
        difference, size = (
            values.flatten(min(2, values.ndim - 1)).norm(dim=-1).flatten()
            for values in (found[name].double() - exact, exact)
        )
        errors[name] = difference / size.clamp_min(1e-300)
    return errors
