"""The terms of joint equation discovery vanish for the true equation, in both spaces."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from symdisc.engine.ensemble import Ensemble
from symdisc.interfaces import DataShapes, Encoder
from symdisc.options import Options
from symdisc.representations import Representation
from symdisc_laligan.sindy.equation import SparseEquation
from symdisc_laligan.sindy.library import FunctionLibrary
from symdisc_laligan.sindy.objective import equation_terms

STEP = 0.01
LIBRARY = FunctionLibrary(2, 1)


class Bent(Encoder):
    """z = (x1, x2 − s x1²) and back; a differentiable map with one parameter."""

    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.latent_representation = shapes.representation
        self.bend = torch.nn.Parameter(torch.tensor(0.5))

    def encode(self, x: Tensor) -> Tensor:
        return torch.stack([x[..., 0], x[..., 1] - self.bend * x[..., 0] ** 2], dim=-1)

    def decode(self, z: Tensor) -> Tensor:
        return torch.stack([z[..., 0], z[..., 1] + self.bend * z[..., 0] ** 2], dim=-1)


def bent_circles() -> Tensor:
    """Windows ``(2, 100, 3, 2)`` of points that turn in the coordinates of the encoder."""
    start = 2 * math.pi * torch.arange(100) / 100
    angle = start[:, None] + STEP * torch.arange(3)
    z = (1 + 0.01 * torch.arange(100))[:, None, None] * torch.stack([angle.cos(), angle.sin()], -1)
    x = torch.stack([z[..., 0], z[..., 1] + 0.5 * z[..., 0] ** 2], dim=-1)
    return torch.stack([x, x])


def pair(speed: float) -> tuple[Ensemble, Ensemble]:
    encoders = [Bent(Options(), DataShapes(3, Representation.vector(2))) for _ in range(2)]
    equation = SparseEquation(LIBRARY, 2)
    equation.weight.data.copy_(torch.tensor([[0.0, 0.0], [0.0, speed], [-speed, 0.0]]))
    return Ensemble(encoders), Ensemble([equation] * 2)


def test_the_true_equation_tells_both_velocities() -> None:
    encoder, equation = pair(1.0)
    found = equation_terms(bent_circles(), STEP, torch.ones(2), encoder, equation)
    for name in ("equation", "decoded_equation"):
        assert found[name].shape == (2,)
        assert found[name].max() < 1e-5
    torch.testing.assert_close(found["equation_size"], torch.full((2,), 2.0))


def test_errors_are_shares_of_the_velocities() -> None:
    encoder, equation = pair(0.0)
    found = equation_terms(bent_circles(), STEP, torch.ones(2), encoder, equation)
    torch.testing.assert_close(found["equation"], torch.ones(2))
    torch.testing.assert_close(found["decoded_equation"], torch.ones(2))


def test_the_encoder_learns_from_both_terms() -> None:
    encoder, equation = pair(0.5)
    found = equation_terms(bent_circles(), STEP, torch.ones(2), encoder, equation)
    for name in ("equation", "decoded_equation"):
        (gradient,) = torch.autograd.grad(
            found[name].sum(), next(encoder.parameters()), retain_graph=True
        )
        assert (gradient != 0).all()
