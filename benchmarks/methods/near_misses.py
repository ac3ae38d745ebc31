"""The power of the relative defect: generators that miss a symmetry by a known amount.

Two-body data are invariant under S J S⁻¹ in each plane only for S = 1, J being the quarter turn:
with S = diag(1 + a, 1) it moves states along ellipses. Targets y = x1² + (1 + a) x2² are
invariant under J only for a = 0. The relative defect is computed for given generators on rows of
which none is used for anything else; nothing is trained but the test itself.

python benchmarks/methods/near_misses.py
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from recording import record
from torch import Tensor

from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.verify.conditional import Conditional
from symdisc.verify.distributional import Distributional
from symdisc.verify.relative_defect import relative_defects
from symdisc_basics.datasets.two_body import TwoBody, TwoBodyOptions
from symdisc_kernels import Blocks

MISSES = (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
ROWS = (1000, 4000)
QUARTER_TURN = torch.tensor([[0.0, 1.0], [-1.0, 0.0]], dtype=torch.float64)
PLANES: Blocks = ((0, 1), (2, 3), (4, 5), (6, 7))


def main() -> None:
    """Test every near miss on several data seeds and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data-seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1000, help="first data and test seed")
    parser.add_argument("--misses", type=float, nargs="+", default=MISSES, help="values of a [1]")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS, help="held-out rows [1]")
    arguments = parser.parse_args()
    rows = []
    for seed in range(arguments.first, arguments.first + arguments.data_seeds):
        for n_rows in arguments.rows:
            for miss in arguments.misses:
                for row in measure(miss, n_rows, seed):
                    rows.append(row)
                    print(row, flush=True)
    print(record("near_misses", rows))


def measure(miss: float, n_rows: int, seed: int) -> Iterator[dict[str, Any]]:
    """Both problems at one size of the miss."""
    yield _row("two-body", miss, seed, _two_body(n_rows, seed), *_ellipse(miss))
    yield _row("quadratic form", miss, seed, _quadratic_form(miss, n_rows, seed), *_turn())


def _two_body(n_rows: int, seed: int) -> Samples:
    """Rows of fresh orbits; the test has no need of whole ones."""
    options = TwoBodyOptions(n_trajectories=250, seed=seed)
    samples = prepare(TwoBody(options).make())
    order = torch.randperm(len(samples), generator=torch.Generator().manual_seed(seed))
    return samples.rows(order[:n_rows].sort().values)


def _ellipse(miss: float) -> tuple[Tensor, Tensor, Blocks | None]:
    stretch = torch.diag(torch.tensor([1 + miss, 1.0], dtype=torch.float64))
    block = stretch @ QUARTER_TURN @ torch.linalg.inv(stretch)
    each = torch.eye(len(PLANES), dtype=torch.float64)
    return torch.kron(each, block), torch.kron(each, torch.ones(2, 2)), PLANES


def _quadratic_form(miss: float, n_rows: int, seed: int) -> Samples:
    """Twice the rows, since the test keeps half of them for its predictor of targets."""
    x = np.random.default_rng(seed).standard_normal((2 * n_rows, 2))
    return prepare(x, x[:, :1] ** 2 + (1 + miss) * x[:, 1:] ** 2)


def _turn() -> tuple[Tensor, Tensor, Blocks | None]:
    return QUARTER_TURN, torch.ones(2, 2), None


def _row(
    problem: str,
    miss: float,
    seed: int,
    samples: Samples,
    generator: Tensor,
    mask: Tensor,
    blocks: Blocks | None,
) -> dict[str, Any]:
    verifier = Distributional() if samples.targets is None else Conditional()
    tested = relative_defects(samples, generator[None], mask, blocks, verifier, seed=seed)
    (defect,) = tested.defects
    return {
        "problem": problem,
        "a [1]": miss,
        "data_seed [1]": seed,
        "held_out_rows [1]": defect.n_rows,
        "defect [1]": round(defect.value, 4),
        "defect_low [1]": round(defect.low, 4),
        "defect_high [1]": round(defect.high, 4),
        "reference [nat]": round(defect.reference, 4),
        "reason": defect.reason,
    }


if __name__ == "__main__":
    main()
