"""How often algebras are named right, from noisy generators in a random basis.

    python benchmarks/algebra/identification.py    # about half an hour

Each algebra of the table that has standard matrices of up to eight rows, and some direct sums, is
conjugated by a random matrix whose condition number is uniform between 1 and 5. Of its span a
random orthonormal basis is taken, and to each generator noise of a given share of its norm is
added, the same in all directions. It counts as right if the name of the abstract algebra is right
(synonyms are one name), as wrong if it is another, and as unidentified otherwise. Besides, spans
that are no algebra: random ones, and so(n) with one generator replaced. Times are CPU seconds of
one identification, from generators to the name. ``results/identification.csv``.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import scipy.linalg
import torch
from numpy.typing import NDArray

from symdisc.algebra.conjugation import conjugated, orthonormal
from symdisc.algebra.identify import identify
from symdisc.algebra.known import known_algebra
from symdisc.algebra.spans import orthonormal_basis
from symdisc.algebra.table import LARGEST, TABLE
from symdisc.provenance import machine, versions

RESULTS = Path(__file__).parent / "results"
NOISE = (0.0, 0.005, 0.01, 0.03)
CONDITION = 5.0
SMALL = 4
"""Rows of matrices up to which all repetitions are made."""

SUMS = {
    "so(4)": ("so(4)",),
    "so(2,2)": ("so(2,2)",),
    "so(4) ": ("so(3)", "so(3)"),
    "so(3) ⊕ R": ("so(3)", "so(2)"),
    "R^2": ("so(2)", "so(2)"),
    "R^3": ("scaling(1)", "scaling(1)", "scaling(1)"),
    "so(1,2) ⊕ so(3)": ("sl(2)", "so(3)"),
    "se(2) ⊕ R": ("se(2)", "so(2)"),
}
"""Direct sums, each part on coordinates of its own."""

Matrices = NDArray[np.float64]


def main() -> None:
    """Measure every algebra at every noise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repetitions", type=int, default=1000)
    parser.add_argument("--large", type=int, default=100, help="the same for more than 4 rows")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rows: list[dict[str, Any]] = []
    for name, label, matrices in algebras():
        small = matrices.shape[-1] <= SMALL
        count = arguments.repetitions if small else arguments.large
        for noise in NOISE:
            rng = np.random.default_rng([arguments.seed, len(rows)])
            spans = (disturbed(matrices, noise, rng) for _ in range(count))
            rows.append(measure(name, label, noise, spans))
            told = {column: rows[-1][column] for column in ("right [1]", "wrong [1]", "cpu [ms]")}
            print(f"{label} at {noise}: {told}", flush=True)
    for label, drawn in no_algebras(arguments.repetitions, arguments.seed):
        rows.append(measure("", label, float("nan"), drawn))
        print(f"{label}: {rows[-1]['wrong [1]']} named", flush=True)
    print(write(rows))


def algebras() -> Iterator[tuple[str, str, Matrices]]:
    """Name, label and standard matrices."""
    for entry in TABLE.values():
        for text in (entry.matrices, *entry.others):
            matrices = known_algebra(text)
            if matrices.shape[-1] <= LARGEST:
                yield entry.name, text, matrices
    for n in (2, 3, 4, 5, 6, 7, 8):
        yield f"gl({n},R)", f"gl({n})", known_algebra(f"gl({n})")
    for name, texts in SUMS.items():
        yield name.strip(), " on parts of ".join((" ⊕ ".join(texts), "a vector")), side(texts)
    for text in ("so(3)", "so(1,3)"):
        matrices = known_algebra(text)
        scaled = np.concatenate([matrices, np.eye(matrices.shape[-1])[None]])
        yield f"{text} ⊕ R", f"{text} and scaling", scaled


def side(texts: tuple[str, ...]) -> Matrices:
    """Matrices side by side."""
    parts = [known_algebra(text) for text in texts]
    zeros = [np.zeros(part.shape[1:]) for part in parts]
    return np.array(
        [
            scipy.linalg.block_diag(*zeros[:place], matrix, *zeros[place + 1 :])
            for place, part in enumerate(parts)
            for matrix in part
        ]
    )


def disturbed(matrices: Matrices, noise: float, rng: np.random.Generator) -> Matrices:
    """The span in another basis, with noise."""
    k, n, _ = matrices.shape
    left, right, mixing = (np.linalg.qr(rng.normal(size=(m, m)))[0] for m in (n, n, k))
    levels = rng.random(size=(n,))
    levels = (levels - levels.min()) / np.ptp(levels)
    sizes = rng.uniform(1, CONDITION) ** levels
    basis = orthonormal(conjugated(matrices, left @ np.diag(sizes) @ right))
    errors = rng.normal(size=basis.shape)
    errors *= noise / np.linalg.norm(errors, axis=(1, 2), keepdims=True)
    return np.asarray(np.einsum("ab,bij->aij", mixing, basis) + errors)


def no_algebras(count: int, seed: int) -> Iterator[tuple[str, Iterator[Matrices]]]:
    """Spans that must stay without a name."""
    for n, k in ((2, 2), (3, 2), (3, 3), (3, 4), (4, 3), (4, 6), (4, 7), (6, 4)):
        rng = np.random.default_rng([seed, n, k])
        drawn = (rng.normal(size=(k, n, n)) for _ in range(count))
        yield f"{k} random matrices of {n} rows", drawn
    for n in (3, 4):
        yield f"so({n}), one generator replaced", replaced(n, count, seed)


def replaced(n: int, count: int, seed: int) -> Iterator[Matrices]:
    """Rotations with one random matrix instead of a generator."""
    rng = np.random.default_rng([seed, n])
    for _ in range(count):
        matrices = known_algebra(f"so({n})").copy()
        matrices[0] = rng.normal(size=(n, n))
        yield matrices


def measure(name: str, label: str, noise: float, spans: Iterator[Matrices]) -> dict[str, Any]:
    """Names and times of many spans."""
    names: Counter[str] = Counter()
    times = []
    rows = 0
    for span in spans:
        rows = span.shape[-1]
        generators = torch.from_numpy(span)
        start = time.process_time()
        found = identify(orthonormal_basis(generators).numpy(), [list(range(rows))])
        times.append(1000 * (time.process_time() - start))
        names[found.algebra.name if found.algebra is not None else ""] += 1
    count = len(times)
    wrong = {other: n for other, n in names.items() if other not in ("", name)}
    return {
        "algebra": name,
        "matrices": label,
        "rows [1]": rows,
        "noise [1]": noise,
        "repetitions [1]": count,
        "right [1]": names[name] / count if name else names[""] / count,
        "wrong [1]": sum(wrong.values()) / count,
        "unidentified [1]": names[""] / count,
        "wrong names": "; ".join(f"{other}: {n}" for other, n in wrong.items()),
        "cpu [ms]": round(statistics.median(times), 2),
        "longest cpu [ms]": round(max(times), 2),
    }


def write(rows: list[dict[str, Any]]) -> Path:
    """All rows with date, machine and versions."""
    installed = versions()
    origin = {
        "date": datetime.now(UTC).date().isoformat(),
        **machine(torch.device("cpu")),
        **{package: installed[package] for package in ("symdisc", "torch", "numpy")},
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / "identification.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows[0], *origin])
        writer.writeheader()
        writer.writerows({**row, **origin} for row in rows)
    return path


if __name__ == "__main__":
    main()
