"""Results that several tests share."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from symdisc.representations import Representation
from symdisc.result import SymmetryResult
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.verification import Verification


def judged(*defects: RelativeDefect) -> Verification:
    return Verification.of(defects, DefectOptions())


TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)
BOOST = torch.tensor([[0.0, 1.0], [1.0, 0.0]], dtype=torch.float64)
DEFECT = RelativeDefect("conditional", 0.04, 0.0, 0.11, 0.0008, 0.41, 0.5, 0.98, 2900, 20)


def side_by_side(*matrices: torch.Tensor) -> torch.Tensor:
    joined: torch.Tensor = torch.block_diag(*matrices)  # type: ignore[no-untyped-call]
    return joined


def make(generators: torch.Tensor = TURN[None], **changes: Any) -> SymmetryResult:
    k, n = generators.shape[:2]
    values: dict[str, Any] = {
        "generators": generators,
        "seed_generators": generators.expand(16, k, n, n).clone(),
        "seeds": tuple(range(16)),
        "in_consensus": (True,) * 16,
        "agreement": 1.0,
        "has_consensus": True,
        "group": "SO(2) on vectors of dimension 2",
        "evidence": "eigenvalues ±1.00i",
        "mask": torch.ones(n, n, dtype=torch.float64),
        "representation": Representation.vector(n),
        "preview": torch.zeros(3, 2, n),
        "verification": judged(DEFECT),
    }
    return SymmetryResult(**(values | changes))


def full() -> SymmetryResult:
    return make(
        side_by_side(TURN, TURN)[None],
        mask=side_by_side(torch.ones(2, 2), torch.ones(2, 2)),
        blocks=((0, 1), (2, 3)),
        target_representation=Representation.parse("V4 + 2*S"),
        names=("a", "b", "c", "d"),
        units=("m", "", "m", "µm"),
        truth=torch.ones(1, 4, 4, dtype=torch.float64),
        failed={7: "generators are not finite"},
        notes=("Held by construction.",),
        config={"method": "liegan", "options": {"run": {"seeds": 16}}},
        provenance={"rows": {"train": 10}, "wall_time [s]": np.float64(1.5)},
        interrupted="liegan stopped after 5 of 10 steps",
    )
