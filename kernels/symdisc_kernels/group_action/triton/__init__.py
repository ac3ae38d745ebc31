"""Triton kernels of y_b = exp(sum_i z_bi L_i) x_b, of exp(A), and of their gradients.

The four functions are plain: no autograd, no argument checks. Importing the package imports
neither Triton nor needs a GPU; :func:`unavailable` says whether the functions can be called.

Types: float32 and float64 are computed in their own type; bfloat16 and float16 are computed and
summed in float32 and rounded once, when stored. Sizes: n from 1 to 16; any other dimension may
be 0. Any strides. An element whose exponent is not finite (also when its 1-norm overflows) gives
NaN in its own outputs and, being one term of the sum, in gL.
"""

from __future__ import annotations

from torch import Tensor

from symdisc_kernels.group_action.triton.availability import unavailable

__all__ = ["expm", "expm_backward", "group_action", "group_action_backward", "unavailable"]


def group_action(z: Tensor, L: Tensor, x: Tensor) -> Tensor:  # noqa: N803
    """Move points by group elements, without the elements ever being in memory.

    Args:
        z: Coefficients ``(..., B, k)``.
        L: Generators ``(..., k, n, n)``.
        x: Points ``(..., B, c, n)``.

    Returns:
        y = exp(z L) x, ``(..., B, c, n)``, contiguous; one launch.
    """
    from symdisc_kernels.group_action.triton import launches

    return launches.group_action(z, L, x)


def group_action_backward(
    z: Tensor,
    L: Tensor,  # noqa: N803
    x: Tensor,
    gy: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients of :func:`group_action`.

    The batch is summed in stages in a fixed order, so gL is the same at every call.

    Args:
        z: Coefficients ``(..., B, k)``.
        L: Generators ``(..., k, n, n)``.
        x: Points ``(..., B, c, n)``.
        gy: Gradient of y, ``(..., B, c, n)``.

    Returns:
        Gradients (gz, gL, gx) of the shapes of z, L and x; at most three launches.
    """
    from symdisc_kernels.group_action.triton import launches

    return launches.group_action_backward(z, L, x, gy)


def expm(A: Tensor) -> Tensor:  # noqa: N803
    """Exponentials of matrices ``(..., n, n)``; one launch."""
    from symdisc_kernels.group_action.triton import launches

    return launches.expm(A)


def expm_backward(A: Tensor, gE: Tensor) -> Tensor:  # noqa: N803
    """Gradient in A ``(..., n, n)`` for the gradient gE of exp(A); one launch."""
    from symdisc_kernels.group_action.triton import launches

    return launches.expm_backward(A, gE)
