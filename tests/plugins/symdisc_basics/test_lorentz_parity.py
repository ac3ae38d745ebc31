"""The events: what each transformation does to both terms, and that handedness can be told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.testing import check_dataset
from symdisc_basics.datasets.lorentz import METRIC, invariant_mass
from symdisc_basics.datasets.lorentz_parity import (
    LorentzParity,
    LorentzParityOptions,
    generators,
    representatives,
    targets_of,
)

Array = NDArray[Any]
PARITY = METRIC


def made(**options: Any) -> tuple[Array, Array]:
    """Momenta ``(n, 4, 4)`` and targets."""
    raw = LorentzParity(LorentzParityOptions(**options)).make()
    assert raw.targets is not None
    return np.asarray(raw.states).reshape(-1, 4, 4), raw.targets[:, 0]


@pytest.mark.parametrize("energies", ["positive", "both"])
@pytest.mark.parametrize("odd", [0.0, 0.2])
def test_it_passes_the_suite(energies: str, odd: float) -> None:
    check_dataset(LorentzParity, {"n_events": 50, "energies": energies, "odd": odd})


def test_description_leads_to_samples() -> None:
    samples = prepare(LorentzParity(LorentzParityOptions(n_events=40)).make())
    assert samples.states.shape == (40, 1, 16)
    assert str(samples.representation) == "4*V4"
    assert samples.names[3:6] == ("pz1", "E2", "px2")
    assert samples.truth is not None
    assert samples.truth.shape == (6, 4, 4)


def test_momenta_are_on_shell() -> None:
    momenta, _ = made(n_events=20_000)
    masses = invariant_mass(momenta)
    assert 0.5 - 1e-6 < masses.min() < 0.501
    assert 1.995 < masses.max() < 2 + 1e-6
    assert (momenta[..., 0] > 0).all()
    signs = np.sign(made(n_events=20_000, energies="both")[0][..., 0])
    assert (signs == signs[:, :1]).all()
    assert abs(signs[:, 0].mean()) < 0.03


@pytest.mark.parametrize("energies", ["positive", "both"])
@pytest.mark.parametrize("odd", [0.0, 0.3])
def test_the_group_keeps_the_target(energies: Any, odd: float) -> None:
    options = LorentzParityOptions(energies=energies, odd=odd)
    momenta, targets = made(n_events=200, energies=energies, odd=odd)
    for h in representatives(options):
        assert np.allclose(targets_of(momenta @ h.T, odd), targets)
        for generator in generators(options):
            g = scipy.linalg.expm(0.7 * generator) @ h
            assert np.allclose(targets_of(momenta @ g.T, odd), targets)


@pytest.mark.parametrize(
    ("energies", "odd", "expected"),
    [
        ("positive", 0.0, [np.eye(4), PARITY]),
        ("positive", 0.1, [np.eye(4)]),
        ("both", 0.0, [np.eye(4), PARITY, -PARITY, -np.eye(4)]),
        ("both", 0.1, [np.eye(4), -np.eye(4)]),
    ],
)
def test_parts_of_the_group(energies: Any, odd: float, expected: list[Array]) -> None:
    found = representatives(LorentzParityOptions(energies=energies, odd=odd))
    assert np.array_equal(found, expected)


def test_parity_and_time_reversal_change_the_odd_term_only() -> None:
    momenta, targets = made(n_events=200_000, odd=0.3)
    plain = targets_of(momenta, 0.0)
    assert plain.std() == pytest.approx(1, abs=0.01)
    assert (targets - plain).std() == pytest.approx(0.3, abs=0.003)
    for g in (PARITY, -PARITY):
        assert np.allclose(targets_of(momenta @ g.T, 0.3), 2 * plain - targets)


@pytest.mark.parametrize("g", [PARITY, -PARITY])
def test_mirrored_events_are_as_likely(g: Array) -> None:
    """Of the numbers that a symmetric law gives the mean 0, all lie within five deviations."""
    momenta, _ = made(n_events=100_000, energies="both")
    mirrored = momenta @ g.T
    for power in (1, 3):
        odd = (momenta**power - mirrored**power).reshape(len(momenta), -1)
        odd = np.column_stack([odd[:, odd.std(0) > 0], np.linalg.det(momenta)])
        assert (np.abs(odd.mean(0)) < 5 * odd.std(0) / np.sqrt(len(odd))).all()


def test_events_are_left_handed_or_right_handed() -> None:
    momenta, _ = made(n_events=20_000)
    handedness = np.linalg.det(momenta)
    assert np.abs(handedness).mean() > 0.7 * handedness.std()
    assert abs((handedness > 0).mean() - 0.5) < 0.02


def test_boost_sets_the_rapidity_and_no_direction_is_singled_out() -> None:
    momenta, _ = made(n_events=50_000)
    second = np.einsum("npi,npj->ij", momenta[..., 1:], momenta[..., 1:])
    assert np.abs(second / second.trace() * 3 - np.eye(3)).max() < 0.03
    slow, fast = made(n_events=2000, boost=0)[0], made(n_events=2000, boost=0.9)[0]
    assert np.allclose(invariant_mass(fast), invariant_mass(slow))
    assert fast[..., 0].mean() > 1.5 * slow[..., 0].mean()
