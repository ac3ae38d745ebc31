"""Standardisation and how it is undone."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from symdisc.data.samples import Samples
from symdisc.data.standardise import How, Standardisation
from symdisc.errors import DataError
from symdisc.linear_action import move
from symdisc.representations import Representation

UNITS = torch.tensor([1.0, 1e4, 1.0, 1e4, 1e-3])
MEAN = torch.tensor([3.0, -2e4, 1.0, 0.0, 1.0])


def samples(n: int = 500, steps: int = 2, targets: bool = True, seed: int = 0) -> Samples:
    """Two vectors and a scalar, with a vector and a scalar as targets."""
    rng = torch.Generator().manual_seed(seed)
    states = torch.randn(n, steps, 5, generator=rng) * UNITS + MEAN
    values = torch.randn(n, 3, generator=rng) * torch.tensor([1.0, 1e4, 7.0])
    return Samples(
        states,
        torch.arange(n),
        Representation(2, 2, 1),
        targets=values if targets else None,
        target_representation=Representation(1, 2, 1) if targets else None,
        truth=torch.tensor([[[0.0, -1e-4], [1e4, 0.0]]]),
    )


def test_none_changes_nothing() -> None:
    data = samples()
    standard = Standardisation.of(data, "none")
    assert not standard.changes
    assert standard.apply(data) is data
    assert standard.centre(data.representation) is None
    L = torch.randn(3, 2, 2, dtype=torch.float64)
    assert torch.equal(standard.generators_restored(L), L)


def test_scales_are_root_mean_squares_shared_by_the_vectors() -> None:
    data = samples()
    standard = Standardisation.of(data, "scale")
    square = data.states.double().square().mean((0, 1))
    expected = [((square[0] + square[2]) / 2).sqrt(), ((square[1] + square[3]) / 2).sqrt()]
    assert torch.allclose(standard.vector, torch.stack(expected))
    assert torch.allclose(standard.states, torch.cat([*[standard.vector] * 2, square[4:].sqrt()]))
    assert standard.centre(data.representation) is None
    assert standard.targets is not None
    assert torch.equal(standard.targets[:2], standard.vector)
    assert standard.targets[2] == pytest.approx(7, rel=0.1)


def test_centre() -> None:
    data = samples()
    standard = Standardisation.of(data, "centre")
    made = standard.apply(data)
    moments = made.states.flatten(0, 1)
    assert torch.allclose(moments.mean(0), torch.zeros(5), atol=1e-4)
    square = moments.square().mean(0)
    assert torch.allclose((square[:2] + square[2:4]) / 2, torch.ones(2), atol=1e-4)
    centre = standard.centre(data.representation)
    assert centre is not None
    assert torch.allclose(centre[:4], data.states.double().mean((0, 1))[:4])
    assert centre[4] == 0
    assert made.targets is not None
    assert data.targets is not None
    assert torch.allclose(made.targets[:, 2] * standard.targets[2], data.targets[:, 2])  # type: ignore[index]


def test_what_is_zero_throughout_keeps_its_scale() -> None:
    data = samples(targets=False)
    data.states[..., [1, 3, 4]] = 0
    standard = Standardisation.of(data, "scale")
    assert standard.states[[1, 3, 4]].tolist() == [1, 1, 1]
    constant = samples(targets=False)
    constant.states[..., :] = MEAN
    assert Standardisation.of(constant, "centre").states.tolist() == [1] * 5


def test_labels_stay() -> None:
    data = samples(targets=False)
    labelled = Samples(
        data.states, data.trajectory, data.representation, targets=torch.arange(500) % 3
    )
    made = Standardisation.of(labelled, "centre").apply(labelled)
    assert made.labels is not None
    assert torch.equal(made.labels, torch.arange(500) % 3)


def test_the_truth_is_that_of_the_standardised_data() -> None:
    data = samples()
    standard = Standardisation.of(data, "scale")
    made = standard.apply(data)
    assert made.truth is not None
    assert data.truth is not None
    assert made.truth.abs().max() < 100
    assert torch.allclose(standard.generators_restored(made.truth), data.truth.double())


@given(how=st.sampled_from(["scale", "centre"]), seed=st.integers(0, 10**6), t=st.floats(-0.5, 0.5))
def test_moving_and_restoring_commute(how: How, seed: int, t: float) -> None:
    """Moved in standard units and restored is moved in own units, about the centre."""
    data = samples(20, targets=False, seed=seed)
    standard = Standardisation.of(data, how)
    rng = torch.Generator().manual_seed(seed)
    L = torch.randn(1, 2, 2, generator=rng, dtype=torch.float64)
    z = torch.full((20, 1), t, dtype=torch.float64)
    form = data.representation
    inside = (data.states.double() - standard.mean) / standard.states
    expected = standard.states_restored(move(z, L, inside, form))
    centre = standard.centre(form)
    offset: Any = 0.0 if centre is None else centre
    own = move(z, standard.generators_restored(L), data.states.double() - offset, form) + offset
    assert torch.allclose(own / standard.states, expected / standard.states, atol=1e-6)


@pytest.mark.parametrize("how", ["scale", "centre"])
def test_images_are_refused(how: How) -> None:
    image = Representation.image(4, 4)
    data = Samples(torch.rand(10, 1, 16), torch.arange(10), image)
    with pytest.raises(DataError, match="images are not standardised: their pixels share one sca"):
        Standardisation.of(data, how)
    target = Samples(
        torch.rand(10, 1, 3),
        torch.arange(10),
        Representation.vector(3),
        targets=torch.rand(10, 16),
        target_representation=image,
    )
    with pytest.raises(DataError, match="images are not standardised"):
        Standardisation.of(target, how)
    assert not Standardisation.of(data, "none").changes
