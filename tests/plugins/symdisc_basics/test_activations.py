from __future__ import annotations

from typing import get_args

import pytest
import torch
from torch import nn

from symdisc_basics.activations import ActivationName, activation

MODULES: dict[str, nn.Module] = {
    "leaky-relu": nn.LeakyReLU(0.2),
    "relu": nn.ReLU(),
    "silu": nn.SiLU(),
    "gelu": nn.GELU(),
    "tanh": nn.Tanh(),
}


@pytest.mark.parametrize("name", get_args(ActivationName))
def test_names_mean_what_they_mean_in_torch(name: ActivationName) -> None:
    x = torch.linspace(-3, 3, 25)
    assert torch.equal(activation(name, 0.2)(x), MODULES[name](x))
