"""The conformance suite of problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
import torch

from symdisc.configuration import resolve
from symdisc.cosets.component import TOLERANCE, coset_distance
from symdisc.interfaces import Family, Problem, RawData, TrueSymmetry
from symdisc.options import parse_options
from symdisc.registry import default_host
from symdisc.representations import Representation
from symdisc.testing.conformance import attempting, require

_POINTS = 200
_RANK = 1e-6


def check_problem(component: type[Any], options: Mapping[str, Any] | None = None) -> None:
    """Does a problem keep the promises of :class:`symdisc.interfaces.Problem`?

    Its family is one of those that there are, its data set is installed and takes its options,
    installed methods take its settings, true fields are finite and as many as it says, none of
    them depends on the others, and true elements are invertible, lie in different components and
    begin with the identity.

    Args:
        component: The class.
        options: More options of the data set, with which the data are few.

    Raises:
        ConformanceError: The first broken promise.
    """
    name, host = component.__name__, default_host()
    require(
        component.family in get_args(Family),
        f"{name}: family must be one of {', '.join(get_args(Family))}; got {component.family!r}",
    )
    with attempting(f"{name}: making its data"):
        problem: Problem = component()
        dataset = host.get("dataset", problem.dataset)
        given = {**problem.options, **(options or {})}
        checked = parse_options(dataset.Options, given, "dataset")
        raw: RawData = dataset(checked).make()
    with attempting(f"{name}: truth()"):
        truth = problem.truth(checked, raw)
    _check_settings(problem, name)
    states = raw.rows[:_POINTS]
    _check_fields(truth, states, name)
    _check_elements(truth, raw, name)


def _check_settings(problem: Problem, name: str) -> None:
    """Methods that are installed take the settings that are meant for them."""
    host = default_host()
    installed = {offer.component.name for offer in host.components("method")}
    for method in sorted(installed):
        chosen = {**problem.settings.get("*", {}), **problem.settings.get(method, {})}
        layer = {"dataset": problem.dataset, "method": method, **chosen}
        with attempting(f"{name}: settings for {method}"):
            if chosen:
                resolve(host, layer, short={})


def _check_fields(
    truth: TrueSymmetry, states: np.ndarray[Any, np.dtype[np.float64]], name: str
) -> None:
    if not truth.dimension:
        return
    require(truth.fields is not None, f"{name}: {truth.dimension} generators, but no fields")
    if truth.fields is None:
        return
    with attempting(f"{name}: true fields"):
        values = truth.fields(states)
    shape = (len(states), truth.dimension, states.shape[1])
    require(values.shape == shape, f"{name}: fields have shape {values.shape}, not {shape}")
    require(bool(np.isfinite(values).all()), f"{name}: true fields must be finite")
    columns = values.transpose(0, 2, 1).reshape(-1, truth.dimension)
    sizes = np.linalg.svd(columns, compute_uv=False)
    require(bool(sizes[-1] > _RANK * sizes[0]), f"{name}: true fields depend on each other")


def _check_elements(truth: TrueSymmetry, raw: RawData, name: str) -> None:
    if truth.elements is None:
        return
    n = Representation.parse(raw.representation).dimension
    shape = (len(truth.elements), n, n)
    require(
        truth.elements.shape == shape,
        f"{name}: elements have shape {truth.elements.shape}, not {shape}",
    )
    require(bool(np.array_equal(truth.elements[0], np.eye(n))), f"{name}: the identity comes first")
    require(bool(np.isfinite(truth.elements).all()), f"{name}: true elements must be finite")
    sizes = np.linalg.svd(truth.elements, compute_uv=False)
    require(bool((sizes[:, -1] > _RANK * sizes[:, 0]).all()), f"{name}: an element is singular")
    elements = torch.from_numpy(truth.elements).double()
    generators = torch.zeros(0, n, n, dtype=torch.float64)
    if truth.generators is not None:
        generators = torch.from_numpy(truth.generators).double()
    for number, element in enumerate(elements):
        for earlier in elements[:number]:
            require(
                coset_distance(element, earlier, generators) > TOLERANCE,
                f"{name}: element {number} lies in the component of one before it",
            )
