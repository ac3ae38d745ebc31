from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from symdisc.testing import check_ensemble, check_stacked
from symdisc_basics.orthogonal import orthonormal_columns
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


def test_a_residual_layer_adds_to_its_input_where_the_sizes_agree() -> None:
    torch.manual_seed(0)
    network = Perceptron([2, 4, 4, 4], activation_name="tanh", residual=True)
    layers = [
        (network.get_parameter(f"weight_{i}"), network.get_parameter(f"bias_{i}")) for i in range(3)
    ]
    x = torch.randn(6, 2)
    first = torch.tanh(x @ layers[0][0] + layers[0][1])
    second = first + torch.tanh(first @ layers[1][0] + layers[1][1])
    assert torch.allclose(network(x), second @ layers[2][0] + layers[2][1], atol=1e-6)


def test_the_last_weight_is_orthogonal() -> None:
    torch.manual_seed(0)
    network = Perceptron([3, 2], orthogonal=True)
    x = torch.randn(6, 3)
    weight = orthonormal_columns(network.get_parameter("weight_0"))
    assert torch.allclose(network(x), x @ weight + network.get_parameter("bias_0"), atol=1e-6)


def test_batch_normalisation_is_torchs() -> None:
    torch.manual_seed(0)
    network = Perceptron([3, 5, 2], batch_norm=True)
    x = 4 * torch.randn(50, 3) + 1
    plain = nn.Linear(3, 5, bias=False)
    plain.weight.data = network.get_parameter("weight_0").detach().mT
    torchs = nn.BatchNorm1d(5, momentum=1)
    torchs.bias.data = network.get_parameter("bias_0").detach()[0]
    hidden = nn.functional.leaky_relu(torchs(plain(x)), 0.01)
    expected = hidden @ network.get_parameter("weight_1") + network.get_parameter("bias_1")
    now = network.update_statistics(x, torch.ones(()))
    assert torch.allclose(now, expected, atol=1e-5)
    assert torch.equal(network(x), now)


def test_statistics_run_by_shares_and_calling_leaves_them() -> None:
    torch.manual_seed(0)
    network = Perceptron([3, 5, 2], batch_norm=True)
    x = torch.randn(50, 3)
    network.update_statistics(x, torch.tensor(0.25))
    seen = x @ network.get_parameter("weight_0")
    assert torch.allclose(network.get_buffer("mean_0"), 0.25 * seen.mean(0), atol=1e-6)
    expected = 0.75 + 0.25 * seen.var(0, correction=0)
    assert torch.allclose(network.get_buffer("variance_0"), expected, atol=1e-6)
    before = {name: buffer.clone() for name, buffer in network.named_buffers()}
    network(10 * x)
    assert all(torch.equal(before[name], buffer) for name, buffer in network.named_buffers())


def test_without_batch_normalisation_there_are_no_statistics() -> None:
    network = Perceptron([3, 5, 2])
    x = torch.randn(50, 3)
    assert list(network.buffers()) == []
    assert torch.equal(network.update_statistics(x, torch.ones(())), network(x))
