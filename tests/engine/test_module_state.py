from __future__ import annotations

import pytest
import torch
from torch import nn

from symdisc.engine.module_state import put_tensors, tensors_of


def _module(value: float) -> nn.Module:
    module = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    module.register_buffer("extra", torch.full((), value), persistent=False)
    with torch.no_grad():
        for tensor in tensors_of(module).values():
            tensor.fill_(value)
    return module


def test_all_tensors_are_there_also_those_that_state_dict_leaves_out() -> None:
    module = _module(1.0)
    assert set(tensors_of(module)) == {*module.state_dict(), "extra"}


def test_tensors_go_out_and_in() -> None:
    source, target = _module(1.0), _module(2.0)
    parameter = target.get_parameter("0.weight")
    put_tensors(target, tensors_of(source))
    assert all((tensor == 1).all() for tensor in tensors_of(target).values())
    assert target.get_parameter("0.weight") is parameter
    assert parameter.requires_grad


def test_a_tensor_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError, match="extra"):
        put_tensors(_module(1.0), _module(2.0).state_dict())
