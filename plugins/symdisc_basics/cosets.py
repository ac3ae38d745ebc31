"""Cosets: learned representatives of the components of a group, beside any Lie algebra."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, final

import torch
from torch import Tensor, nn

from symdisc.interfaces import CosetParameterization, DataShapes
from symdisc.options import Field, Options
from symdisc_basics.direct_sum import DirectSum, DirectSumOptions
from symdisc_basics.groups import LieAlgebra, LieAlgebraOptions
from symdisc_basics.masks import generator_mask
from symdisc_basics.unit_determinant import random_representatives, unit_determinant


class CosetsOptions(Options):
    """Options of ``cosets``."""

    n_representatives: int = Field(
        16, ge=1, description="Number m of representatives, all searched for at once [1]"
    )
    n_generators: Annotated[int, Field(ge=0)] | Literal["auto"] = Field(
        1, description="Number k of learned generators; 0: the group is discrete [1]"
    )
    blocks: list[int] | list[list[int]] | None = Field(
        None, description="As for lie-algebra; representatives are full matrices all the same"
    )
    parts: str | None = Field(
        None,
        description="As for direct-sum, e.g. 'so(1,3)': the Lie algebra in place of n_generators "
        "learned generators",
    )
    init_scale: float = Field(
        0.3, gt=0, description="Standard deviation of learned generators at the start [1]"
    )


@final
class Cosets(CosetParameterization):
    """g = exp(Σ z_i L_i) h_j with learned h_j, |det h_j| = 1 (AtlasD: Bhat et al., ICML 2025).

    The h_j are free matrices over |det|^(1/n). Half of them start with a positive and half with a
    negative determinant, since training cannot cross over; each is a restart of its own, and
    several that end in one coset are put together afterwards.
    """

    Options: ClassVar[type[Options]] = CosetsOptions

    def __init__(self, options: CosetsOptions, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        representation = shapes.representation
        self.dimension = representation.dimension
        self.n_representatives = options.n_representatives
        self.algebra = _algebra(options, shapes)
        self.weight = nn.Parameter(random_representatives(self.n_representatives, representation))
        self._affine = representation.grid is not None
        self._full = generator_mask(None, representation)
        self._describe()

    def generators(self) -> Tensor:
        """See :class:`GroupParameterization`."""
        if self.algebra is None:
            return self.weight.new_zeros(*self.weight.shape[:-3], 0, *self.weight.shape[-2:])
        return self.algebra.generators()

    def representatives(self) -> Tensor:
        """See :class:`CosetParameterization`."""
        return unit_determinant(self.weight, self._affine)

    def mask(self) -> Tensor:
        """See :class:`GroupParameterization`."""
        if self.algebra is None:
            return self._full.to(self.weight.device)
        return self.algebra.mask()

    def regularizers(self) -> Mapping[str, Tensor]:
        """None: what keeps representatives from the identity belongs to the method."""
        return {}

    @staticmethod
    def stack(members: Sequence[Cosets]) -> Cosets:
        """All members as one module: its methods work with a leading dimension as they are."""
        stacked = Cosets.__new__(Cosets)
        nn.Module.__init__(stacked)
        first = members[0]
        stacked.dimension, stacked.n_representatives = first.dimension, first.n_representatives
        stacked._affine, stacked._full = first._affine, first._full
        algebras = [member.algebra for member in members if member.algebra is not None]
        stacked.algebra = algebras[0].stack(algebras) if algebras else None  # type: ignore[arg-type]
        stacked.weight = nn.Parameter(torch.stack([m.weight.detach() for m in members]))
        stacked._describe()
        return stacked

    def _describe(self) -> None:
        """Number, blocks and surplus of generators are those of the algebra."""
        if self.algebra is None:
            self.n_generators = 0
            return
        self.n_generators, self.blocks = self.algebra.n_generators, self.algebra.blocks
        self.has_surplus = self.algebra.has_surplus


def _algebra(options: CosetsOptions, shapes: DataShapes) -> LieAlgebra | DirectSum | None:
    scale = options.init_scale
    if options.parts is not None:
        return DirectSum(DirectSumOptions(parts=options.parts, init_scale=scale), shapes)
    if options.n_generators == 0:
        return None
    learned = LieAlgebraOptions(
        n_generators=options.n_generators, blocks=options.blocks, init_scale=scale
    )
    return LieAlgebra(learned, shapes)
