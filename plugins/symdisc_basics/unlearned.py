"""Values through which nothing is learned, but derivatives along the data pass."""

from __future__ import annotations

from typing import Any, cast, final

import torch
from torch import Tensor


def unlearned(x: Tensor) -> Tensor:
    """``x`` without a gradient; forward-mode derivatives stay, unlike with ``Tensor.detach``."""
    return cast("Tensor", _Unlearned.apply(x))  # type: ignore[no-untyped-call]


@final
class _Unlearned(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor) -> Tensor:
        return x.clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        pass

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> None:
        """Nothing."""

    @staticmethod
    def jvp(ctx: Any, *tangents: Tensor) -> Tensor:  # noqa: ARG004
        return tangents[0].clone()
