"""Real data: pictures of digits, planets, irises and wines.

python benchmarks/fields/real_data.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from field_measuring import record, solve
from sklearn.datasets import load_iris, load_wine
from sklearn.model_selection import StratifiedKFold, cross_val_score
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

SEEDS = range(12_000, 12_005)


def main() -> None:
    """Five seeds of each."""
    rows = []
    for seed in SEEDS:
        rows += [digits(seed, angle, blur) for angle, blur in ((180, 1), (180, 0), (45, 1))]
        rows += [planets(seed), plants(seed, "iris"), plants(seed, "wine")]
        print(*rows[-6:], sep="\n", flush=True)
    print(record("real_data", rows))


def digits(seed: int, angle: float, blur: float) -> dict[str, Any]:
    """A network that tells turned digits: its matrix of least defect, as LieGG measures it."""
    samples = _samples("digits-rotated", seed, copies=8, max_angle=angle, blur=blur)
    if samples.labels is None:
        raise RuntimeError("digits have labels")
    network = Network(NetworkOptions(width=128, epochs=20, weight_decay=0.1))
    found, seconds = solve(samples, network, seed, n_generators=1, scale="none", defect=1.0)
    matrix = unit_scaled(_matrices(found)[:, :2, :2])[0]
    bias = float(((matrix + matrix.T) / 2).norm())
    # Copies of a picture follow each other, so that none is on either side.
    unseen = slice(int(0.8 * len(samples)), None)
    told = network.value(samples.states[unseen, 0].double()).argmax(1)
    right = float((told == samples.labels[unseen]).float().mean())
    return _row(
        f"digits-rotated, up to {angle:g} degrees, blurred by {blur:g} pixels",
        seed,
        "symmetry bias of the matrix of least defect",
        bias,
        found,
        seconds,
        f"accuracy of the network on pictures that it has not seen {right:.3f}",
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


def plants(seed: int, name: str) -> dict[str, Any]:
    """A support vector machine that tells three kinds of irises or wines by two measures."""
    load, columns = {"iris": (load_iris, (2, 3)), "wine": (load_wine, (6, 9))}[name]
    data = load()
    measures = data.data[:, columns]
    x = (measures - measures.mean(0)) / measures.std(0)
    rng = np.random.default_rng(seed)
    drawn = x[rng.integers(0, len(x), 2000)] + 0.1 * rng.standard_normal((2000, 2))
    # Margins of pairs are smooth; those of one kind against the rest jump where votes change.
    machine = SVC(C=1.0, decision_function_shape="ovo")
    folds = StratifiedKFold(10, shuffle=True, random_state=seed)
    right = cross_val_score(machine, x, data.target, cv=folds).mean()
    result = discover_in(
        machine.fit(x, data.target),
        drawn,
        library="affine",
        seed=seed,
        options={"method.n_generators": 1, "method.defect": 1.0},
    )
    (defect,) = result.defects
    return {
        "data": name,
        "seed [1]": seed,
        "measure": "relative defect of the affine field of least defect, on held-out rows",
        "value [1]": round(defect.value, 3),
        "relative defects [1]": f"{defect.low:.3f} {defect.high:.3f}",
        "by gap [1]": "",
        "note": f"accuracy in ten folds {right:.3f}; {result.generator_text()}",
        "cpu_time [s]": round(result.provenance["cpu_time [s]"], 1),
    }


def _samples(name: str, seed: int, **settings: Any) -> Samples:
    dataset = default_host().get("dataset", name)
    own = {"seed": seed} if "seed" in dataset.Options.model_fields else {}
    options = dataset.Options(**own, **settings)
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
