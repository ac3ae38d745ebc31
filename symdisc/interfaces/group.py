"""Group parameterizations: how a family of group elements is written down and learned."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from torch import Tensor, nn

from symdisc.interfaces.shapes import DataShapes
from symdisc.options import Options as ComponentOptions
from symdisc_kernels import Blocks


class GroupParameterization(nn.Module, ABC):
    """A learnable family of matrices g = exp(Σ z_i L_i).

    Write it for one seed: a module whose ``generators`` depend differentiably on its
    parameters. The engine stacks seeds and acts on points through the kernel, which never
    forms g. The constructor takes ``(options, shapes)``.

    Attributes:
        Options: The options model of this component.
        n_generators: The number k of generators.
        dimension: The number n: generators are n×n matrices.
        blocks: Index groups between which every generator vanishes, or ``None``. The kernel
            exponentiates block by block.
        has_surplus: Whether there are meant to be more generators than symmetries; then what the
            seeds have in common is the result.
    """

    Options: ClassVar[type[ComponentOptions]] = ComponentOptions
    n_generators: int
    dimension: int
    blocks: Blocks | None = None
    has_surplus: bool = False

    @abstractmethod
    def __init__(self, options: ComponentOptions, shapes: DataShapes) -> None:
        """Build the parameters for data of these shapes."""
        super().__init__()

    @abstractmethod
    def generators(self) -> Tensor:
        """The generators ``(k, n, n)``, differentiable with respect to the parameters."""

    @abstractmethod
    def mask(self) -> Tensor:
        """Entries of a generator that may differ from zero, ``(n, n)`` of 0 and 1.

        Verification draws its random reference generators from this class.
        """

    @abstractmethod
    def regularizers(self) -> Mapping[str, Tensor]:
        """Named scalar penalties of the present parameters; may be empty."""


class CosetParameterization(GroupParameterization):
    """A learnable family of matrices g = exp(Σ z_i L_i) h_j: several components.

    A point is moved by h_j first: ``move(z, generators, move_by(h, x, form), form, blocks)``.
    There may be no generators at all, k = 0; then the group is discrete.

    Attributes:
        n_representatives: The number m of coset representatives h_j.
    """

    n_representatives: int

    @abstractmethod
    def representatives(self) -> Tensor:
        """The h_j ``(m, n, n)``, |det h_j| = 1, differentiable as the generators are."""
