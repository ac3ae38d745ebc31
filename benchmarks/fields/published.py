"""Problems of the LieGG and LieSD papers: a function of O(5), and the tensor of inertia.

python benchmarks/fields/published.py o5
python benchmarks/fields/published.py inertia
"""

from __future__ import annotations

import argparse
from typing import Any

import torch
from field_measuring import record, solve, spread
from torch import Tensor

from symdisc.algebra.spans import largest_angle, unit_scaled
from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc_vector_field.method import plain_matrices
from symdisc_vector_field.oracles.network import Network, NetworkOptions
from symdisc_vector_field.stage import Found


def main() -> None:
    """Fresh seeds of one of the two problems."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("problem", choices=["o5", "inertia"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=10_000, help="first seed")
    arguments = parser.parse_args()
    rows = []
    for seed in range(arguments.first, arguments.first + arguments.seeds):
        rows += o5(seed) if arguments.problem == "o5" else inertia(seed)
        print(rows[-1], flush=True)
    for column in ("symmetry bias [1]", "angle [degree]"):
        if column in rows[0]:
            print(column, spread([row[column] for row in rows]))
    print(record(arguments.problem, rows))


def o5(seed: int) -> list[dict[str, Any]]:
    """sin|a| − |b|³/2 + a·b/|a||b| of two vectors of R⁵: network, ten smallest directions.

    The function is that of Finzi, Welling, Wilson, ICML 2021, the network that of the LieGG paper.
    """
    rng = torch.Generator().manual_seed(seed)
    x = torch.randn(12_500, 10, generator=rng)
    samples = _samples(x, _invariant(x), "2*V5")
    rows = []
    for weights in ((32, 90), (128, 90)):
        network = Network(NetworkOptions(width=weights[0], epochs=weights[1]))
        found, seconds = solve(samples, network, seed, n_generators=10, scale="none", sparse=False)
        matrices = unit_scaled(_matrices(found))
        symmetric = (matrices + matrices.mT) / 2
        bias = symmetric.flatten(1).norm(dim=1)
        free, _ = solve(samples, network, seed, scale="none")
        rows.append(
            {
                "seed [1]": seed,
                "width of the network [1]": weights[0],
                "mean squared error of the network [1]": round(_error(network, x, rng), 4),
                "symmetry variance [1]": float(f"{_variance(found):.3g}"),
                "symmetry bias [1]": round(float(bias.mean()), 5),
                "mean square of the bias [1]": round(float(bias.square().mean()), 6),
                "dimension by the gap [1]": free.by_gap,
                "cpu_time [s]": round(seconds, 1),
            }
        )
    return rows


def inertia(seed: int) -> list[dict[str, Any]]:
    """Σ m (|r|² 1 − r rᵀ) of three bodies, without and with noise; so(3) and a scaling."""
    rng = torch.Generator().manual_seed(seed)
    x = torch.randn(100_000, 9, generator=rng)
    bodies = x.reshape(-1, 3, 3)
    squares = bodies.square().sum((1, 2))[:, None, None] * torch.eye(3)
    tensors = squares - torch.einsum("nbi,nbj->nij", bodies, bodies)
    turns = torch.zeros(3, 3, 3)
    for axis in range(3):
        first, second = (axis + 1) % 3, (axis + 2) % 3
        turns[axis, first, second], turns[axis, second, first] = -1, 1
    rows = []
    for noise in (0.0, 0.1):
        y = tensors.flatten(1) + noise * torch.randn(len(x), 9, generator=rng)
        network = Network(NetworkOptions(width=384, epochs=10, batch_size=512))
        samples = _samples(x, y, "3*V3")
        found, seconds = solve(samples, network, seed, output="tensor")
        values = found.spectrum.values[:6].tolist()
        rows.append(
            {
                "seed [1]": seed,
                "noise [1]": noise,
                "dimension by the gap [1]": found.by_gap,
                "angle [degree]": round(largest_angle(turns, _matrices(found)), 3),
                "relative defects [1]": " ".join(f"{value:.4f}" for value in values),
                "cpu_time [s]": round(seconds, 1),
            }
        )
    return rows


def _samples(x: Tensor, y: Tensor, form: str) -> Samples:
    return Samples(
        x[:, None],
        torch.arange(len(x)),
        Representation.parse(form),
        y,
        Representation.scalars(y.shape[1]),
    )


def _invariant(x: Tensor) -> Tensor:
    a, b = x[:, :5], x[:, 5:]
    first, second = a.norm(dim=1), b.norm(dim=1)
    values: Tensor = first.sin() - second**3 / 2 + (a * b).sum(1) / (first * second)
    return values[:, None]


def _matrices(found: Found) -> Tensor:
    matrices = plain_matrices(found.claim)
    if matrices is None:
        raise RuntimeError("linear fields have matrices")
    return matrices


def _variance(found: Found) -> float:
    """Mean of σ² / N over the ten smallest singular values of the polarisation matrix."""
    spectrum = found.spectrum
    return float((spectrum.values[:10] * spectrum.reference).square().mean())


def _error(network: Network, x: Tensor, rng: torch.Generator) -> float:
    fresh = torch.randn(2000, x.shape[1], generator=rng)
    return float((network.value(fresh.double()) - _invariant(fresh)).square().mean())


if __name__ == "__main__":
    main()
