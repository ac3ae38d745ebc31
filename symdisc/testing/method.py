"""Conformance suite of methods: they find what is there, and nothing where nothing is."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from types import ModuleType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from symdisc import Component, hookimpl
from symdisc.algebra.spans import largest_angle
from symdisc.component_check import interface_problems
from symdisc.discovery import discover
from symdisc.interfaces import Method
from symdisc.plugin_record import ENTRY_POINT_GROUP
from symdisc.registry import PluginHost
from symdisc.result import SymmetryResult
from symdisc.testing.conformance import attempting, require

N_ROWS = 8000
LARGEST_ANGLE = 15.0
"""How far what a method finds may lie from the truth [degree]."""

_PLUGIN = "under-test"
Array = NDArray[np.float64]


@dataclass(frozen=True)
class MethodCase:
    """Data on which a method is run.

    Attributes:
        name: What the data are, in words.
        states: ``(N, 2)``.
        targets: ``(N, m)``.
        truth: True generators ``(1, 2, 2)``; ``None`` where there is no symmetry.
    """

    name: str
    states: Array
    targets: Array
    truth: Array | None


def method_cases(seed: int = 0) -> tuple[MethodCase, ...]:
    """Three data sets with a symmetry and three without one.

    Args:
        seed: Seed of the random numbers.
    """
    rng = np.random.default_rng(seed)
    x, noise = rng.standard_normal((N_ROWS, 2)), rng.standard_normal((N_ROWS, 1))
    positive = np.exp(x / 2)
    first, second = x[:, :1], x[:, 1:]
    turn, boost = np.array([[[0.0, 1], [-1, 0]]]), np.array([[[0.0, 1], [1, 0]]])
    return (
        MethodCase("a distance from the origin", x, first**2 + second**2, turn),
        MethodCase("a difference of squares", x, first**2 - second**2, boost),
        MethodCase("a ratio", positive, positive[:, :1] / positive[:, 1:], np.eye(2)[None]),
        MethodCase(
            "a function that is different everywhere",
            x,
            np.hstack([first + 0.3 * second**2, second - 0.2 * first**3]),
            None,
        ),
        MethodCase("a paraboloid off the origin", x, first**2 + second**2 + 1.5 * first, None),
        MethodCase("noise", x, noise, None),
    )


def check_method(
    method: type[Method],
    options: Mapping[str, Any] | None = None,
    *,
    seeds: int = 4,
    cases: tuple[MethodCase, ...] | None = None,
) -> dict[str, SymmetryResult]:
    """Run a method on data with and without a symmetry, and look at what is claimed in the end.

    Where there is a symmetry, what is found has to be confirmed on held-out rows, at least as
    approximate, and to be the true one. Where there is none, no generator may be passed off as
    one: the seeds disagree, or the test does not support it, or cannot decide.

    Args:
        method: The method.
        options: Settings by address, e.g. ``{"method.steps": 200}``.
        seeds: Seeds trained at once.
        cases: Other data than those of :func:`method_cases`.

    Returns:
        The results by the names of the data.

    Raises:
        ConformanceError: The method cannot be run, misses a symmetry, or finds one too many.

    Example::

        def test_my_method() -> None:
            check_method(MyMethod, {"method.steps": 300})
    """
    problems = interface_problems("method", method)
    require(not problems, f"{method.__name__} is no method: " + "; ".join(problems))
    host = _host(method)
    results = {}
    for case in method_cases() if cases is None else cases:
        with attempting(f"{method.__name__} on {case.name}"):
            results[case.name] = discover(
                case.states,
                case.targets,
                method=f"{_PLUGIN}:{_PLUGIN}",
                options=dict(options or {}),
                seeds=seeds,
                device="cpu",
                host=host,
            )
        _check(results[case.name], case, method.__name__)
    return results


def _host(method: type[Method]) -> PluginHost:
    """The installed plugins and one that offers the method, by the door that all come in by."""

    @hookimpl
    def symdisc_methods() -> list[Component]:
        return [Component(_PLUGIN, f"{module.__name__}:target", "The method under test.")]

    module = ModuleType("symdisc_method_under_test")
    vars(module).update(target=method, symdisc_methods=symdisc_methods)
    sys.modules[module.__name__] = module
    entry = metadata.EntryPoint(_PLUGIN, module.__name__, ENTRY_POINT_GROUP)
    return PluginHost([*metadata.entry_points(group=ENTRY_POINT_GROUP), entry])


def _check(result: SymmetryResult, case: MethodCase, what: str) -> None:
    if case.truth is None:
        require(
            not result.holds,
            f"{what} finds a symmetry in {case.name}, where there is none: {result.summary()}",
        )
        return
    require(result.holds, f"{what} misses the symmetry of {case.name}: {result.summary()}")
    angle = largest_angle(torch.from_numpy(case.truth), result.generators)
    require(
        angle <= LARGEST_ANGLE,
        f"{what} finds another generator than the true one of {case.name}: they are {angle:.0f} "
        f"degrees apart, at most {LARGEST_ANGLE:.0f} are allowed",
    )
