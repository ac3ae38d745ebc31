from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from symdisc.data.fingerprint import fingerprint
from symdisc.data.samples import Samples
from symdisc.representations import Representation

STATES = torch.arange(24.0).reshape(6, 2, 2)
SAMPLES = Samples(
    STATES,
    torch.arange(6),
    Representation.vector(2),
    targets=torch.ones(6, 1),
    target_representation=Representation.scalars(1),
)


def test_the_same_samples_have_the_same() -> None:
    copy = replace(
        SAMPLES,
        states=STATES.mT.contiguous().mT,
        names=("a", "b"),
        source="elsewhere.npz",
        truth=torch.ones(1, 2, 2),
    )
    assert fingerprint(copy) == fingerprint(SAMPLES)
    assert len(fingerprint(SAMPLES)) == 64


@pytest.mark.parametrize(
    "other",
    [
        replace(SAMPLES, states=STATES + torch.eye(2) * 1e-6),
        replace(SAMPLES, states=STATES.reshape(6, 1, 4), representation=Representation(2, 2)),
        replace(SAMPLES, states=STATES.double()),
        replace(SAMPLES, trajectory=torch.tensor([0, 1, 2, 3, 4, 4])),
        replace(SAMPLES, targets=None, target_representation=None),
        replace(SAMPLES, targets=torch.ones(6).long(), target_representation=None),
        replace(SAMPLES, representation=Representation.scalars(2)),
    ],
)
def test_other_samples_have_another(other: Samples) -> None:
    assert fingerprint(other) != fingerprint(SAMPLES)


def test_no_samples_at_all() -> None:
    nothing = SAMPLES.rows(torch.arange(0))
    assert fingerprint(nothing) != fingerprint(SAMPLES)
