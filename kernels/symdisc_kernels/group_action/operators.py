"""torch operators around a compiled backend: schemas, shapes, derivatives and batching rules.

Every compiled backend offers the same four functions; :func:`define` makes torch operators of
them, so that autograd, ``torch.compile``, ``torch.func.vmap`` and ``opcheck`` work with each. How
the first derivative is reached is the backend's own matter: :func:`differentiate` does it in
Python, the CPU backend in C++, where it costs a few microseconds less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from symdisc_kernels.group_action.reference import ReferenceBackend

NAMESPACE = "symdisc_kernels"
SCHEMAS = {
    "group_action": "(Tensor coefficients, Tensor generators, Tensor points) -> Tensor",
    "group_action_backward": "(Tensor coefficients, Tensor generators, Tensor points, "
    "Tensor gradient) -> (Tensor, Tensor, Tensor)",
    "expm": "(Tensor matrices) -> Tensor",
    "expm_backward": "(Tensor matrices, Tensor gradient) -> Tensor",
}

_REFERENCE = ReferenceBackend()
# Registrations last as long as this object.
_LIBRARY = torch.library.Library(NAMESPACE, "FRAGMENT")  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Operators:
    """The four operators of one backend.

    Leading dimensions ``...`` are shared by all arguments; gradients have the shapes of what they
    are taken in.

    Attributes:
        group_action: z ``(..., B, k)``, L ``(..., k, n, n)``, x ``(..., B, c, n)`` to y
            ``(..., B, c, n)``.
        group_action_backward: z, L, x and the gradient of y to the gradients of z, L and x.
        expm: A ``(..., n, n)`` to exp(A).
        expm_backward: A and the gradient of exp(A) to the gradient of A.
    """

    group_action: Callable[[Tensor, Tensor, Tensor], Tensor]
    group_action_backward: Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]
    expm: Callable[[Tensor], Tensor]
    expm_backward: Callable[[Tensor, Tensor], Tensor]


def define(prefix: str) -> Operators:
    """Define the operators ``symdisc_kernels::<prefix>_<name>``, still without code to run.

    They have shapes for ``torch.compile``, batching rules for ``vmap``, and second derivatives, for
    which gradients are computed with torch's own operations.

    Args:
        prefix: Name of the backend.

    Returns:
        The operators.
    """
    for name, schema in SCHEMAS.items():
        qualified = f"{NAMESPACE}::{prefix}_{name}"
        torch.library.define(qualified, schema, tags=(torch.Tag.pt2_compliant_tag,))
        torch.library.register_fake(qualified, _shapes(name))
        operator = getattr(torch.ops.symdisc_kernels, f"{prefix}_{name}").default
        torch.library.register_vmap(qualified, _batching_rule(operator))
    for name, formula in _GRADIENTS.items():
        operator = getattr(torch.ops.symdisc_kernels, f"{prefix}_{name}").default
        gradient = _differentiable_gradient(operator, formula)
        _LIBRARY.impl(f"{prefix}_{name}", gradient, "Autograd")  # type: ignore[no-untyped-call]
    space = torch.ops.symdisc_kernels
    return Operators(*(getattr(space, f"{prefix}_{name}").default for name in SCHEMAS))


def differentiate(prefix: str, operators: Operators) -> None:
    """Give ``group_action`` and ``expm`` their first derivatives, in Python."""

    def of_action(context: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        z, generators, points = context.saved_tensors
        return operators.group_action_backward(z, generators, points, gradient)

    def of_expm(context: Any, gradient: Tensor) -> Tensor:
        (matrices,) = context.saved_tensors
        return operators.expm_backward(matrices, gradient)

    for name, backward in (("group_action", of_action), ("expm", of_expm)):
        torch.library.register_autograd(
            f"{NAMESPACE}::{prefix}_{name}", backward, setup_context=_keep_inputs
        )


def _keep_inputs(ctx: Any, inputs: tuple[Tensor, ...], output: Any) -> None:  # noqa: ARG001
    ctx.save_for_backward(*inputs)


# The arguments whose shapes and types the results have.
_LIKE = {
    "group_action": (2,),
    "group_action_backward": (0, 1, 2),
    "expm": (0,),
    "expm_backward": (0,),
}


def _shapes(name: str) -> Callable[..., Any]:
    """What an operator returns: its own memory, in the order of the dimensions."""

    def results(*arguments: Tensor) -> Any:
        fresh = [
            torch.empty(like.shape, dtype=like.dtype, device=like.device)
            for like in (arguments[place] for place in _LIKE[name])
        ]
        return fresh[0] if len(fresh) == 1 else tuple(fresh)

    return results


def _batching_rule(operator: Callable[..., Any]) -> Callable[..., tuple[Any, Any]]:
    """A dimension of vmap is one more leading dimension, shared by all arguments."""

    def rule(info: Any, in_dims: tuple[int | None, ...], *arguments: Tensor) -> tuple[Any, Any]:
        shared = [
            argument.expand(info.batch_size, *argument.shape)
            if dim is None
            else argument.movedim(dim, 0)
            for argument, dim in zip(arguments, in_dims, strict=True)
        ]
        result = operator(*shared)
        return result, 0 if isinstance(result, Tensor) else (0,) * len(result)

    return rule


def exponents(coefficients: Tensor, generators: Tensor) -> Tensor:
    """Σ z L, ``(..., B, n, n)``, in the type of its arguments also under autocast."""
    with torch.autocast(generators.device.type, enabled=False):
        return torch.einsum("...bk,...kij->...bij", coefficients, generators)


def _differentiable_gradient(
    operator: Callable[..., Any], formula: Callable[..., Any]
) -> Callable[..., Any]:
    """The operator, or torch's own operations where a derivative of the gradient may be asked for.

    ``torch.library.register_autograd`` would do but for ``torch.func``: what it registers cannot
    run inside a transformation.
    """

    def gradient(*arguments: Tensor) -> Any:
        if torch.is_grad_enabled() and any(argument.requires_grad for argument in arguments):
            return formula(*arguments)
        with torch._C._AutoDispatchBelowAutograd():
            return operator(*arguments)

    return gradient


def _gradient_of_expm(matrices: Tensor, gradient: Tensor) -> Tensor:
    """The adjoint derivative of exp, a corner of the exponential of a matrix twice as large.

    Najfeld & Havel, Derivatives of the matrix exponential and their computation, Advances in
    Applied Mathematics 16 (1995) 321, eq. (104).
    """
    n = matrices.shape[-1]
    transposed = matrices.mT
    upper = torch.cat([transposed, gradient], dim=-1)
    lower = torch.cat([torch.zeros_like(transposed), transposed], dim=-1)
    return _REFERENCE.expm(torch.cat([upper, lower], dim=-2))[..., :n, n:]


def _gradients_of_action(
    z: Tensor, generators: Tensor, points: Tensor, gradient: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    of_z = exponents(z, generators)
    outer = torch.einsum("...bci,...bcj->...bij", gradient, points)
    of_exponents = _gradient_of_expm(of_z, outer)
    return (
        torch.einsum("...bij,...kij->...bk", of_exponents, generators),
        torch.einsum("...bk,...bij->...kij", z, of_exponents),
        gradient @ _REFERENCE.expm(of_z),
    )


_GRADIENTS: dict[str, Callable[..., Any]] = {
    "group_action_backward": _gradients_of_action,
    "expm_backward": _gradient_of_expm,
}
