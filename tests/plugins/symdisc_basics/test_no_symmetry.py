"""The negative control: what its proof rests on, checked in numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.options import describe_options
from symdisc_basics.datasets import no_symmetry
from symdisc_basics.datasets.no_symmetry import (
    NoSymmetry,
    NoSymmetryOptions,
    jacobians,
    targets_of,
)

Array = NDArray[Any]


def made(**options: Any) -> tuple[Array, Array]:
    raw = NoSymmetry(NoSymmetryOptions(**options)).make()
    assert raw.targets is not None
    return np.asarray(raw.states), raw.targets


def test_shapes_and_description() -> None:
    raw = NoSymmetry(NoSymmetryOptions()).make()
    samples = prepare(raw)
    assert samples.states.shape == (10_000, 1, 3)
    assert samples.float_targets is not None
    assert samples.float_targets.shape == (10_000, 3)
    assert str(samples.representation) == "V3"
    assert str(samples.target_representation) == "3*S"
    assert samples.truth is not None
    assert samples.truth.shape == (0, 3, 3)


def test_targets_are_the_function_of_the_states() -> None:
    states, targets = made(n_samples=50)
    assert np.array_equal(targets, targets_of(states))


def test_premises_of_the_proof() -> None:
    assert np.linalg.norm(no_symmetry._BEND, 2) < 1
    assert np.linalg.svd(no_symmetry._MIX)[1].min() > 0.5
    for spread in no_symmetry._SPREADS:
        assert np.linalg.svd(spread)[1].min() > 0.1
    assert no_symmetry._SHARES.sum() == 1


def test_jacobian_is_the_derivative_and_far_from_singular() -> None:
    states, _ = made()
    bound = np.linalg.svd(no_symmetry._MIX)[1].min() * (1 - np.linalg.norm(no_symmetry._BEND, 2))
    assert np.linalg.svd(jacobians(states))[1].min() >= bound > 0.2
    step = 1e-6
    shifted = states[:100, None] + step * np.eye(3)
    numeric = (targets_of(shifted) - targets_of(states[:100, None])) / step
    assert np.allclose(numeric.swapaxes(1, 2), jacobians(states[:100]), atol=1e-5)


def test_no_two_rows_share_a_target() -> None:
    states, targets = made(n_samples=2000)
    apart = np.linalg.norm(states[:, None] - states, axis=-1)
    bound = np.linalg.svd(no_symmetry._MIX)[1].min() * (1 - np.linalg.norm(no_symmetry._BEND, 2))
    targets_apart = np.linalg.norm(targets[:, None] - targets, axis=-1)
    assert (targets_apart >= bound * apart - 1e-9).all()


def test_function_is_not_linear() -> None:
    states, targets = made()
    inputs = np.concatenate([states, np.ones((len(states), 1))], axis=1)
    _, residual, *_ = np.linalg.lstsq(inputs, targets, rcond=None)
    assert (residual / len(states) > 0.003 * targets.var(0)).all()


def test_no_generator_keeps_the_targets() -> None:
    states, _ = made()
    # df/dt along x' = exp(tL) x is J(x) L x, linear in the nine entries of L.
    rows = jacobians(states)[:, :, :, None] * states[:, None, None, :]
    singular = np.linalg.svd(rows.reshape(-1, 9), compute_uv=False)
    assert singular[-1] > 0.1 * singular[0]


def test_law_of_the_states_has_no_linear_symmetry_either() -> None:
    states, _ = made(n_samples=200_000)
    second = states.T @ states / len(states)
    third = np.einsum("ni,nj,nk->ijk", states, states, states) / len(states)
    # A generator of a symmetry leaves the moments as they are: L m + m L^T = 0 and so on.
    basis = np.eye(9).reshape(9, 3, 3)
    changes = []
    for generator in basis:
        mean = generator @ states.mean(0)
        moment = generator @ second
        cubic = np.einsum("ia,ajk->ijk", generator, third)
        cubic = cubic + np.einsum("ja,iak->ijk", generator, third)
        cubic = cubic + np.einsum("ka,ija->ijk", generator, third)
        changes.append(np.concatenate([mean, (moment + moment.T).ravel(), cubic.ravel()]))
    singular = np.linalg.svd(np.array(changes), compute_uv=False)
    assert singular[-1] > 0.05 * singular[0]


def test_same_seed_same_data_whatever_the_global_state() -> None:
    first = made(n_samples=20, seed=3)
    torch.manual_seed(9)
    np.random.seed(9)
    before = torch.get_rng_state(), np.random.get_state()[1].tolist()  # type: ignore[index]
    again = made(n_samples=20, seed=3)
    assert np.array_equal(again[0], first[0])
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.random.get_state()[1].tolist() == before[1]  # type: ignore[index]
    assert not np.array_equal(made(n_samples=20, seed=4)[0], first[0])


def test_every_option_states_its_unit() -> None:
    assert all(row[3].endswith("]") for row in describe_options(NoSymmetryOptions))
