"""The linear Lie algebra: k learned generators, optionally of block structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, final

import torch
from torch import Tensor, nn

from symdisc.errors import DataError, OptionError
from symdisc.interfaces import DataShapes, GroupParameterization
from symdisc.options import Field, Options
from symdisc_basics.masks import generator_mask
from symdisc_kernels import Blocks
from symdisc_kernels.blocks import check_blocks

MOST_GENERATORS = 8
"""Most generators that are trained where their number is not given."""


class LieAlgebraOptions(Options):
    """Options of ``lie-algebra``."""

    n_generators: Annotated[int, Field(ge=1)] | Literal["auto"] = Field(
        1,
        description="Number k of generators; auto: some to spare, and what the seeds have in "
        "common is the result [1]",
    )
    blocks: list[int] | list[list[int]] | None = Field(
        None,
        description="Diagonal blocks that may differ from zero: their sizes, e.g. [2, 2, 2, 2], "
        "or the coordinates of each, e.g. [[0, 1, 4, 5], [2, 3, 6, 7]]; null: a full matrix",
    )
    init_scale: float = Field(
        0.3, gt=0, description="Standard deviation of the entries at the start [1]"
    )


@final
class LieAlgebra(GroupParameterization):
    """g = exp(Σ z_i L_i) with freely learned entries of L_i (LieGAN, arXiv:2302.00236, eq. 3)."""

    Options: ClassVar[type[Options]] = LieAlgebraOptions

    def __init__(self, options: LieAlgebraOptions, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.dimension = shapes.representation.dimension
        self.blocks = _index_groups(options.blocks, self.dimension)
        self.register_buffer(
            "_mask", generator_mask(self.blocks, shapes.representation), persistent=False
        )
        free = int(self.mask().sum())
        self.has_surplus = options.n_generators == "auto"
        self.n_generators = (
            _with_surplus(self.blocks, self.dimension, free)
            if options.n_generators == "auto"
            else options.n_generators
        )
        if self.n_generators > free:
            raise OptionError(
                f"group.n_generators = {self.n_generators}: a generator has {free} free entries "
                f"here, so at most {free} generators can differ"
            )
        shape = (self.n_generators, self.dimension, self.dimension)
        self.weight = nn.Parameter(options.init_scale * torch.randn(shape))

    def generators(self) -> Tensor:
        """See :class:`GroupParameterization`."""
        return self.weight * self.mask()

    def mask(self) -> Tensor:
        """See :class:`GroupParameterization`."""
        return self.get_buffer("_mask")

    def regularizers(self) -> Mapping[str, Tensor]:
        """None: what keeps generators apart belongs to the method."""
        return {}

    @staticmethod
    def stack(members: Sequence[LieAlgebra]) -> LieAlgebra:
        """All members as one module: its methods work with a leading dimension as they are."""
        stacked = LieAlgebra.__new__(LieAlgebra)
        nn.Module.__init__(stacked)
        first = members[0]
        stacked.n_generators, stacked.dimension = first.n_generators, first.dimension
        stacked.blocks, stacked.has_surplus = first.blocks, first.has_surplus
        stacked.register_buffer("_mask", first.mask(), persistent=False)
        stacked.weight = nn.Parameter(torch.stack([m.weight.detach() for m in members]))
        return stacked


def _with_surplus(blocks: Blocks | None, n: int, free: int) -> int:
    """One more than so(m) and scaling have on each block, but no more than is easy to train."""
    sizes = [n] if blocks is None else [len(block) for block in blocks]
    wanted = 1 + sum(m * (m - 1) // 2 + 1 for m in sizes)
    return max(1, min(wanted, MOST_GENERATORS, free - 1))


def _index_groups(blocks: Sequence[int] | Sequence[list[int]] | None, n: int) -> Blocks | None:
    if blocks is None:
        return None
    groups: list[list[int]] = []
    start = 0
    for block in blocks:
        if isinstance(block, int):
            groups.append(list(range(start, start + block)))
            start += block
        else:
            groups.append(block)
    try:
        return check_blocks(groups, n)
    except ValueError as error:
        raise DataError(
            f"group.blocks does not fit vectors of length {n}: {error}; give sizes that add up "
            f"to at most {n}, e.g. --set 'group.blocks=[{n}]'"
        ) from None
