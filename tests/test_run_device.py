"""Devices and kernel backends by name."""

from __future__ import annotations

import pytest
import torch

from symdisc.errors import OptionError, UnknownComponentError
from symdisc.registry import default_host
from symdisc.run_device import choose_backend, choose_device
from symdisc_kernels.selection import VARIABLE

CPU = torch.device("cpu")


def test_auto_takes_a_gpu_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for there, expected in ((False, "cpu"), (True, "cuda")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=there: there)
        assert choose_device("auto").type == expected


@pytest.mark.parametrize("name", ["cuda:99", "nonsense", "meta"])
def test_devices_that_cannot_be_used(name: str) -> None:
    with pytest.raises(OptionError, match=rf"^device '{name}' cannot be used: .*; try device cpu$"):
        choose_device(name)


def test_the_environment_names_a_backend_where_the_settings_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "reference")
    assert choose_backend(default_host(), "auto", CPU) == "reference"
    assert choose_backend(default_host(), "taylor", CPU) == "taylor"


def test_backends_that_cannot_run() -> None:
    with pytest.raises(UnknownComponentError, match=r"^no kernel named 'nope'; installed: "):
        choose_backend(default_host(), "nope", CPU)
    with pytest.raises(OptionError, match=r"^run\.kernel: .*triton"):
        choose_backend(default_host(), "triton", CPU)
