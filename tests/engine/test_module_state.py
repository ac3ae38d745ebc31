from __future__ import annotations

import pytest
import torch
from torch import nn

from symdisc.engine.module_state import put_tensors, tensors_of
from symdisc.errors import DataError


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


def test_everything_that_does_not_fit_is_listed() -> None:
    module, given = _module(1.0), tensors_of(_module(2.0))
    del given["extra"]
    given |= {"0.bias": torch.ones(1), "other": torch.ones(2)}
    message = (
        r"^the checkpoint does not fit Sequential: '0.bias' has shape \(1,\) instead of \(2,\); "
        r"'extra' is missing; 'other' is not known here; install the versions that began this "
        r"run, or start it anew$"
    )
    with pytest.raises(DataError, match=message):
        put_tensors(module, given)
    assert all((tensor == 1).all() for tensor in tensors_of(module).values())
