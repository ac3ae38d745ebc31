"""Sentences about thresholds and equations."""

from __future__ import annotations

import pytest
import torch

from symdisc.engine.ensemble import Ensemble
from symdisc.interfaces import DataShapes
from symdisc.representations import Representation
from symdisc_basics.groups import LieAlgebra, LieAlgebraOptions
from symdisc_laligan.generators import ActingGenerators
from symdisc_laligan.reporting import construction_notes, equation_notes, threshold_notes
from symdisc_laligan.sindy.equation import equations
from symdisc_laligan.sindy.library import FunctionLibrary


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        (
            DataShapes(1, Representation.vector(2), Representation.scalars(1)),
            "2 coordinates decide on 1 value,",
        ),
        (DataShapes(1, Representation.vector(4), None, 3), "4 coordinates decide on 2 values,"),
        (DataShapes(1, Representation.vector(3), Representation.scalars(3)), ""),
        (DataShapes(2, Representation.vector(3)), ""),
        (DataShapes(1, Representation.vector(3)), ""),
    ],
)
def test_what_holds_by_construction_is_told(shapes: DataShapes, said: str) -> None:
    told = construction_notes(shapes)
    assert bool(told) == bool(said)
    assert all(said in note and "by construction" in note for note in told)


def test_the_generator_before_the_threshold_is_told() -> None:
    shapes = DataShapes(1, Representation.vector(2))
    members = [LieAlgebra(LieAlgebraOptions(), shapes) for _ in range(2)]
    members[0].weight.data.copy_(torch.tensor([[[1.0, 1.0], [1.0, 1.0]]]))
    members[1].weight.data.copy_(torch.tensor([[[0.125, -1.0], [1.5, 0.25]]]))
    acting = ActingGenerators(Ensemble(members), False, False)
    acting.apply_threshold(0.3)
    assert threshold_notes(acting, (7, 8)) == [
        "Entries below the threshold that seed 8 set to zero: 2; without that its generators are "
        "[[0.125, -1], [1.5, 0.25]]."
    ]


def test_the_equation_of_each_seed_is_told() -> None:
    library = FunctionLibrary(1, 1)
    notes = equation_notes(equations(library, 1, 2, torch.device("cpu")), library.names, (7, 8))
    assert notes[1] == "Equation that seed 8 learned with its coordinates: dz1/dt = +0.1 +0.1 z1."
