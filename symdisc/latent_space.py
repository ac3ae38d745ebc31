"""Learned coordinates of a result: the encoder of one seed, kept as tensors, built when needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from symdisc.engine.module_state import put_tensors, tensors_of
from symdisc.errors import DataError, UnknownComponentError
from symdisc.interfaces import DataShapes, Encoder
from symdisc.options import parse_options
from symdisc.registry import PluginHost, default_host
from symdisc.representations import Representation

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

CHUNK = 4096
"""States that go through a network at once, at most."""

NUMBERS = 2**21
"""Coordinates of these states, at most."""


@dataclass(frozen=True, eq=False)
class LatentSpace:
    """Coordinates z = φ(x) in which the generators of a result act, with the way back x = ψ(z).

    The group moves a latent point z to g (z − c) + c, and a state x to ψ(g (φ(x) − c) + c). What
    ψ(φ(x)) loses of x is lost by every such move, also by that of g = 1.

    Attributes:
        component: Full name of the encoder, ``plugin:name``.
        origin: Distribution and version that offered it, e.g. ``"symdisc-acme 0.1.0"``.
        options: Its options.
        shapes: The shapes of the data it was built for.
        tensors: Its parameters and buffers, on the CPU.
        representation: How a latent point transforms, e.g. ``V2 + 2*S``.
        centre: c, ``(latent size,)`` float64.
        seed: Whose encoder it is.
        codes: Latent points of the result's preview, ``(P, steps, latent size)`` float32.
        trajectories: Latent points of a few held-out trajectories, ``(R, T, latent size)``
            float32, nan behind their ends.
        mean: What is subtracted from a state before φ, ``(size,)`` float64, in its units.
        scales: By what it is then divided, ``(size,)`` float64, in its units.
        host: Where the component is looked up; ``None``: among all installed plugins.
    """

    component: str
    origin: str
    options: Mapping[str, Any]
    shapes: DataShapes
    tensors: Mapping[str, Tensor]
    representation: Representation
    centre: Tensor
    seed: int
    codes: Tensor
    trajectories: Tensor
    mean: Tensor
    scales: Tensor
    host: PluginHost | None = field(default=None, repr=False)

    @cached_property
    def encoder(self) -> Encoder:
        """The trained encoder, for evaluation.

        Raises:
            UnknownComponentError: Its plugin is not installed; the message names it.
            DataError: The installed version builds another network.
        """
        component = self._component()
        options = parse_options(component.Options, dict(self.options), "encoder")
        with torch.random.fork_rng(devices=[]):
            encoder: Encoder = component(options, self.shapes)
        put_tensors(encoder, self.tensors, "the saved encoder")
        return encoder.eval().requires_grad_(False)

    def encode(self, x: Tensor) -> Tensor:
        """Latent points ``(..., latent size)`` float64 of states ``(..., size)`` of the data.

        Raises:
            DataError: The states have another number of coordinates.
        """
        _check_last(x, self.shapes.size, "a state", "the encoder was trained on states of")
        return self._in_parts(self._encoded, x.cpu()).to(x.device)

    def decode(self, z: Tensor) -> Tensor:
        """States ``(..., size)`` float64, in the units of the data, of latent points.

        Raises:
            DataError: The points have another number of coordinates.
        """
        size = self.representation.size
        _check_last(z, size, "a latent point", f"the latent space ('{self.representation}') has")
        return self._in_parts(self._decoded, z.cpu()).to(z.device)

    def _in_parts(self, network: Callable[[Tensor], Tensor], values: Tensor) -> Tensor:
        """What a network makes of many points: layers of all at once may not fit into memory."""
        rows = values.reshape(-1, values.shape[-1])
        count = min(CHUNK, max(NUMBERS // self.shapes.size, 1))
        mapped = torch.cat([network(part) for part in torch.split(rows, count)])
        return mapped.reshape(*values.shape[:-1], mapped.shape[-1])

    def _encoded(self, x: Tensor) -> Tensor:
        return self.encoder.encode(((x.double() - self.mean) / self.scales).float()).double()

    def _decoded(self, z: Tensor) -> Tensor:
        return self.encoder.decode(z.float()).double() * self.scales + self.mean

    def in_units_of(self, mean: Tensor, scales: Tensor) -> LatentSpace:
        """The same coordinates for states in other units: x is (x − mean) / scales for φ."""
        return replace(self, mean=mean.double().cpu(), scales=scales.double().cpu())

    def _component(self) -> Any:
        try:
            return (self.host or default_host()).get("encoder", self.component)
        except UnknownComponentError as error:
            raise UnknownComponentError(
                f"states are moved in the coordinates of encoder {self.component!r}, which "
                f"{self.origin} offered when the result was made; install that: {error}"
            ) from None


def latent_space(
    encoder: Encoder, component: str, options: Mapping[str, Any], host: PluginHost, **more: Any
) -> LatentSpace:
    """The latent space of a trained encoder.

    Args:
        encoder: As its seed ended.
        component: Its name as it was chosen.
        options: Its options.
        host: Where it comes from.
        **more: The other attributes of :class:`LatentSpace`.

    Raises:
        DataError: The component of this name is of another class.
    """
    offer = host.find("encoder", component)
    if not isinstance(encoder, offer.load()):
        raise DataError(
            f"the method gave an encoder of class {type(encoder).__name__}, but encoder "
            f"{offer.name!r} was chosen, which is of class {offer.load().__name__}; a result can "
            "be saved only with the encoder that was chosen"
        )
    tensors = {name: value.detach().cpu().clone() for name, value in tensors_of(encoder).items()}
    return LatentSpace(
        offer.name, offer.plugin.origin, dict(options), tensors=tensors, host=host, **more
    )


def in_latent_coordinates(result: SymmetryResult) -> SymmetryResult:
    """The result as one about its latent points, which its matrices move; itself if it has none.

    Coordinates are called z1, z2 and so on. What is known of the data's own coordinates, such as
    their units and the true generators, says nothing about these.

    Args:
        result: What was found.
    """
    latent = result.latent
    if latent is None:
        return result
    return replace(
        result,
        latent=None,
        representation=latent.representation,
        target_representation=None,
        names=latent_names(latent.representation),
        units=(),
        preview=latent.codes,
        centre=latent.centre,
        truth=None,
    )


def latent_names(representation: Representation) -> tuple[str, ...]:
    """Names of the coordinates of a latent point."""
    return tuple(f"z{i + 1}" for i in range(representation.size))


def _check_last(values: Tensor, size: int, what: str, other: str) -> None:
    if values.shape[-1:] != (size,):
        raise DataError(
            f"{what} of shape {tuple(values.shape[-1:])} was given; {other} ({size},) coordinates"
        )
