"""The conformance suite of kernel backends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from symdisc.testing.conformance import ConformanceError, attempting, require, require_close
from symdisc.testing.tolerances import KERNEL, KERNEL_GRADIENT
from symdisc_kernels import KernelBackend
from symdisc_kernels.blocks import gather_generators, gather_points


@dataclass(frozen=True)
class Problem:
    """One set of arguments, apart from any backend that computes with them.

    Attributes:
        n: Size of the matrices.
        k: Generators.
        components: Points c that share one group element.
        batch: Group elements B.
        leading: Leading dimensions of all arguments.
        blocks: Coordinates of each block, all of one size: arguments then have the layout that
            the block structure gives them, with one more leading dimension.
        contiguous: Whether the arguments lie in memory in the order of their dimensions.
        norm: About how large the exponents are [1].
    """

    n: int
    k: int = 1
    components: int = 1
    batch: int = 5
    leading: tuple[int, ...] = ()
    blocks: tuple[tuple[int, ...], ...] | None = None
    contiguous: bool = True
    norm: float = 1.0

    def arguments(self, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
        """Coefficients, generators and points, the same at every call."""
        rng = torch.Generator().manual_seed(23)
        shapes = (
            (*self.leading, self.batch, self.k),
            (*self.leading, self.k, self.n, self.n),
            (*self.leading, self.batch, self.components, self.n),
        )
        scale = self.norm / max(1, self.n * self.k) ** 0.5
        # Multiples of 1/64 up to 4 mean the same in every type.
        z, generators, points = (
            (torch.randn(s, generator=rng).clamp(-4, 4) * 64).round() / 64 for s in shapes
        )
        generators = (generators * scale * 256).round() / 256
        arguments = tuple(t.to(device, dtype) for t in (z, generators, points))
        return self._laid_out(*arguments)

    def _laid_out(
        self, z: Tensor, generators: Tensor, points: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        if self.blocks is not None:
            index = torch.tensor(self.blocks, device=z.device)
            repeated = z.unsqueeze(-3).expand(*z.shape[:-2], len(index), *z.shape[-2:])
            return repeated, gather_generators(generators, index), gather_points(points, index)
        if not self.contiguous:
            return _transposed(z), _transposed(generators), _transposed(points)
        return z, generators, points


PROBLEMS = (
    # More than any block of samples that a vectorised backend computes at once.
    *(Problem(n, k=2, batch=140) for n in range(1, 18)),
    Problem(3, k=4, components=2),
    Problem(8, k=2, components=3, leading=(2,)),
    Problem(2, k=3, components=4, leading=(2, 3)),
    Problem(4, batch=1),
    Problem(4, k=2, batch=1, leading=(2,)),
    Problem(4, batch=0),
    Problem(3, k=0, components=2),
    Problem(3, components=0),
    Problem(4, k=28, components=5, batch=33),
    Problem(3, k=2, components=70, batch=3, leading=(2,)),
    Problem(4, k=2, batch=0, leading=(2,)),
    Problem(8, k=2, blocks=((0, 1), (2, 3), (6, 5))),
    Problem(6, k=2, components=2, leading=(2,), blocks=((0, 2, 4), (1, 3, 5))),
    Problem(3, k=2, components=2, leading=(2,), contiguous=False),
    Problem(3, norm=1e-3),
    Problem(3, norm=0.4, batch=1),
    *(Problem(n, k=2, components=c, norm=6.0, batch=40) for n, c in ((2, 1), (5, 9), (11, 2))),
    *(Problem(n, k=2, norm=20.0, batch=40) for n in (1, 3, 6, 9)),
)
"""What every backend has to compute."""


def check_kernel_backend(
    backend: KernelBackend,
    *,
    problems: Sequence[Problem] = PROBLEMS,
    dtypes: Sequence[torch.dtype] = (torch.float32, torch.float64),
    device: torch.device | str = "cpu",
) -> None:
    """Does a kernel backend compute what :class:`symdisc_kernels.KernelBackend` promises?

    On every problem all three operations are compared with batched float64 torch, with their
    gradients in every argument and, for ``expm``, the second derivative. An element with NaN,
    infinity or a huge number must not spoil the other elements of its batch.

    Args:
        backend: The backend.
        problems: What to compute.
        dtypes: Types of number to compute in.
        device: Where.

    Raises:
        ConformanceError: Names the operation, problem and type, and the difference.

    Example::

        def test_my_backend() -> None:
            check_kernel_backend(MyBackend())
    """
    require(
        isinstance(backend, KernelBackend),
        f"a kernel backend must be an instance of a KernelBackend; got {backend!r}",
    )
    name = type(backend).__name__
    if reason := backend.unavailable():
        raise ConformanceError(f"{name} cannot run here: {reason}")
    for dtype in dtypes:
        for problem in problems:
            _Case(backend, problem, dtype, torch.device(device)).check()
        _check_isolation(backend, dtype, torch.device(device))


class _Case:
    """One backend on one problem in one type."""

    def __init__(
        self, backend: KernelBackend, problem: Problem, dtype: torch.dtype, device: torch.device
    ) -> None:
        self._backend = backend
        self._dtype = dtype
        self._given = problem.arguments(dtype, device)
        self._growth = _growth(*self._given[:2])
        self._where = f"{problem} in {str(dtype).removeprefix('torch.')}"

    def check(self) -> None:
        z, generators, points = self._given
        exponents = torch.einsum("...bk,...kij->...bij", z, generators)
        self._check("group_action", [z, generators, points])
        self._check("group_elements", [z, generators])
        self._check("expm", [exponents])
        if self._dtype in KERNEL_GRADIENT:
            self._check_second_derivative(exponents)

    def _check(self, operation: str, given: list[Tensor]) -> None:
        what = f"{type(self._backend).__name__}.{operation} on {self._where}"
        kept = [tensor.clone() for tensor in given]
        inputs = [tensor.detach().requires_grad_() for tensor in given]
        exact = [tensor.detach().double().requires_grad_() for tensor in given]
        with attempting(what):
            result = getattr(self._backend, operation)(*inputs)
        truth = _truth(operation, exact)
        require(result.dtype == self._dtype, f"{what}: type {result.dtype} of the result")
        require_close(result, truth, self._growth * KERNEL[self._dtype], what)
        require(
            all(torch.equal(a, b) for a, b in zip(kept, given, strict=True)),
            f"{what}: an argument was changed",
        )
        if self._dtype in KERNEL_GRADIENT:
            self._check_gradients(what, (result, inputs), (truth, exact))

    def _check_gradients(
        self,
        what: str,
        found: tuple[Tensor, list[Tensor]],
        exact: tuple[Tensor, list[Tensor]],
    ) -> None:
        with attempting(f"the gradient of {what}"):
            gradients = torch.autograd.grad(_weighted(found[0]), found[1])
        expected = torch.autograd.grad(_weighted(exact[0]), exact[1])
        for place, (gradient, other) in enumerate(zip(gradients, expected, strict=True)):
            tolerance = self._growth * KERNEL_GRADIENT[self._dtype]
            require_close(gradient, other, tolerance, f"{what}, gradient in argument {place}")

    def _check_second_derivative(self, exponents: Tensor) -> None:
        what = f"{type(self._backend).__name__}.expm on {self._where}, second derivative"
        inputs = exponents.detach().requires_grad_()
        exact = exponents.detach().double().requires_grad_()
        with attempting(what):
            found = _second(self._backend.expm(inputs), inputs)
        expected = _second(_truth("expm", [exact]), exact)
        tolerance = 10 * self._growth * KERNEL_GRADIENT[self._dtype]
        require_close(found, expected, tolerance, what)


def _growth(z: Tensor, generators: Tensor) -> float:
    """Rounding errors of an exponential grow with the 1-norm of the exponent."""
    exponents = torch.einsum("...bk,...kij->...bij", z.double(), generators.double())
    norms = exponents.abs().sum(-2).flatten()
    return max(1.0, float(norms.max())) if norms.numel() else 1.0


def _truth(operation: str, given: list[Tensor]) -> Tensor:
    if operation == "expm":
        n = given[0].shape[-1]
        # Two copies of each: torch computes a batch of one matrix less exactly.
        flat = given[0].reshape(-1, n, n).repeat(2, 1, 1)
        exponentials: Tensor = torch.linalg.matrix_exp(flat)
        return exponentials[: len(flat) // 2].reshape(given[0].shape)
    elements = _truth("expm", [torch.einsum("...bk,...kij->...bij", *given[:2])])
    if operation == "group_elements":
        return elements
    return torch.einsum("...bij,...bcj->...bci", elements, given[2])


def _check_isolation(backend: KernelBackend, dtype: torch.dtype, device: torch.device) -> None:
    for spoiler in (torch.nan, torch.inf, _HUGE[dtype]):
        _Isolation(backend, dtype, device, spoiler).check()


# Far beyond what scaling and squaring can make sense of, and finite.
_HUGE = {torch.float16: 6e4, torch.bfloat16: 1e30, torch.float32: 1e30, torch.float64: 1e200}


class _Isolation:
    """What one element with an impossible exponent does to the elements beside it: nothing."""

    def __init__(
        self, backend: KernelBackend, dtype: torch.dtype, device: torch.device, spoiler: float
    ) -> None:
        self._backend = backend
        self._spoiler = spoiler
        number = str(dtype).removeprefix("torch.")
        self._what = f"{type(backend).__name__} in {number}, one element of {spoiler:g}"
        self._problem = Problem(3, k=2, batch=140).arguments(dtype, device)
        self._tolerance = _growth(*self._problem[:2]) * KERNEL[dtype]

    def check(self) -> None:
        clean = self._results(self._problem)
        z, *rest = (tensor.clone() for tensor in self._problem)
        z[1, 0] = self._spoiler
        found = self._results((z, *rest))
        others = [i for i in range(len(z)) if i != 1]
        for name, values in found.items():
            what = f"{self._what}, {name}"
            if not math.isfinite(self._spoiler):
                require(bool(values[1].isnan().any()), f"{what}: no NaN where it must be")
            # Not bitwise: a backend may compute a batch with such an element in another way.
            require_close(values[others], clean[name][others], self._tolerance, f"{what}: others")

    def _results(self, arguments: Sequence[Tensor]) -> dict[str, Tensor]:
        z, generators, points = (tensor.detach().requires_grad_() for tensor in arguments)
        with attempting(self._what):
            moved = self._backend.group_action(z, generators, points)
            of_z, of_points = torch.autograd.grad(_weighted(moved), [z, points])
            exponents = torch.einsum("bk,kij->bij", z, generators).detach()
            return {
                "group_action": moved.detach(),
                "gradient in coefficients": of_z,
                "gradient in points": of_points,
                "expm": self._backend.expm(exponents),
            }


def _second(result: Tensor, argument: Tensor) -> Tensor:
    (gradient,) = torch.autograd.grad(_weighted(result), argument, create_graph=True)
    (second,) = torch.autograd.grad(_weighted(gradient), argument)
    return second


def _weighted(values: Tensor) -> Tensor:
    weights = torch.linspace(0.5, 1.5, values.numel(), dtype=values.dtype, device=values.device)
    return (values * weights.reshape(values.shape)).sum()


def _transposed(values: Tensor) -> Tensor:
    """The same values with the memory order of the last two dimensions turned round."""
    return values.mT.contiguous().mT
