"""What all encoders that are trained share: scales, statistics, shapes and options."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from pydantic import field_validator, model_validator
from torch import Tensor

from symdisc.engine.ensemble import stack_state
from symdisc.errors import DataError, OptionError
from symdisc.interfaces import DataShapes, Encoder
from symdisc.options import Field, Options
from symdisc.representations import Representation
from symdisc_basics.activations import ActivationName
from symdisc_basics.encoders.data_scale import DataScale
from symdisc_basics.encoders.latent_frame import LatentFrame
from symdisc_basics.encoders.latent_scale import LatentScale, Normalise
from symdisc_basics.encoders.principal_axes import PrincipalAxes

_DEFAULT_LATENT_DIM = 2
_DATA, _SEEN, _LATENT = "the data have", "the networks see", "the latent space has"

_FIT_ROWS = 2000
"""Rows from which more than scales is taken, at most."""


class LearnedEncoderOptions(Options):
    """Options of every encoder that is trained."""

    latent_dim: int | None = Field(
        None,
        ge=1,
        description="Latent coordinates, which form one vector; 2 unless 'latent' says more [1]",
    )
    latent: str | None = Field(
        None, description="How the latent coordinates transform, e.g. '3*V3' or 'V2 + 2*S'"
    )
    orthogonal: bool = Field(
        False, description="The matrix of the encoder's last layer has orthonormal rows"
    )
    normalise: Normalise = Field(
        "none", description="Latent coordinates have mean 0 (centre), and covariance 1 (whiten)"
    )
    frame: bool = Field(
        False,
        description="A method may change the latent coordinates by a matrix, as method.frame does",
    )
    momentum: float = Field(
        0.1, gt=0, le=1, description="Share of a minibatch in the running statistics [1]"
    )
    activation: ActivationName = Field("leaky-relu", description="Activation of hidden layers")

    @field_validator("latent")
    @classmethod
    def _can_be_latent(cls, text: str | None) -> str | None:
        if text is not None:
            form = Representation.parse(text)
            if form.grid is not None or form.size == 0:
                raise ValueError("latent coordinates are vectors and scalars, e.g. 'V2 + 2*S'")
        return text

    @model_validator(mode="after")
    def _one_size(self) -> LearnedEncoderOptions:
        size = self.latent_form.size
        if self.latent_dim not in (None, size):
            raise ValueError(
                f"latent_dim={self.latent_dim}, but latent='{self.latent}' has {size} "
                f"coordinates; leave out latent_dim, or give latent='V{self.latent_dim}'"
            )
        return self

    @property
    def latent_form(self) -> Representation:
        """How the latent coordinates transform."""
        if self.latent is None:
            return Representation.vector(self.latent_dim or _DEFAULT_LATENT_DIM)
        return Representation.parse(self.latent)


class LearnedEncoder(Encoder):
    """Scales around two networks: x → standardised → network → normalised latent points.

    All of it works with a leading ensemble dimension of the tensors as well as without, which is
    how :meth:`stack` comes for free. Networks are called with rows ``(B, n)``, or ``(E, B, n)``.

    Statistics are buffers. :meth:`fit` sets those of the data, once, before training;
    :meth:`update_statistics` moves those of the latent points. ``encode`` and ``decode`` only
    use them. An encoder whose parameters all have ``requires_grad`` off is frozen: it keeps its
    statistics.
    """

    n_updates: Tensor

    def __init__(
        self, options: LearnedEncoderOptions, shapes: DataShapes, channels: int | None = None
    ) -> None:
        super().__init__(options, shapes)
        self.latent_representation = options.latent_form
        self.data_representation = shapes.representation
        self.momentum = options.momentum
        self.data_scale = DataScale(shapes.size, channels or shapes.size)
        self.latent_scale = LatentScale(options.latent_form.size, options.normalise)
        self.latent_frame = LatentFrame(options.latent_form.size) if options.frame else None
        self.components: PrincipalAxes | None = None
        self.register_buffer("n_updates", torch.zeros(()))

    @abstractmethod
    def to_latent(self, x: Tensor) -> Tensor:
        """Map what :meth:`_inside` gives to latent rows before normalisation."""

    @abstractmethod
    def from_latent(self, z: Tensor) -> Tensor:
        """Map latent rows before normalisation to what :meth:`_outside` takes."""

    @abstractmethod
    def update_networks(self, x: Tensor, share: Tensor) -> Tensor:
        """Move statistics inside the networks, if there are any; return what to_latent gives.

        Args:
            x: What :meth:`to_latent` takes.
            share: How far, from 0 to 1: ``()`` or ``(E,)``.
        """

    def encode(self, x: Tensor) -> Tensor:
        """See :class:`Encoder`.

        Raises:
            DataError: States of another size than the encoder was built for.
        """
        return self._by_rows(self._encode_rows, x, self.data_representation, _DATA)

    @property
    def n_components(self) -> int | None:
        """See :class:`SeesComponents`."""
        return None if self.components is None else self.components.axes.shape[-1]

    def project(self, x: Tensor) -> Tensor:
        """See :class:`SeesComponents`."""
        return self._by_rows(self._inside, x, self.data_representation, _DATA)

    def restore(self, components: Tensor) -> Tensor:
        """See :class:`SeesComponents`."""
        return self._by_rows(self._outside, components, self._seen, _SEEN)

    def encode_components(self, components: Tensor) -> Tensor:
        """See :class:`SeesComponents`."""
        return self._by_rows(self._encode_seen, components, self._seen, _SEEN)

    def decode_components(self, z: Tensor) -> Tensor:
        """See :class:`SeesComponents`."""
        return self._by_rows(self._decode_seen, z, self.latent_representation, _LATENT)

    def decode(self, z: Tensor) -> Tensor:
        """See :class:`Encoder`.

        Raises:
            DataError: Latent points of another size.
        """
        return self._by_rows(self._decode_rows, z, self.latent_representation, _LATENT)

    def fit(self, x: Tensor) -> Tensor:
        """Standardise by these data ``(..., size)`` from now on; return the scales."""
        rows = self._rows(x, self.data_representation, _DATA)
        same = rows.ndim == 3 and rows.stride(0) == 0  # the same rows for all members
        scales = self.data_scale.fit(rows[:1] if same else rows)
        some = self.data_scale.standardise(rows[..., :: -(-rows.shape[-2] // _FIT_ROWS), :])
        some = some[:1] if same else some
        if self.components is not None:
            self.components.fit(some)
        self.fit_networks(self._reduced(some))
        return scales

    @torch.no_grad()
    def fit_networks(self, x: Tensor) -> None:
        """Take from what :meth:`to_latent` takes what the networks need, once; most: nothing."""

    @property
    def has_running_statistics(self) -> bool:
        """Whether :meth:`update_statistics` has any effect."""
        return self.latent_scale.how != "none"

    @torch.no_grad()
    def update_statistics(self, x: Tensor) -> Tensor:
        """Move the running statistics towards those of these data; not if frozen.

        The first few updates weigh all data equally, later ones by the option ``momentum``. The
        place for it is before a step: what ``encode`` gave under the old statistics can no
        longer be differentiated.

        Args:
            x: Data points ``(..., size)``.

        Returns:
            What :meth:`encode` gives from now on.
        """
        if not any(parameter.requires_grad for parameter in self.parameters()):
            return self.encode(x)
        return self._by_rows(self._update_rows, x, self.data_representation, _DATA)

    @torch.no_grad()
    def change_coordinates(self, origin: Tensor, matrix: Tensor) -> Tensor:
        """See :class:`ChangesCoordinates`.

        Raises:
            OptionError: An encoder without the option ``frame``.
        """
        if self.latent_frame is None:
            raise OptionError(
                "the latent coordinates of this encoder stay as they are, but a frame is looked "
                "for; set encoder.frame=true, or method.frame=0"
            )
        self.latent_frame.change(origin, matrix)
        return matrix

    @staticmethod
    def stack(members: Sequence[EncoderT]) -> EncoderT:
        """All members as one module whose tensors have a leading ensemble dimension."""
        return stack_state(members)

    def _encode_rows(self, rows: Tensor) -> Tensor:
        return self._encode_seen(self._inside(rows))

    def _encode_seen(self, seen: Tensor) -> Tensor:
        return self._outer(self.to_latent(seen))

    def _update_rows(self, rows: Tensor) -> Tensor:
        self.n_updates += 1
        share = (1 / self.n_updates).clamp(min=self.momentum)
        z = self.update_networks(self._inside(rows), share)
        self.latent_scale.update(z, share)
        return self._outer(z)

    def _decode_rows(self, rows: Tensor) -> Tensor:
        return self._outside(self._decode_seen(rows))

    def _decode_seen(self, rows: Tensor) -> Tensor:
        return self.from_latent(self.inner(rows))

    def _inside(self, rows: Tensor) -> Tensor:
        """What the networks see of data: standardised rows, or their components."""
        return self._reduced(self.data_scale.standardise(rows))

    def _outside(self, seen: Tensor) -> Tensor:
        """The inverse of :meth:`_inside`, as far as there is one."""
        if self.components is not None:
            seen = self.components.restore(self.components.deviations[..., :1, :1] * seen)
        return self.data_scale.restore(seen)

    def _reduced(self, x: Tensor) -> Tensor:
        """Standardised rows, or scores in units of the largest one."""
        if self.components is None:
            return x
        return self.components.scores(x) / self.components.deviations[..., :1, :1]

    @property
    def _seen(self) -> Representation:
        if self.components is None:
            return self.data_representation
        return Representation.vector(self.components.axes.shape[-1])

    def _outer(self, z: Tensor) -> Tensor:
        """What is seen outside of latent rows as the network gives them."""
        normal = self.latent_scale.normalise(z)
        return normal if self.latent_frame is None else self.latent_frame.seen(normal)

    def inner(self, z: Tensor) -> Tensor:
        """Latent rows as the network gives them, of rows as they are seen outside."""
        normal = z if self.latent_frame is None else self.latent_frame.restore(z)
        return self.latent_scale.restore(normal)

    def _by_rows(
        self, function: Callable[[Tensor], Tensor], x: Tensor, form: Representation, what: str
    ) -> Tensor:
        mapped = function(self._rows(x, form, what))
        return mapped.reshape(*x.shape[:-1], mapped.shape[-1])

    def _rows(self, x: Tensor, form: Representation, what: str) -> Tensor:
        """One dimension of rows; a stacked encoder keeps its leading dimension."""
        if x.shape[-1] != form.size:
            raise DataError(
                f"{what} {form.size} coordinates ('{form}') in this encoder, but a tensor of "
                f"shape {tuple(x.shape)} has {x.shape[-1]}; give points of {form.size} "
                "coordinates, or train an encoder on data of this shape"
            )
        return x.reshape(*x.shape[: self.n_updates.ndim], -1, form.size)


EncoderT = TypeVar("EncoderT", bound=LearnedEncoder)
