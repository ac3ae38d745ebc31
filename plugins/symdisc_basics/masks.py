"""Which entries of a generator may differ from zero."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.representations import Representation
from symdisc_kernels import Blocks


def generator_mask(blocks: Blocks | None, representation: Representation) -> Tensor:
    """Entries inside the blocks; for images, none of the last row.

    The matrices that move an image are affine: their generators have a last row of zeros.

    Args:
        blocks: Index groups between which generators vanish, or ``None``.
        representation: What the generators act on.

    Returns:
        ``(n, n)`` of 0 and 1.
    """
    n = representation.dimension
    mask = torch.ones(n, n) if blocks is None else torch.zeros(n, n)
    for block in blocks or ():
        index = torch.tensor(block)
        mask[index[:, None], index[None, :]] = 1
    if representation.grid is not None:
        mask[-1] = 0
    return mask
