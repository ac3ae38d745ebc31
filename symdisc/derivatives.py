"""Derivatives of maps along a direction, for instance velocities in latent space."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.func import jvp


def derivative_along(
    function: Callable[[Tensor], Tensor], x: Tensor, dx: Tensor
) -> tuple[Tensor, Tensor]:
    """The value of a map and its derivative J(x) dx, in one forward pass.

    Both can be differentiated further, with respect to ``x``, ``dx`` and what the map depends on.

    Args:
        function: A differentiable map of tensors.
        x: Where.
        dx: In which direction, of the shape of ``x``; a velocity gives the velocity of the image.

    Returns:
        ``function(x)`` and J(x) dx, of the same shape.

    Example::

        z, dz = derivative_along(encoder.encode, x, dx)
    """
    _prepare()
    both = jvp(function, (x,), (dx,))
    return both[0], both[1]


@cache
def _prepare() -> None:
    # The first use in a process compiles parts of torch with its own deprecated torch.jit.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"`torch\.jit\.script` is deprecated", DeprecationWarning)
        one = torch.ones(())
        jvp(torch.sin, (one,), (one,))
