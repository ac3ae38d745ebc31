"""Training on components of the data: what encoders that see nothing else allow.

Where the error of a decoded state x' is |(x' − x)/s|² and x' = a + W' s c' has components c', the
part of x − a outside the span of W is lost whatever they are. So a state is as well told by few
numbers: its components, its coordinates q in an orthonormal basis of that span, W = Q R, and the
length of the rest. Then q' = R c', and all terms and their gradients are those of the whole states.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast, final

import torch
from torch import Tensor, nn

from symdisc.data.samples import Samples
from symdisc.interfaces import EnsembleModule, SeesComponents
from symdisc.representations import Representation
from symdisc_laligan.options import LaLiGANOptions

_CHUNK = 256
"""Samples that are projected at a time."""


def may_project(encoder: EnsembleModule, options: LaLiGANOptions) -> bool:
    """Whether no term needs more of the data than the components that the encoder sees."""
    prototype = encoder.prototype
    sees_all = options.sindy or options.nested or (options.adversarial and options.see_states)
    return not sees_all and (
        isinstance(prototype, SeesComponents) and prototype.n_components is not None
    )


@final
class ProjectedEncoders(EnsembleModule):
    """Encoders of projected states, with the parameters of those of whole states.

    All members see the same components: they were told the scale of the same data.

    Args:
        encoders: Members are :class:`SeesComponents`, with components.
        scale: What errors of each coordinate of a state are compared with, ``(size,)``.

    Attributes:
        scale: The same for projected states; infinite for components, whose errors are those of
            q in other units.
    """

    def __init__(self, encoders: EnsembleModule, scale: Tensor) -> None:
        super().__init__()
        self.size, self.encoders = encoders.size, encoders
        first = cast("SeesComponents", encoders.member(0))
        # Its method alone: as a module of this one its parameters would count twice.
        self._components = first.project
        self._count, self._unit = first.n_components or 0, scale
        with torch.no_grad():
            basis = torch.eye(self._count, device=scale.device)
            self._origin = first.restore(torch.zeros_like(basis[:1]))
            columns = ((first.restore(basis) - self._origin) / scale).mT
            span, root = torch.linalg.qr(columns.double())
        self._span, self._root = span.float(), root.float()
        # The mean over the coordinates of a state, whatever their number.
        one = torch.full((self._count + 1,), (len(scale) / (2 * self._count + 1)) ** 0.5)
        self.scale = torch.cat([torch.full((self._count,), torch.inf), one]).to(scale)

    @torch.no_grad()
    def prepare(self, samples: Samples) -> Samples:
        """Samples with projected states, ``2 n_components + 1`` coordinates each."""
        states = torch.cat([self._project(x) for x in torch.split(samples.states, _CHUNK)])
        form = Representation.vector(states.shape[-1])
        return replace(samples, states=states, representation=form, names=(), units=(), truth=None)

    def _project(self, states: Tensor) -> Tensor:
        left = (states - self._origin) / self._unit
        inside = left @ self._span
        square = left.square().sum(-1, keepdim=True) - inside.square().sum(-1, keepdim=True)
        return torch.cat([self._components(states), inside, square.clamp(min=0).sqrt()], dim=-1)

    def forward(self, *arguments: Tensor | None) -> Tensor:
        """See :class:`EnsembleModule`."""
        return self.call("forward", *arguments)

    def call(self, method: str, *arguments: Tensor | None) -> Tensor:
        """See :class:`EnsembleModule`."""
        if method == "encode" and isinstance(arguments[0], Tensor):
            return self.encoders.call("encode_components", arguments[0][..., : self._count])
        if method == "decode":
            seen = self.encoders.call("decode_components", *arguments)
            inside = seen @ self._root.mT
            return torch.cat([seen, inside, torch.zeros_like(inside[..., :1])], dim=-1)
        return self.encoders.call(method, *arguments)

    def named(self, method: str) -> dict[str, Tensor]:
        """See :class:`EnsembleModule`."""
        return self.encoders.named(method)

    def member(self, index: int) -> nn.Module:
        """See :class:`EnsembleModule`."""
        return self.encoders.member(index)

    @property
    def prototype(self) -> nn.Module:
        """See :class:`EnsembleModule`."""
        return self.encoders.prototype
