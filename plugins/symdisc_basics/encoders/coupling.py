"""The invertible encoder."""

from __future__ import annotations

from typing import ClassVar, cast, final

import torch
from torch import Tensor, nn
from torch.nn import functional

from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes
from symdisc.options import Field, Options
from symdisc_basics.activations import ActivationName
from symdisc_basics.encoders.learned import LearnedEncoder, LearnedEncoderOptions
from symdisc_basics.orthogonal import orthonormal_columns
from symdisc_basics.perceptron import Perceptron


class CouplingEncoderOptions(LearnedEncoderOptions):
    """Options of ``coupling``."""

    blocks: int = Field(4, ge=1, description="Blocks, each of which moves all coordinates [1]")
    width: int = Field(64, ge=1, description="Units in each hidden layer [1]")
    depth: int = Field(2, ge=1, description="Hidden layers of each network [1]")
    scale_bound: float = Field(
        1.0,
        ge=0,
        description="Largest |logarithm| of a factor in a coupling; 0 for additive couplings [1]",
    )


@final
class CouplingEncoder(LearnedEncoder):
    """An invertible map f of data space; the latent coordinates are its first ones.

    Each block turns all coordinates by a fixed random rotation, then moves one half of them
    depending on the other and the other way round: b' = b exp(s(a)) + t(a), whose inverse needs
    no inverse of s or t. After Dinh, Sohl-Dickstein and Bengio, Real NVP (arXiv:1605.08803). With
    ``orthogonal``, an orthogonal matrix follows that is learned.

    ``decode`` is f⁻¹ of the latent coordinates, filled up with zeros. So ``encode(decode(z))`` is
    ``z`` always, up to rounding; ``decode(encode(x))`` is ``x`` for as many latent coordinates as
    data have, else only where the other coordinates of f(x) are zero, which training has to bring
    about: there the data lie on the image of the decoder, a surface.
    """

    Options: ClassVar[type[Options]] = CouplingEncoderOptions

    def __init__(self, options: CouplingEncoderOptions, shapes: DataShapes) -> None:
        _check_sizes(options, shapes)
        super().__init__(options, shapes)
        size = shapes.size
        self.blocks = nn.ModuleList(_Block(size, options) for _ in range(options.blocks))
        self.last = nn.Parameter(_random_orthogonal(size)) if options.orthogonal else None

    def to_latent(self, x: Tensor) -> Tensor:
        """See :class:`LearnedEncoder`."""
        for block in self.blocks:
            x = block(x)
        if self.last is not None:
            x = x @ orthonormal_columns(self.last)
        return x[..., : self.latent_representation.size]

    def from_latent(self, z: Tensor) -> Tensor:
        """See :class:`LearnedEncoder`."""
        x = functional.pad(z, (0, self.data_representation.size - z.shape[-1]))
        if self.last is not None:
            x = x @ orthonormal_columns(self.last).mT
        for block in reversed(list(self.blocks)):
            x = cast("_Block", block).inverse(x)
        return x

    def update_networks(self, x: Tensor, share: Tensor) -> Tensor:
        """See :class:`LearnedEncoder`."""
        return self.to_latent(x)


@final
class _Block(nn.Module):
    """A rotation and two couplings."""

    rotation: Tensor

    def __init__(self, size: int, options: CouplingEncoderOptions) -> None:
        super().__init__()
        first, second = size // 2, size - size // 2
        self.first_size = first
        self.register_buffer("rotation", _random_orthogonal(size))
        self.forth = _Coupling(first, second, options)
        self.back = _Coupling(second, first, options)

    def forward(self, x: Tensor) -> Tensor:
        x = x @ self.rotation
        first, second = x[..., : self.first_size], x[..., self.first_size :]
        second = self.forth(first, second)
        return torch.cat([self.back(second, first), second], dim=-1)

    def inverse(self, x: Tensor) -> Tensor:
        first, second = x[..., : self.first_size], x[..., self.first_size :]
        first = self.back.inverse(second, first)
        return torch.cat([first, self.forth.inverse(first, second)], dim=-1) @ self.rotation.mT


@final
class _Coupling(nn.Module):
    """b' = b exp(s(a)) + t(a), with a bounded s."""

    def __init__(self, fixed: int, moved: int, options: CouplingEncoderOptions) -> None:
        super().__init__()
        self.bound, self.moved = options.scale_bound, moved
        outputs = 2 * moved if self.bound else moved
        sizes = [fixed, *[options.width] * options.depth, outputs]
        name: ActivationName = options.activation
        self.network = Perceptron(sizes, activation_name=name)

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        shift, log_scale = self._of(a)
        return b + shift if log_scale is None else b * log_scale.exp() + shift

    def inverse(self, a: Tensor, b: Tensor) -> Tensor:
        shift, log_scale = self._of(a)
        return b - shift if log_scale is None else (b - shift) * (-log_scale).exp()

    def _of(self, a: Tensor) -> tuple[Tensor, Tensor | None]:
        out: Tensor = self.network(a)
        if not self.bound:
            return out, None
        return out[..., : self.moved], self.bound * torch.tanh(out[..., self.moved :] / self.bound)


def _random_orthogonal(size: int) -> Tensor:
    return orthonormal_columns(torch.randn(size, size))


def _check_sizes(options: CouplingEncoderOptions, shapes: DataShapes) -> None:
    latent, form = options.latent_form, shapes.representation
    if form.size < 2:
        raise OptionError(
            f"couplings need at least 2 coordinates, but a state is '{form}'; use --encoder mlp"
        )
    if latent.size > form.size:
        raise OptionError(
            f"coupling maps a state of {form.size} coordinates ('{form}') to as many or fewer "
            f"latent ones, but '{latent}' has {latent.size}; use --set "
            f"encoder.latent_dim={form.size} or less, or --encoder mlp"
        )
