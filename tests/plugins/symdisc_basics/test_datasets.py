"""What is said about every built-in data set, held against what it makes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symdisc.components import Component
from symdisc.configuration import resolve
from symdisc.data.prepare import prepare
from symdisc.options import describe_options
from symdisc.registry import default_host
from symdisc_basics import symdisc_datasets

COMPONENTS = symdisc_datasets()
NAMES = [component.name for component in COMPONENTS]


@pytest.fixture(params=COMPONENTS, ids=NAMES)
def component(request: pytest.FixtureRequest) -> Component:
    found: Component = request.param
    return found


def test_what_the_table_of_data_sets_says_is_true(component: Component) -> None:
    dataset: Any = component.load()
    raw = dataset(dataset.Options()).make()
    assert np.shape(raw.states) == dataset.shape
    samples = prepare(raw)
    assert len(samples.names) == samples.size
    assert dataset.symmetry


def test_numeric_options_state_their_unit(component: Component) -> None:
    for name, kind, _, description in describe_options(component.load().Options):
        if kind in ("integer", "number"):
            assert description.endswith("]"), name


def test_recommended_settings_suit_the_default_method(component: Component) -> None:
    settings = resolve(
        default_host(),
        {"dataset": component.name},
        short={},
        suggested=component.load().recommended,
    )
    assert settings.components["dataset"] == component.name


def test_only_what_takes_long_and_depends_on_options_alone_is_cached() -> None:
    cached = [c.name for c in COMPONENTS if c.load().cache_version is not None]
    assert cached == [
        "three-body",
        "digits-rotated",
        "heat-equation",
        "reaction-diffusion",
        "rotating-object",
    ]
