"""Activation functions by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, TypeAlias

from torch import Tensor
from torch.nn import functional

ActivationName: TypeAlias = Literal["leaky-relu", "relu", "silu", "gelu", "tanh"]

Activation: TypeAlias = Callable[[Tensor], Tensor]


def activation(name: ActivationName, slope: float = 0.01) -> Activation:
    """The function of this name, applied to each entry.

    Args:
        name: One of the names.
        slope: Slope of ``leaky-relu`` below zero [1].
    """
    known: dict[str, Activation] = {
        "leaky-relu": partial(functional.leaky_relu, negative_slope=slope),
        "relu": functional.relu,
        "silu": functional.silu,
        "gelu": functional.gelu,
        "tanh": functional.tanh,
    }
    return known[name]
