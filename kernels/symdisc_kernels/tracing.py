"""What ``torch.compile`` may take for granted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

FunctionT = TypeVar("FunctionT", bound=Callable[..., object])


def decided_when_traced(function: FunctionT) -> FunctionT:
    """Run a function while a program is traced, and keep what it returns in the compiled program.

    The same as ``torch.compiler.assume_constant_result``, which would import torch's compiler
    (more than a second) into programs that compile nothing.
    """
    function._dynamo_marked_constant = True  # type: ignore[attr-defined]
    return function
