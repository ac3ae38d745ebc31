"""Fields that any function stays the same along are admitted where no generator is true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from made_results import TURN, make, side_by_side

from symdisc.data.cache import make_cached
from symdisc.registry import default_host
from symdisc.result import SymmetryResult
from symdisc.suite.scoring import score
from symdisc.verify.verdict import Verdict

NOTE = "This holds by construction."


@pytest.mark.parametrize(
    ("name", "notes", "false"),
    [
        ("dihedral-d4", (NOTE,), False),
        ("dihedral-d4", (), True),
        ("dihedral-tilted", (NOTE,), False),
        ("dihedral-c5", (NOTE,), True),
    ],
)
def test_a_turn_that_was_confirmed(name: str, notes: tuple[str, ...], false: bool) -> None:
    _check(name, make(notes=notes), false)


@pytest.mark.parametrize(("notes", "false"), [((NOTE,), False), ((), True)])
@pytest.mark.parametrize("name", ["discrete-rotation", "permutation-s3", "permutation-handicap"])
def test_a_turn_in_space(name: str, notes: tuple[str, ...], false: bool) -> None:
    _check(name, make(side_by_side(TURN, torch.zeros(1, 1))[None], notes=notes), false)


def _check(name: str, result: SymmetryResult, false: bool) -> None:
    problem = default_host().get("problem", name)()
    dataset = default_host().get("dataset", problem.dataset)
    options = dataset.Options(**problem.options)
    raw = make_cached(dataset, options)
    assert result.verification is not None
    said = replace(result.verification, overall=Verdict("confirmed", ""))
    truth = problem.truth(options, raw)
    states = np.asarray(raw.states[:100], dtype=np.float64)
    assert score(replace(result, verification=said), truth, states).false_confirmation == false
