"""Every interface is abstract and is named where plugin authors look for it."""

from __future__ import annotations

from typing import Any

import pytest

from symdisc import interfaces
from symdisc.component_check import INTERFACE_OF_KIND

ABSTRACT = {
    "ClosedFormStage": {"solve"},
    "CoefficientDistribution": {"__init__", "log_prob", "sample", "support"},
    "Dataset": {"__init__", "make"},
    "Discriminator": {"__init__", "forward"},
    "Encoder": {"__init__", "decode", "encode"},
    "EnsembleModule": {"named", "call", "forward", "member", "prototype"},
    "GroupParameterization": {"__init__", "generators", "mask", "regularizers"},
    "IterativeStage": {"finish", "losses", "modules", "n_steps", "optimizers"},
    "KernelBackend": {"expm", "group_action", "group_elements", "unavailable"},
    "Logger": {"__init__", "end", "log", "start"},
    "Method": {"__init__", "discovery", "stages"},
    "Oracle": {"__init__", "fit", "jacobian", "unsuited", "value"},
    "Problem": {"truth"},
    "Verifier": {"gains", "unsuited"},
}


@pytest.mark.parametrize("name", ABSTRACT)
def test_what_has_to_be_implemented(name: str) -> None:
    interface: Any = getattr(interfaces, name)
    assert interface.__abstractmethods__ == ABSTRACT[name]
    with pytest.raises(TypeError, match="abstract"):
        interface()


def test_every_kind_of_component_has_an_interface() -> None:
    assert set(INTERFACE_OF_KIND.values()) <= set(ABSTRACT)


def test_all_names_are_there() -> None:
    assert all(hasattr(interfaces, name) for name in interfaces.__all__)
