"""Groups of scalings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, final

import torch
from torch import Tensor, nn

from symdisc.errors import DataError, OptionError
from symdisc.interfaces import DataShapes, GroupParameterization
from symdisc.options import Field, Options


class ScalingsOptions(Options):
    """Options of ``scalings``."""

    n_generators: int = Field(1, ge=1, description="Number k of generators [1]")


@final
class Scalings(GroupParameterization):
    """g = diag(exp(Σ z_i r_i)): coordinate j is scaled at the learned rates r_ij.

    Raises:
        DataError: The data have no vectors to scale.
        OptionError: More generators than coordinates, which could not be independent.
    """

    Options: ClassVar[type[Options]] = ScalingsOptions

    def __init__(self, options: ScalingsOptions, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.dimension = shapes.representation.dimension
        self.n_generators = options.n_generators
        if self.dimension == 0:
            raise DataError(
                f"scalings act on vectors, but the representation is '{shapes.representation}'"
            )
        if self.n_generators > self.dimension:
            raise OptionError(
                f"option 'group.n_generators' = {self.n_generators}: vectors of length "
                f"{self.dimension} have at most {self.dimension} independent scalings"
            )
        self.blocks = tuple((coordinate,) for coordinate in range(self.dimension))
        self.rates = nn.Parameter(torch.randn(self.n_generators, self.dimension))

    def generators(self) -> Tensor:
        """See :class:`GroupParameterization`."""
        return torch.diag_embed(self.rates)

    def mask(self) -> Tensor:
        """See :class:`GroupParameterization`."""
        return torch.eye(self.dimension, device=self.rates.device)

    def regularizers(self) -> Mapping[str, Tensor]:
        """None: what keeps generators apart belongs to the method."""
        return {}
