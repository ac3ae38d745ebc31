"""Whether the right coordinates are confirmed and wrong ones are not, however good they look.

``warped-oscillator`` in 20 dimensions, whose inverse map W⁻¹ is known: in these coordinates the
turn of the plane is the exact symmetry. Spoilt ones follow: angles distorted by a · sin, which keep
every radius; a circle, which loses the amplitude; and the exact coordinates with a boost, or with
Hénon's chaotic map in place of the oscillation.

python benchmarks/verify/latent_actions.py --cases 8
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import torch
from measuring import Case, ResultFile, told
from numpy.typing import NDArray
from torch import Tensor

from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.interfaces import DataShapes
from symdisc.latent_space import LatentSpace
from symdisc.representations import Representation
from symdisc.result import SymmetryResult
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.latent import Latent
from symdisc.verify.latent_verifying import verify_latent
from symdisc_basics.datasets.warped_oscillator import (
    WarpedOscillatorOptions,
    latents,
    unwarped,
    warped,
)

UNEVEN = (0.0, 0.05, 0.1, 0.2, 0.3, 0.6)
KINDS = [*(f"uneven {a:g}" for a in UNEVEN), "circle", "boost", "chaos"]
TURN = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]], dtype=torch.float64)
ITERATIONS = 60
TRANSIENT = 50


class Plane:
    """φ = b ∘ W⁻¹ and back, where b distorts angles or loses the amplitude."""

    def __init__(self, options: WarpedOscillatorOptions, uneven: float, circle: bool) -> None:
        self._options = options
        self._uneven = uneven
        self._circle = circle

    def encode(self, x: Tensor) -> Tensor:
        """States to latent points."""
        plane = torch.from_numpy(unwarped(x.double().numpy(), self._options))
        if self._circle:
            return _at(torch.ones_like(plane) / 2**0.5, torch.atan2(plane[..., 1], plane[..., 0]))
        angle = torch.atan2(plane[..., 1], plane[..., 0])
        return _at(plane, angle + self._uneven * torch.sin(angle))

    def decode(self, z: Tensor) -> Tensor:
        """Latent points to states."""
        bent = torch.atan2(z[..., 1], z[..., 0])
        angle = bent
        for _ in range(ITERATIONS):
            angle = bent - self._uneven * torch.sin(angle)
        return torch.from_numpy(warped(_at(z.double(), angle).numpy(), self._options))


def main() -> None:
    """Test all cases that the result file lacks and count the verdicts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=8, help="data sets for each kind")
    parser.add_argument("--first", type=int, default=70_000, help="first seed")
    parser.add_argument("--name", default="latent_actions", help="name of the result file")
    arguments = parser.parse_args()
    file = ResultFile(arguments.name, ("coordinates", "seed [1]"))
    for case in file.missing(cases(arguments.cases, arguments.first)):
        file.add(case, measure(*case))
    _print(file.rows())


def cases(count: int, first: int) -> list[Case]:
    """One data set of each kind after the other."""
    return [(kind, first + i) for i in range(count) for kind in KINDS]


def measure(kind: str, seed: int) -> dict[str, Any]:
    """Test the turn, or the boost, in the coordinates of this kind."""
    options = WarpedOscillatorOptions(seed=seed, n_trajectories=40)
    name, _, size = kind.partition(" ")
    plane = Plane(options, float(size or 0), name == "circle")
    hidden = _chaos(seed, options) if name == "chaos" else latents(options)
    rows = prepare(list(warped(hidden, options).astype(np.float32)))
    result = _result(plane, rows, TURN.abs() if name == "boost" else TURN)
    start = time.process_time()
    tested = verify_latent(rows, result, Latent(), seed=seed, options=DefectOptions())
    return told(tested, time.process_time() - start)


def _result(plane: Plane, rows: Samples, generators: Tensor) -> SymmetryResult:
    """What a method would hand over, with these coordinates in place of trained ones."""
    space = LatentSpace(
        "basics:identity",
        "symdisc",
        {},
        DataShapes.of(rows),
        {},
        Representation.vector(2),
        torch.zeros(2, dtype=torch.float64),
        seed=0,
        codes=torch.zeros(0, 2, 2),
        trajectories=torch.zeros(0, 0, 2),
        mean=torch.zeros(rows.size, dtype=torch.float64),
        scales=torch.ones(rows.size, dtype=torch.float64),
    )
    vars(space)["encoder"] = plane  # where the trained encoder is kept once it is built
    return SymmetryResult(
        generators=generators,
        seed_generators=generators[None],
        seeds=(0,),
        in_consensus=(True,),
        agreement=1.0,
        has_consensus=True,
        group="",
        evidence="",
        mask=torch.ones(2, 2, dtype=torch.float64),
        representation=rows.representation,
        preview=rows.states[:1],
        latent=space,
    )


def _chaos(seed: int, options: WarpedOscillatorOptions) -> NDArray[np.float64]:
    """Trajectories ``(n_trajectories, n_states, 2)`` of Hénon's map, on its attractor."""
    rng = np.random.default_rng(seed)
    point = rng.uniform(-0.1, 0.1, (options.n_trajectories, 2))
    path = []
    for _ in range(options.n_states + TRANSIENT):
        x, y = point.T
        point = np.stack([1 - 1.4 * x**2 + y, 0.3 * x], axis=-1)
        path.append(point)
    return np.stack(path[TRANSIENT:], axis=1)


def _at(plane: Tensor, angle: Tensor) -> Tensor:
    """Points at their distance from the origin, at these angles."""
    points: Tensor = plane.norm(dim=-1, keepdim=True) * torch.stack([angle.cos(), angle.sin()], -1)
    return points


def _print(rows: list[dict[str, str]]) -> None:
    """The verdicts and the median defect of each kind."""
    words: dict[str, Counter[str]] = defaultdict(Counter)
    defects: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        words[row["coordinates"]][row["verdict"]] += 1
        defects[row["coordinates"]].append(float(row["defect [1]"]))
    for kind in words:
        print(f"{kind}: {dict(words[kind])}, median defect {np.median(defects[kind]):.3f}")


if __name__ == "__main__":
    main()
