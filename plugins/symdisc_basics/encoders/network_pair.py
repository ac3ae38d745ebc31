"""What encoders of two networks share: principal axes, unit vectors and sums of parts."""

from __future__ import annotations

import itertools
from abc import abstractmethod
from collections.abc import Sequence

import torch
from pydantic import model_validator
from torch import Tensor
from torch.func import functional_call
from torch.nn.functional import normalize

from symdisc.interfaces import DataShapes
from symdisc.options import Field
from symdisc_basics.encoders.learned import LearnedEncoder, LearnedEncoderOptions
from symdisc_basics.encoders.principal_axes import PrincipalAxes


class NetworkPairOptions(LearnedEncoderOptions):
    """Options of encoders of two networks."""

    principal: bool = Field(
        False,
        description="The encoder's network adds to the leading principal components of what it "
        "sees, scaled to variance 1, so that training starts from these",
    )
    unit_length: bool = Field(
        False,
        description="Each part of the latent coordinates has length 1, scalars aside: for data "
        "that are one orbit, such as phases and poses",
    )
    additive: bool = Field(
        False,
        description="The decoder is a sum of one function for each part of the latent "
        "coordinates, each of which is read from what those before it leave of the data",
    )
    parts: tuple[int, ...] | None = Field(
        None,
        description="Coordinates of each part, e.g. 2,2; null: each latent vector is one [1]",
    )

    @model_validator(mode="after")
    def _lengths_stay(self) -> NetworkPairOptions:
        if self.unit_length and self.normalise != "none":
            raise ValueError(
                f"normalise='{self.normalise}' changes the lengths that unit_length sets; leave "
                "one of them out"
            )
        return self

    @model_validator(mode="after")
    def _parts_stay(self) -> NetworkPairOptions:
        given = [name for name in ("unit_length", "additive") if getattr(self, name)]
        if self.frame and given:
            raise ValueError(
                f"frame=true mixes the parts that {' and '.join(given)} keep apart; leave one of "
                "them out"
            )
        return self

    @model_validator(mode="after")
    def _parts_fit(self) -> NetworkPairOptions:
        moving = self.latent_form.n_moving
        if self.parts is not None and (sum(self.parts) != moving or min(self.parts, default=0) < 1):
            raise ValueError(
                f"parts={','.join(map(str, self.parts))} are {sum(self.parts)} coordinates, but "
                f"latent='{self.latent_form}' has {moving} besides scalars; give positive lengths "
                f"that add up to {moving}"
            )
        return self

    @property
    def part_slices(self) -> tuple[slice, ...]:
        """Which coordinates are which part; scalars are in none."""
        form = self.latent_form
        lengths = self.parts or (form.dimension,) * form.n_vectors
        ends = itertools.accumulate(lengths)
        return tuple(slice(end - length, end) for end, length in zip(ends, lengths, strict=True))


class NetworkPairEncoder(LearnedEncoder):
    """An encoder of two networks, one down to latent points and one up again.

    With ``additive``, for parts z_1, z_2, ... of the latent coordinates (all scalars are the last),

        ψ(z) = u(z_1) + u(z_2) + ...,  z_j = d(x − u(z_1) − ... − u(z_{j−1}))_j,

    where d and u are the two networks, and all but one part of their latent points is zero. A
    part does not learn to leave anything to others: for what it leaves, parameters are constants.
    What is a sum of parts that vary on their own determines an additive decoder up to changes
    within the parts (Lachapelle, Mahajan, Mitliagkas, Lacoste-Julien, arXiv:2307.02598); one
    that is not additive may mix them.
    """

    masks: Tensor

    def __init__(
        self,
        options: NetworkPairOptions,
        shapes: DataShapes,
        channels: int | None = None,
        components: int | None = None,
    ) -> None:
        super().__init__(options, shapes, channels)
        if components is not None:
            self.components = PrincipalAxes(shapes.size, components)
        form = options.latent_form
        self.units = options.part_slices if options.unit_length else ()
        self.additive = options.additive
        # Each part sees what is left when its turn comes, so each begins with the leading axes.
        lengths = [p.stop - p.start for p in _all_parts(options)]
        self.order = [i for n in (lengths if self.additive else [form.size]) for i in range(n)]
        count = max(self.order) + 1
        seen = components or shapes.size
        self.principal = PrincipalAxes(seen, count) if options.principal else None
        self.register_buffer("masks", part_masks(options) if options.additive else torch.empty(0))

    @abstractmethod
    def down(self, x: Tensor) -> Tensor:
        """Map what the networks see to latent rows by the first one."""

    @abstractmethod
    def up(self, z: Tensor) -> Tensor:
        """Map latent rows to what the networks see by the second one."""

    def to_latent(self, x: Tensor) -> Tensor:
        """See :class:`LearnedEncoder`."""
        if not self.additive:
            return self._read(x)
        masks = self._masks()
        constants = {name: value.detach() for name, value in self.named_parameters()}
        found = []
        for mask in masks:
            part = self._read(x) * mask
            found.append(part)
            if len(found) < len(masks):
                x = x - functional_call(self, constants, (x, mask))
        return sum(found[1:], found[0])

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """What one part of the latent points of what is seen decodes to, by itself."""
        return self.up(self._read(x) * mask)

    def from_latent(self, z: Tensor) -> Tensor:
        """See :class:`LearnedEncoder`."""
        return self._added(z)[-1]

    def decode_parts(self, z: Tensor) -> Tensor:
        """See :class:`DecodesInParts`."""
        form = self.latent_representation
        rows = self._rows(z, form, "the latent space has")
        added = self._added(self.inner(rows))
        decoded = torch.stack([self._outside(x) for x in added], dim=-2)
        return decoded.reshape(*z.shape[:-1], *decoded.shape[-2:])

    def _added(self, z: Tensor) -> list[Tensor]:
        """What is seen, from the first part of z, from the first two, and so on to all."""
        if not self.additive:
            return [self.up(z)]
        return list(itertools.accumulate(self.up(z * mask) for mask in self._masks()))

    def fit_networks(self, x: Tensor) -> None:
        """See :class:`LearnedEncoder`."""
        if self.principal is not None:
            self.principal.fit(x)

    def _masks(self) -> tuple[Tensor, ...]:
        """One ``(1, size)`` for each part, with a leading dimension once stacked."""
        return self.masks.unbind(-3)

    def _read(self, x: Tensor) -> Tensor:
        z = self.down(x)
        if self.principal is not None:
            scores = self.principal.scores(x) / self.principal.deviations
            z = z + scores[..., self.order]
        return unit_lengths(z, self.units)


def part_masks(options: NetworkPairOptions) -> Tensor:
    """1 on the coordinates of one part, or on all scalars: ``(parts, 1, size)``."""
    parts = _all_parts(options)
    masks = torch.zeros(len(parts), 1, options.latent_form.size)
    for mask, part in zip(masks, parts, strict=True):
        mask[:, part] = 1
    return masks


def _all_parts(options: NetworkPairOptions) -> list[slice]:
    form = options.latent_form
    scalars = [slice(form.n_moving, form.size)] if form.n_scalars else []
    return [*options.part_slices, *scalars]


def unit_lengths(z: Tensor, parts: Sequence[slice]) -> Tensor:
    """Latent rows ``(..., size)`` with these parts divided by their lengths."""
    if not parts:
        return z
    units = [normalize(z[..., part], dim=-1) for part in parts]
    return torch.cat([*units, z[..., parts[-1].stop :]], dim=-1)
