"""Real data: pictures of digits, planets, and flowers.

python benchmarks/fields/real_data.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from field_measuring import record, solve
from sklearn.datasets import load_iris
from sklearn.svm import SVC

from symdisc import default_host
from symdisc.algebra.spans import unit_scaled
from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc_vector_field.given import discover_in
from symdisc_vector_field.method import plain_matrices
from symdisc_vector_field.oracles.network import Network, NetworkOptions
from symdisc_vector_field.oracles.polynomial import Polynomial, PolynomialOptions
from symdisc_vector_field.stage import Found

SEEDS = range(12_000, 12_003)


def main() -> None:
    """Three seeds of each."""
    rows = []
    for seed in SEEDS:
        for measure in (digits, planets, flowers):
            rows.append(measure(seed))
            print(rows[-1], flush=True)
    print(record("real_data", rows))


def digits(seed: int) -> dict[str, Any]:
    """A network that tells turned digits: its matrix of least defect, as LieGG measures it."""
    samples = _samples("digits-rotated", seed)
    if samples.labels is None:
        raise RuntimeError("digits have labels")
    network = Network(NetworkOptions(width=128, epochs=60, weight_decay=0.1))
    found, seconds = solve(samples, network, seed, n_generators=1, scale="none", defect=1.0)
    matrix = unit_scaled(_matrices(found)[:, :2, :2])[0]
    bias = float(((matrix + matrix.T) / 2).norm())
    told = network.value(samples.states[:, 0].double()).argmax(1)
    right = int((told == samples.labels).sum()) / len(samples)
    return _row(
        "digits-rotated",
        seed,
        "symmetry bias of the matrix of least defect",
        bias,
        found,
        seconds,
        f"accuracy of the network, 80 % of the rows being those it was fitted to, {right:.3f}",
    )


def planets(seed: int) -> dict[str, Any]:
    """Steps of planets along their orbits: matrices that commute with them."""
    samples = _samples("solar-system", seed)
    oracle = Polynomial(PolynomialOptions(fit_degree=3))
    found, seconds = solve(samples, oracle, seed, n_generators=1, defect=1.0)
    matrix = _matrices(found)[0].numpy()
    normal = np.linalg.svd(matrix)[0][:, -1]
    tilt = np.deg2rad(23.43928)
    pole = np.array([0.0, -np.sin(tilt), np.cos(tilt)])
    angle = float(np.rad2deg(np.arccos(min(abs(float(normal @ pole)), 1.0))))
    skew = (matrix - matrix.T) / 2
    share = f"antisymmetric share {np.linalg.norm(skew) / np.linalg.norm(matrix):.3f}"
    name = "angle of the normal of the plane of the turn with the pole of the ecliptic [degree]"
    return _row("solar-system", seed, name, angle, found, seconds, share)


def flowers(seed: int) -> dict[str, Any]:
    """A support vector machine that tells three kinds of iris by two measures of their petals."""
    data = load_iris()
    x, labels = data.data[:, 2:], data.target
    rng = np.random.default_rng(seed)
    drawn = x[rng.integers(0, len(x), 2000)] + 0.1 * rng.standard_normal((2000, 2))
    model = SVC(C=1.0, random_state=seed).fit(x, labels)
    result = discover_in(
        model,
        drawn,
        library="affine",
        seed=seed,
        options={"method.n_generators": 1, "method.defect": 1.0},
    )
    (defect,) = result.defects
    return {
        "data": "iris",
        "seed [1]": seed,
        "measure": "relative defect of the affine field of least defect, on held-out rows",
        "value [1]": round(defect.value, 3),
        "relative defects [1]": f"{defect.low:.3f} {defect.high:.3f}",
        "by gap [1]": "",
        "note": f"accuracy {model.score(x, labels):.3f}; {result.generator_text()}",
        "cpu_time [s]": round(result.provenance["cpu_time [s]"], 1),
    }


def _samples(name: str, seed: int) -> Samples:
    dataset = default_host().get("dataset", name)
    options = dataset.Options(**({"seed": seed} if "seed" in dataset.Options.model_fields else {}))
    return prepare(dataset(options).make())


def _matrices(found: Found) -> torch.Tensor:
    matrices = plain_matrices(found.claim)
    if matrices is None:
        raise RuntimeError("linear fields have matrices")
    return matrices


def _row(
    data: str, seed: int, measure: str, value: float, found: Found, seconds: float, note: str
) -> dict[str, Any]:
    return {
        "data": data,
        "seed [1]": seed,
        "measure": measure,
        "value [1]": round(value, 4),
        "relative defects [1]": " ".join(f"{v:.3f}" for v in found.spectrum.values[:4].tolist()),
        "by gap [1]": found.by_gap,
        "note": note,
        "cpu_time [s]": round(seconds, 1),
    }


if __name__ == "__main__":
    main()
