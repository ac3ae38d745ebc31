from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from symdisc.interfaces import DataShapes, Encoder
from symdisc.options import Options
from symdisc.representations import Representation
from symdisc.testing import ConformanceError, check_encoder
from symdisc_basics.encoders import Identity, MLPEncoder


class Good(Encoder):
    """Everything else in this file differs from it in one place."""

    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.latent_representation = Representation.vector(2)
        self.into = nn.Linear(shapes.size, 2)
        self.back = nn.Linear(2, shapes.size)

    def encode(self, x: Tensor) -> Tensor:
        z: Tensor = self.into(x).tanh()
        return z

    def decode(self, z: Tensor) -> Tensor:
        x: Tensor = self.back(z)
        return x


class NoRepresentation(Good):
    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.latent_representation = "V2"  # type: ignore[assignment]


class WrongRepresentation(Good):
    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.latent_representation = Representation.vector(3)


class FlattensSteps(Good):
    def encode(self, x: Tensor) -> Tensor:
        return super().encode(x).flatten(0, -2)


class DecodesToLatent(Good):
    def decode(self, z: Tensor) -> Tensor:
        unused: Tensor = 0 * self.back(z).sum()
        return z + unused


class Centres(Good):
    def encode(self, x: Tensor) -> Tensor:
        return super().encode(x - x.mean())


class DecoderNeverUsed(Good):
    def decode(self, z: Tensor) -> Tensor:
        return super().decode(z).detach()


class _SlipsForward(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor) -> Tensor:
        return 1 * x

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        return None

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        return gradients[0]

    @staticmethod
    def jvp(ctx: Any, *tangents: Any) -> Any:
        return 2 * tangents[0]


class WrongDerivative(Good):
    def encode(self, x: Tensor) -> Tensor:
        moved: Tensor = _SlipsForward.apply(x)  # type: ignore[no-untyped-call]
        return super().encode(moved)


class NoDerivative(Good):
    def encode(self, x: Tensor) -> Tensor:
        _ = x.sum().item()  # what breaks inside torch.func.jvp, but not outside, is rare
        if torch._C._functorch.peek_interpreter_stack() is not None:
            raise NotImplementedError("no forward mode")
        return super().encode(x)


class SeesTwo(Good):
    """Sees two components of the data."""

    n_components = 2

    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.into = nn.Linear(2, 2)
        self.back = nn.Linear(2, 2)
        self.register_buffer("axes", torch.linspace(-1, 1, 2 * shapes.size).reshape(2, -1))

    def project(self, x: Tensor) -> Tensor:
        return x @ self.get_buffer("axes").mT

    def restore(self, components: Tensor) -> Tensor:
        return components @ self.get_buffer("axes") + 1

    def encode_components(self, components: Tensor) -> Tensor:
        z: Tensor = self.into(components)
        return z

    def decode_components(self, z: Tensor) -> Tensor:
        components: Tensor = self.back(z)
        return components

    def encode(self, x: Tensor) -> Tensor:
        return self.encode_components(self.project(x))

    def decode(self, z: Tensor) -> Tensor:
        return self.restore(self.decode_components(z))


class EncodesOthers(SeesTwo):
    def encode(self, x: Tensor) -> Tensor:
        return 2 * super().encode(x)


class DecodesOthers(SeesTwo):
    def decode(self, z: Tensor) -> Tensor:
        return 2 * super().decode(z)


class BentComponents(SeesTwo):
    def restore(self, components: Tensor) -> Tensor:
        return super().restore(components**3)


@pytest.mark.parametrize(
    ("component", "options"),
    [
        (Good, {}),
        (SeesTwo, {}),
        (Identity, {}),
        (MLPEncoder, {"width": 8, "depth": 2}),
    ],
)
def test_good_encoders_pass(component: type[Any], options: dict[str, Any]) -> None:
    check_encoder(component, options)


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (NoRepresentation, "latent_representation must be a Representation; got 'V2'"),
        (WrongRepresentation, r"encode of \(5, 4\) must have shape \(5, 3\); got \(5, 2\)"),
        (FlattensSteps, r"encode of \(5, 2, 4\) must have shape \(5, 2, 2\); got \(10, 2\)"),
        (DecodesToLatent, r"decode of \(5, 2\) must have shape \(5, 4\); got \(5, 2\)"),
        (Centres, "encode of points in a batch against each point by itself: they differ"),
        (DecoderNeverUsed, r"decode\(encode\(x\)\): the result is cut off from the gradients"),
        (WrongDerivative, "derivative of encode along the data against its gradient: they differ"),
        (EncodesOthers, "encode against encode_components of project: they differ"),
        (DecodesOthers, "decode against restore of decode_components: they differ"),
        (BentComponents, "restore of a mean against the mean of restore: they differ"),
        (NoDerivative, "torch.func.jvp of encode raised NotImplementedError: no forward mode"),
        (nn.Linear, "Linear is no encoder: it must be a subclass of symdisc.interfaces.Encoder"),
    ],
)
def test_broken_promises_are_named(component: Any, message: str) -> None:
    with pytest.raises(ConformanceError, match=message):
        check_encoder(component)
