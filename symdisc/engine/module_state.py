"""Every tensor of a module, out and in again."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from symdisc.errors import DataError


def tensors_of(module: nn.Module) -> dict[str, Tensor]:
    """Parameters and all buffers by name, also buffers that ``state_dict`` leaves out."""
    return dict([*module.named_parameters(), *module.named_buffers()])


def put_tensors(
    module: nn.Module, values: Mapping[str, Tensor], what: str = "the checkpoint"
) -> None:
    """Overwrite every tensor of the module by the one of its name.

    Args:
        module: What is overwritten.
        values: A tensor for each of its tensors.
        what: Where they come from, for the message.

    Raises:
        DataError: Lists every tensor that is missing, not known, or of another shape.
    """
    tensors = tensors_of(module)
    problems = [f"{name!r} is missing" for name in tensors.keys() - values.keys()]
    problems += [f"{name!r} is not known here" for name in values.keys() - tensors.keys()]
    problems += [
        f"{name!r} has shape {tuple(values[name].shape)} instead of {tuple(tensor.shape)}"
        for name, tensor in tensors.items()
        if name in values and values[name].shape != tensor.shape
    ]
    if problems:
        raise DataError(
            f"{what} does not fit {type(module).__name__}: {'; '.join(sorted(problems))}; "
            "install the versions that began this run, or start it anew"
        )
    with torch.no_grad():
        for name, tensor in tensors.items():
            tensor.copy_(values[name])
