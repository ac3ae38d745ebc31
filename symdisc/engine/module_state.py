"""Every tensor of a module, out and in again."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn


def tensors_of(module: nn.Module) -> dict[str, Tensor]:
    """Parameters and all buffers by name, also buffers that ``state_dict`` leaves out."""
    return dict([*module.named_parameters(), *module.named_buffers()])


def put_tensors(module: nn.Module, values: Mapping[str, Tensor]) -> None:
    """Overwrite every tensor of the module by the one of its name.

    Raises:
        KeyError: The module has a tensor that is not given.
    """
    with torch.no_grad():
        for name, tensor in tensors_of(module).items():
            tensor.copy_(values[name])
