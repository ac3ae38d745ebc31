"""Elements that are there, and that are not, in data without generators."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from made_elements import discrete_result, judged_as

from symdisc.cosets.discrete_part import discrete_part
from symdisc.data.cache import make_cached
from symdisc.registry import default_host
from symdisc.representations import Representation
from symdisc.suite.scoring import score
from symdisc_basics.datasets.invariant_function import InvariantFunctionOptions, targets_of

MIRROR = torch.diag(torch.tensor([1.0, 1.0, -1.0])).double()


@pytest.mark.parametrize(("name", "false"), [("no-symmetry", True), ("chaotic-lorenz", False)])
def test_an_element_that_was_confirmed(name: str, false: bool) -> None:
    problem = default_host().get("problem", name)()
    dataset = default_host().get("dataset", problem.dataset)
    options = dataset.Options(**problem.options)
    truth = problem.truth(options, make_cached(dataset, options))
    part = discrete_part(MIRROR[None], torch.zeros(0, 3, 3)).tested(judged_as("confirmed"))
    result = replace(discrete_result(part), representation=Representation.vector(3))
    found = score(result, truth, np.zeros((1, 3)))
    assert (found.false_confirmation, found.right) == (false, not false)


def test_the_cusp_has_a_reflection() -> None:
    states = np.random.default_rng(0).standard_normal((20, 2))
    options = InvariantFunctionOptions(which="cusp")
    mirrored = targets_of(states * [1, -1], options)
    assert np.allclose(mirrored, targets_of(states, options))
    assert not np.allclose(targets_of(states * [-1, 1], options), targets_of(states, options))
