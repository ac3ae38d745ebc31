"""The films of heat: exact solutions, an independent integrator, and what each term breaks."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from symdisc.data.prepare import prepare
from symdisc.testing import check_dataset
from symdisc_basics.datasets.heat_equation import (
    SIDE,
    HeatEquation,
    HeatEquationOptions,
    evolve,
    generators,
    representatives,
    starts,
)

Array = NDArray[Any]
SMALL: dict[str, Any] = {"size": 16, "n_trajectories": 4, "n_states": 4}


def film(**options: Any) -> Array:
    return np.asarray(HeatEquation(HeatEquationOptions(**options)).make().states)


def late(start: Array, **options: Any) -> Array:
    """The field one step of time later."""
    return next(evolve(start, HeatEquationOptions(size=len(start), **options)))


def places(size: int) -> tuple[Array, Array]:
    """x and y of the pixels, 0 in the middle: (column, row)."""
    along = SIDE * (np.arange(size) / size - 0.5)
    x, y = np.meshgrid(along, along)
    return x, y


def blob(size: int, matrix: Array) -> Array:
    """Two lopsided spots, moved by a matrix: the value at p is that of the plain one at g⁻¹p."""
    x, y = np.einsum("ij,jhw->ihw", np.linalg.inv(matrix), np.stack(places(size)))
    one = np.exp(-((x - 0.8) ** 2) / 1.5 - (y - 0.3 * x) ** 2 / 3)
    two = np.exp(-((x + 1.0) ** 2 + (y + 1.2) ** 2) / 1.2)
    spots: Array = 3 * one - 2 * two
    return spots


@pytest.mark.parametrize("broken", [{}, {"chirality": 0.3}, {"anisotropy": 0.2}])
def test_it_passes_the_suite(broken: dict[str, float]) -> None:
    check_dataset(HeatEquation, {**SMALL, **broken})


def test_waves_decay_exactly() -> None:
    x, y = places(32)
    k, m = 2 * np.pi * 3 / SIDE, 2 * np.pi * 5 / SIDE
    wave = 1 + np.cos(k * x + m * y + 0.3)
    for anisotropy in (0.0, 0.3):
        rate = (1 + anisotropy) * k**2 + (1 - anisotropy) * m**2
        expected = 1 + np.exp(-0.7 * rate) * (wave - 1)
        assert np.allclose(late(wave, time_step=0.7, anisotropy=anisotropy), expected, atol=1e-12)


@pytest.mark.parametrize("anisotropy", [0.0, 0.3])
def test_an_independent_integrator_agrees(anisotropy: float) -> None:
    """Derivatives from matrices instead of transforms, C(u) as a form, another solver."""
    size, chirality = 32, 0.4
    start = starts(HeatEquationOptions(size=size, n_trajectories=1, width=2.0))[0]
    basis = np.fft.fft(np.eye(size), axis=0)
    waves = 2 * np.pi * np.fft.fftfreq(size, SIDE / size)
    second = np.fft.ifft(-(waves[:, None] ** 2) * basis, axis=0).real
    waves[size // 2] = 0  # of the shortest wave the first derivative vanishes in all pixels
    first = np.fft.ifft(1j * waves[:, None] * basis, axis=0).real
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])

    def derivative(_time: float, flat: Array) -> Array:
        u = flat.reshape(size, size)
        gradient = np.stack([u @ first.T, first @ u])
        mixed = first @ u @ first.T
        hessian = np.array([[u @ second.T, mixed], [mixed, second @ u]])
        form = np.einsum("ihw,ijhw,jk,khw->hw", gradient, hessian, turn, gradient)
        chiral = 2 * form / (1 + (gradient**2).sum(0))
        spread = (1 + anisotropy) * hessian[0, 0] + (1 - anisotropy) * hessian[1, 1]
        return np.asarray(spread + chirality * chiral).ravel()

    solution = solve_ivp(derivative, (0, 0.5), start.ravel(), rtol=1e-9, atol=1e-9)
    found = late(start, time_step=0.5, chirality=chirality, anisotropy=anisotropy)
    assert np.abs(found - late(start, time_step=0.5, anisotropy=anisotropy)).max() > 0.05
    assert np.abs(found.ravel() - solution.y[:, -1]).max() < 2e-4


@pytest.mark.parametrize("chirality", [0.0, 0.4])
def test_turned_spots_stay_turned(chirality: float) -> None:
    """By any angle, since the spots are far from the borders."""
    angle = 0.6
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    plain, turned = (
        late(blob(64, g), time_step=0.3, chirality=chirality) for g in (np.eye(2), turn)
    )
    expected = interpolated(plain, np.einsum("ji,jhw->ihw", turn, np.stack(places(64))))
    assert np.abs(plain - blob(64, np.eye(2))).max() > 0.3
    inside = np.hypot(*places(64)) < SIDE / 2
    assert np.abs(turned - expected)[inside].max() < 2e-4


def interpolated(field: Array, at: Array) -> Array:
    """The trigonometric polynomial through a field, at points ``(2, h, w)``."""
    size = len(field)
    waves = 2 * np.pi * np.fft.fftfreq(size, SIDE / size)
    x, y = np.exp(1j * waves * (at.reshape(2, -1, 1) + SIDE / 2))
    values = np.einsum("pk,kl,pl->p", y, np.fft.fft2(field) / size**2, x, optimize=True)
    return np.asarray(values.real.reshape(at.shape[1:]))


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ({}, {"rotation", "half turn", "reflection"}),
        ({"chirality": 0.4}, {"rotation", "half turn"}),
        ({"anisotropy": 0.3}, {"half turn", "reflection"}),
        ({"anisotropy": 0.3, "chirality": 0.4}, {"half turn"}),
    ],
)
def test_what_each_term_breaks(options: dict[str, float], parts: set[str]) -> None:
    maps: dict[str, Callable[[Array], Array]] = {
        "rotation": np.rot90,
        "half turn": lambda u: u[::-1, ::-1],
        "reflection": lambda u: u[::-1],
    }
    start = starts(HeatEquationOptions(size=64, n_trajectories=1, **options))[0]
    plain = late(start, **options)
    for name, move in maps.items():
        change = np.abs(late(move(start), **options) - move(plain)).max()
        assert change < 1e-9 if name in parts else change > 0.1, name


@pytest.mark.parametrize(
    ("options", "turns", "others"),
    [
        ({}, [[[0, -1], [1, 0]]], [np.diag([1, -1])]),
        ({"chirality": 0.2}, [[[0, -1], [1, 0]]], []),
        ({"anisotropy": 0.28}, [[[0, -4 / 3], [3 / 4, 0]]], [np.diag([1, -1])]),
        ({"anisotropy": 0.28, "chirality": 0.2}, [], [-np.eye(2)]),
    ],
)
def test_truth_for_patches(options: dict[str, float], turns: Any, others: Any) -> None:
    made = HeatEquationOptions(**options)
    assert np.allclose(generators(made), np.reshape(turns, (-1, 2, 2)))
    assert np.array_equal(representatives(made), [np.eye(2), *others])


@pytest.mark.parametrize("anisotropy", [-0.3, 0.0, 0.3])
def test_the_true_generator_commutes_with_what_happens(anisotropy: float) -> None:
    """By any angle, also along ellipses, since the spots are far from the borders."""
    turn = expm(0.6 * generators(HeatEquationOptions(anisotropy=anisotropy))[0])
    plain, turned = (
        late(blob(64, g), time_step=0.3, anisotropy=anisotropy) for g in (np.eye(2), turn)
    )
    back = np.linalg.inv(turn)
    expected = interpolated(plain, np.einsum("ij,jhw->ihw", back, np.stack(places(64))))
    inside = np.hypot(*places(64)) < SIDE / 2
    assert np.abs(turned - expected)[inside].max() < 2e-4


def test_starts_are_smooth_and_of_the_stated_spread() -> None:
    fields = starts(HeatEquationOptions(size=64, n_trajectories=200, width=1.0))
    assert fields.var() == pytest.approx(9, rel=0.05)
    # Correlations of neighbours at a distance r are exp(−r²/4 width²).
    far = np.roll(fields, 6, axis=1)
    assert (fields * far).mean() / fields.var() == pytest.approx(np.exp(-(1.5**2) / 4), abs=0.03)
    assert np.abs(np.fft.fft2(fields))[:, 20:44].max() < 1e-3 * np.abs(np.fft.fft2(fields)).max()


def test_films_follow_the_steps_and_lose_no_heat() -> None:
    states = film(**SMALL).reshape(4, 4, 16, 16)
    options = HeatEquationOptions(**SMALL)
    fields = [starts(options), *islice(evolve(starts(options), options), 3)]
    assert np.allclose(states, np.stack(fields, axis=1), atol=1e-5)
    assert np.allclose(states.mean((2, 3)), states[:, :1].mean((2, 3)), atol=1e-5)
    assert (np.diff(states.std((2, 3)), axis=1) < 0).all()
    skipped = film(**{**SMALL, "time_step": 0.3, "n_states": 2}).reshape(4, 2, 16, 16)
    assert np.allclose(skipped[:, 1], states[:, 3], atol=1e-5)


def test_description_leads_to_samples() -> None:
    samples = prepare(HeatEquation(HeatEquationOptions(**SMALL)).make())
    assert samples.states.shape == (12, 2, 256)
    assert str(samples.representation) == "G16x16"
    assert (samples.names[0], samples.names[-1]) == ("row0col0", "row15col15")
    assert samples.truth is None


def test_numbers_of_cache_version_1() -> None:
    """Where these change, count ``cache_version`` up: caches hold what was made before."""
    assert HeatEquation.cache_version == 1
    states = film(**SMALL, chirality=0.3, anisotropy=0.1, seed=5)
    assert states[0, 2, [0, 17, 36]] == pytest.approx([-4.342005, -5.201459, -4.245899], abs=2e-5)
