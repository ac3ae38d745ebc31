"""Encoders: maps φ from data space to latent space, and decoders ψ back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Protocol, runtime_checkable

from torch import Tensor, nn

from symdisc.interfaces.shapes import DataShapes
from symdisc.options import Options as ComponentOptions
from symdisc.representations import Representation


class Encoder(nn.Module, ABC):
    """One encoder–decoder pair.

    The constructor takes ``(options, shapes)``. Derivatives along the data (dz from dx) are
    taken from outside with :func:`symdisc.derivatives.derivative_along`, so ``encode`` must be
    differentiable. Neither method changes the module: see :class:`KeepsStatistics`.

    Attributes:
        Options: The options model of this component.
        latent_representation: How the latent coordinates transform.
    """

    Options: ClassVar[type[ComponentOptions]] = ComponentOptions
    latent_representation: Representation

    @abstractmethod
    def __init__(self, options: ComponentOptions, shapes: DataShapes) -> None:
        """Build the networks for data of these shapes."""
        super().__init__()

    @abstractmethod
    def encode(self, x: Tensor) -> Tensor:
        """Map data points ``(..., size)`` to latent points ``(..., latent_size)``."""

    @abstractmethod
    def decode(self, z: Tensor) -> Tensor:
        """Map latent points ``(..., latent_size)`` to data points ``(..., size)``."""


@runtime_checkable
class DecodesInParts(Protocol):
    """What an encoder offers besides whose decoder is a sum of one function a latent part."""

    def decode_parts(self, z: Tensor) -> Tensor:
        """Decode the first parts of latent points ``(..., latent_size)``.

        Returns:
            Data points ``(..., parts, size)``: from the first part alone, from the first two, and
            so on; the last is what ``decode`` gives.
        """


@runtime_checkable
class ChangesCoordinates(Protocol):
    """What an encoder whose latent coordinates may be changed by a matrix offers besides."""

    def change_coordinates(self, origin: Tensor, matrix: Tensor) -> Tensor:
        """From now on encode to (z − origin) matrix what was encoded to z; decoding undoes it.

        Args:
            origin: ``(1, latent_size)``.
            matrix: ``(latent_size, latent_size)``, invertible.

        Returns:
            ``matrix``.
        """


@runtime_checkable
class SeesComponents(Protocol):
    """What an encoder that sees nothing but some linear components of the data offers besides.

    A method can then project its data once, and train on what is left of them.
    """

    @property
    def n_components(self) -> int | None:
        """How many components there are; ``None`` where it sees the data themselves."""

    def project(self, x: Tensor) -> Tensor:
        """Components ``(..., n_components)`` of data points ``(..., size)``, an affine map."""

    def restore(self, components: Tensor) -> Tensor:
        """The data points ``(..., size)`` that have these components and nothing beside them."""

    def encode_components(self, components: Tensor) -> Tensor:
        """Latent points: ``encode`` is ``project`` and then this."""

    def decode_components(self, z: Tensor) -> Tensor:
        """Components of latent points: ``decode`` is this and then ``restore``."""


@runtime_checkable
class KeepsStatistics(Protocol):
    """What an encoder with statistics offers besides: they are buffers that only this changes.

    Methods call both through the ensemble, ``encoders.call("update_statistics", x)``, so each
    returns a tensor.
    """

    @property
    def has_running_statistics(self) -> bool:
        """Whether ``update_statistics`` has any effect; methods save its cost where not."""

    def fit(self, x: Tensor) -> Tensor:
        """Standardise by these data ``(..., size)``, once and before training; return scales."""

    def update_statistics(self, x: Tensor) -> Tensor:
        """Move running statistics towards those of ``(..., size)``, unless frozen.

        Frozen is an encoder none of whose parameters has ``requires_grad``.

        Returns:
            What ``encode(x)`` gives from now on.
        """
