from __future__ import annotations

import pytest

from symdisc.interfaces import KernelBackend as FromInterfaces
from symdisc_kernels import KernelBackend


def test_a_backend_has_to_implement_everything() -> None:
    with pytest.raises(TypeError, match=r"expm.*group_action.*group_elements.*unavailable"):
        KernelBackend()  # type: ignore[abstract]


def test_plugin_authors_find_it_among_the_interfaces() -> None:
    assert FromInterfaces is KernelBackend
