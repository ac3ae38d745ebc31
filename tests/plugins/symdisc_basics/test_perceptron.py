from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from symdisc.testing import check_ensemble, check_stacked
from symdisc_basics.perceptron import Perceptron

SIZES = [3, 5, 4, 2]


def as_sequential(network: Perceptron, slope: float) -> nn.Sequential:
    layers: list[nn.Module] = []
    for i in range(network.n_layers):
        weight = network.get_parameter(f"weight_{i}").detach()
        layer = nn.Linear(*weight.shape)
        layer.weight.data = weight.mT.clone()
        layer.bias.data = network.get_parameter(f"bias_{i}").detach()[0].clone()
        layers += [layer, nn.LeakyReLU(slope)]
    return nn.Sequential(*layers[:-1])


@pytest.mark.parametrize("slope", [0.01, 0.3])
def test_it_is_linear_layers_and_leaky_relu(slope: float) -> None:
    network = Perceptron(SIZES, slope)
    x = torch.randn(7, 3)
    assert torch.allclose(network(x), as_sequential(network, slope)(x), atol=1e-6)


def test_it_starts_like_torch() -> None:
    torch.manual_seed(0)
    network = Perceptron([3, 5])
    torch.manual_seed(0)
    layer = nn.Linear(3, 5)
    assert torch.equal(network.get_parameter("weight_0"), layer.weight.mT)
    assert torch.equal(network.get_parameter("bias_0"), layer.bias[None])


def test_stacked_and_vmapped_equal_the_members() -> None:
    class Inside(nn.Module):
        """Somebody else's module around a perceptron, without a form for ensembles."""

        def __init__(self) -> None:
            super().__init__()
            self.network = Perceptron(SIZES)

        def forward(self, x: Tensor) -> Tensor:
            out: Tensor = self.network(x)
            return out

    x = torch.randn(3, 7, 3)
    check_stacked([Perceptron(SIZES, 0.2) for _ in range(3)], x)
    check_ensemble([Inside() for _ in range(3)], x)


def test_leading_dimensions_of_the_parameters() -> None:
    network = Perceptron(SIZES)
    assert network.n_leading == 0
    assert Perceptron.stack([network, network]).n_leading == 1
