"""Data of which the symmetry is known, and generators that are one, nearly one, or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.linalg
import torch
from numpy.typing import NDArray
from torch import Tensor

from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.interfaces import RawData
from symdisc_basics.datasets.lorentz import Lorentz, LorentzOptions
from symdisc_basics.datasets.no_symmetry import NoSymmetry, NoSymmetryOptions, jacobians
from symdisc_basics.datasets.scaling_ratio import ScalingRatio, ScalingRatioOptions
from symdisc_basics.datasets.so3_invariant import SO3Invariant, SO3InvariantOptions
from symdisc_basics.datasets.two_body import TwoBody, TwoBodyOptions
from symdisc_kernels import Blocks

TURN = torch.tensor([[0.0, 1.0], [-1.0, 0.0]], dtype=torch.float64)
PLANES: Blocks = ((0, 1), (2, 3), (4, 5), (6, 7))


@dataclass(frozen=True)
class Problem:
    """Rows that nothing was trained on, and generators to be tested on them.

    Attributes:
        samples: The rows.
        generators: ``(k, n, n)``.
        mask: Free entries of the class that was searched.
        blocks: Index groups between which generators vanish.
    """

    samples: Samples
    generators: Tensor
    mask: Tensor
    blocks: Blocks | None = None


Maker = Callable[[int, int], Problem]
"""From the number of rows and a seed."""


def _normal(seed: int, *shape: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(shape)


def _tensor(seed: int, *shape: int) -> Tensor:
    return torch.tensor(_normal(seed, *shape))


def _problem(samples: Samples, generators: Tensor) -> Problem:
    return Problem(samples, generators, torch.ones(generators.shape[1:]))


def _of(raw: RawData, n_rows: int, seed: int) -> Samples:
    """So many rows of a data set, drawn at random."""
    samples = prepare(raw)
    order = torch.randperm(len(samples), generator=torch.Generator().manual_seed(seed))
    return samples.rows(order[:n_rows].sort().values)


def _truth(samples: Samples) -> Tensor:
    if samples.truth is None:
        raise ValueError("the makers of these data do not know the truth")
    return samples.truth.double()


def _stretch(miss: float, angle: float) -> Tensor:
    """A stretch by 1 + a along an axis at this angle."""
    turn = torch.linalg.matrix_exp(angle * TURN)
    axes = torch.diag(torch.tensor([1 + miss, 1.0], dtype=torch.float64))
    stretch: Tensor = turn @ axes @ turn.T
    return stretch


def _stretched(miss: float, seed: int) -> Tensor:
    """A quarter turn along ellipses whose axes lie in a random direction."""
    stretch = _stretch(miss, float(np.random.default_rng(seed).uniform(0, np.pi)))
    turn: Tensor = stretch @ TURN @ torch.linalg.inv(stretch)
    return turn


def so2(n_rows: int, seed: int) -> Problem:
    """Y depends on the distance from an axis of space and on the place along it."""
    x = _normal(seed, n_rows, 3)
    y = x[:, :1] ** 2 + x[:, 1:2] ** 2 + 0.3 * x[:, 2:]
    generator = torch.zeros(1, 3, 3, dtype=torch.float64)
    generator[0, :2, :2] = TURN
    return _problem(prepare(x, y), generator)


def so2_by_law(n_rows: int, seed: int) -> Problem:
    """A law that is the same in all directions."""
    x = _normal(seed, n_rows, 2)
    return _problem(prepare(x * (0.5 + np.abs(_normal(seed + 1, n_rows, 1)))), TURN[None])


def ellipse(n_rows: int, seed: int) -> Problem:
    """Y is a quadratic form, which turns along its ellipses keep."""
    angle = float(np.random.default_rng(seed).uniform(0, np.pi))
    stretch = _stretch(1.0, angle)
    generator = stretch @ TURN @ torch.linalg.inv(stretch)
    inverse = torch.linalg.inv(stretch).T
    x = _normal(seed + 1, n_rows, 2)
    y = ((x @ inverse.numpy()) ** 2).sum(1, keepdims=True)
    return _problem(prepare(x, y), generator[None])


def so3(n_rows: int, seed: int) -> Problem:
    """Two vectors of space and two invariants."""
    raw = SO3Invariant(SO3InvariantOptions(n_samples=n_rows, seed=seed)).make()
    samples = _of(raw, n_rows, seed)
    return _problem(samples, _truth(samples))


def so11(n_rows: int, seed: int) -> Problem:
    """Y = x1² − x2², which boosts of the plane keep."""
    x = _normal(seed, n_rows, 2)
    boost = torch.tensor([[[0.0, 1.0], [1.0, 0.0]]], dtype=torch.float64)
    return _problem(prepare(x, x[:, :1] ** 2 - x[:, 1:] ** 2), boost)


def sl2(n_rows: int, seed: int) -> Problem:
    """The area between two vectors, which all matrices of trace zero keep."""
    x = _normal(seed, n_rows, 4)
    y = x[:, :1] * x[:, 3:] - x[:, 1:2] * x[:, 2:3]
    basis = torch.zeros(3, 2, 2, dtype=torch.float64)
    basis[0, 0, 0], basis[0, 1, 1] = 1, -1
    basis[1, 0, 1] = basis[2, 1, 0] = 1
    return _problem(prepare(x, y, representation="2*V2"), basis)


def scaling(n_rows: int, seed: int) -> Problem:
    """Two numbers and their ratio."""
    raw = ScalingRatio(ScalingRatioOptions(n_samples=n_rows, seed=seed)).make()
    samples = _of(raw, n_rows, seed)
    return _problem(samples, _truth(samples))


def lorentz(n_rows: int, seed: int) -> Problem:
    """Pairs of momenta, labelled by their invariant mass."""
    raw = Lorentz(LorentzOptions(n_events=n_rows, seed=seed)).make()
    samples = _of(raw, n_rows, seed)
    return _problem(samples, _truth(samples))


def two_body(n_rows: int, seed: int) -> Problem:
    """Orbits of two bodies."""
    return _two_body(n_rows, seed, TURN)


def _two_body(n_rows: int, seed: int, block: Tensor) -> Problem:
    options = TwoBodyOptions(n_trajectories=max(60, n_rows // 16), seed=seed)
    each = torch.eye(len(PLANES), dtype=torch.float64)
    return Problem(
        _of(TwoBody(options).make(), n_rows, seed),
        torch.kron(each, block)[None],
        torch.kron(each, torch.ones(2, 2)),
        PLANES,
    )


def missed_orbits(miss: float) -> Maker:
    """Two bodies, moved along ellipses in place of circles."""
    return lambda n_rows, seed: _two_body(n_rows, seed, _stretched(miss, seed + 7))


def missed_form(miss: float) -> Maker:
    """Y = x1² + (1 + a) x2², moved along circles."""

    def make(n_rows: int, seed: int) -> Problem:
        x = _normal(seed, n_rows, 2)
        y = x[:, :1] ** 2 + (1 + miss) * x[:, 1:] ** 2
        return _problem(prepare(x, y), TURN[None])

    return make


def missed_law(miss: float) -> Maker:
    """A law that is the same along ellipses, moved along circles."""

    def make(n_rows: int, seed: int) -> Problem:
        x = _normal(seed, n_rows, 2) * [1 + miss, 1]
        return _problem(prepare(x), TURN[None])

    return make


def missed_boost(share: float) -> Maker:
    """A boost with another matrix of the same norm, times the share, added to it."""

    def make(n_rows: int, seed: int) -> Problem:
        exact = lorentz(n_rows, seed)
        boost = exact.generators[0] / torch.linalg.norm(exact.generators[0])
        other = _tensor(seed + 5, 4, 4)
        span = torch.linalg.qr(exact.generators.flatten(1).T).Q.T
        other = other - ((span @ other.flatten()) @ span).reshape(4, 4)
        wrong = boost + share * other / torch.linalg.norm(other)
        return _problem(exact.samples, wrong[None])

    return make


def generic_function(n_rows: int, seed: int) -> Problem:
    """A function without symmetry, and the generator along which it changes least."""
    raw = NoSymmetry(NoSymmetryOptions(n_samples=n_rows, seed=seed)).make()
    states, targets = np.asarray(raw.states), raw.targets
    if targets is None:
        raise ValueError("this data set has targets")
    weight, axes = np.linalg.eigh(np.cov(targets.T))
    change = np.einsum("ji,njk->nik", axes / np.sqrt(weight), jacobians(states))
    products = np.einsum("nia,nb->niab", change, states).reshape(len(states), 3, 9)
    cost = np.einsum("nia,nib->ab", products, products)
    _, least = scipy.linalg.eigh(cost, np.kron(np.eye(3), states.T @ states))
    return _problem(prepare(raw), torch.tensor(least[:, 0].reshape(1, 3, 3)))


def generic_generator(n_rows: int, seed: int) -> Problem:
    """A generator drawn at random, on data with another symmetry."""
    exact = so2(n_rows, seed)
    return _problem(exact.samples, _tensor(seed + 1, 1, 3, 3))


def generic_law(n_rows: int, seed: int) -> Problem:
    """A mixture of normal laws about random places, and a generator drawn at random."""
    rng = np.random.default_rng(seed)
    centres = 2 * rng.standard_normal((4, 3))
    x = centres[rng.integers(0, 4, n_rows)] + rng.standard_normal((n_rows, 3))
    return _problem(prepare(x), _tensor(seed + 1, 1, 3, 3))


def noise(n_rows: int, seed: int) -> Problem:
    """Targets that have nothing to do with the states."""
    x, y = _normal(seed, n_rows, 2), _normal(seed + 1, n_rows, 1)
    return _problem(prepare(x, y), TURN[None])


TRUE: dict[str, Maker] = {
    "so(2)": so2,
    "so(2), law": so2_by_law,
    "so(2), two bodies": two_body,
    "ellipse": ellipse,
    "so(3)": so3,
    "so(1,1)": so11,
    "sl(2)": sl2,
    "scaling": scaling,
    "so(1,3), label": lorentz,
}
FALSE: dict[str, Maker] = {
    "generic function": generic_function,
    "generic generator": generic_generator,
    "generic law": generic_law,
    "noise": noise,
    "form, 40 %": missed_form(0.4),
    "law, 40 %": missed_law(0.4),
    "two bodies, 40 %": missed_orbits(0.4),
    "boost, 50 %": missed_boost(0.5),
}
GRADED: dict[str, Callable[[float], Maker]] = {
    "form": missed_form,
    "law": missed_law,
    "two bodies": missed_orbits,
}
