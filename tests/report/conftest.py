"""A run of two bodies as it would be found on disk, with seeds that failed and differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from symdisc.algebra.consensus import find_consensus
from symdisc.algebra.naming import name_group
from symdisc.representations import Representation
from symdisc.result import SymmetryResult
from symdisc.run_folder import RunFolder
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.verification import Verification

TURN = np.array([[0.0, -1.0], [1.0, 0.0]])
BLOCKS = ((0, 1), (2, 3))
HEADER = "step [1],seed [1],cpu_time [s],generator.adversarial [nat],generator.similarity [1]"


def _seed_generators(mask: np.ndarray, rng: np.random.Generator) -> torch.Tensor:
    noise = 0.03 * rng.normal(size=(6, 4, 4)) * mask
    seeds = rng.choice([-1.0, 2.0], size=(6, 1, 1)) * (np.kron(np.eye(2), TURN) + noise)
    seeds[2] = np.nan
    seeds[4] = rng.normal(size=(4, 4)) * mask
    return torch.tensor(seeds)[:, None]


@pytest.fixture
def result() -> SymmetryResult:
    rng = np.random.default_rng(0)
    mask = np.kron(np.eye(2), np.ones((2, 2)))
    seeds = _seed_generators(mask, rng)
    found = find_consensus(seeds)
    name = name_group(found.generators, BLOCKS)
    angle = rng.uniform(0, 2 * np.pi, size=40)
    ring = np.stack([np.cos(angle), np.sin(angle), -np.sin(angle), np.cos(angle)], axis=-1)
    return SymmetryResult(
        generators=found.generators,
        seed_generators=seeds,
        seeds=(0, 1, 2, 3, 4, 5),
        in_consensus=found.members,
        agreement=found.agreement,
        has_consensus=found.has_consensus,
        group=name.group,
        evidence=name.evidence,
        mask=torch.tensor(mask),
        representation=Representation.vector(4),
        preview=torch.tensor(ring[:, None], dtype=torch.float32),
        verification=Verification.of(
            [RelativeDefect("distributional", 0.04, 0.0, 0.11, 0.0008, 0.41, 0.55, 0.98, 2900, 20)],
            DefectOptions(),
            references=tuple(rng.normal(0.41, 0.05, 20)),
        ),
        blocks=BLOCKS,
        names=("q_x", "q_y", "p_x", "p_y"),
        units=("m", "m", "kg m/s", "kg m/s"),
        truth=torch.tensor(np.kron(np.eye(2), TURN))[None],
        failed={2: found.failed[2]},
        provenance={
            "date": "2026-01-02T03:04:05+00:00",
            "device": "test processor",
            "versions": {"python": "3.11", "torch": "2.13"},
            "rows": {"train": 14000, "held out": 2900},
            "citation": "@article{someone, title = {Something}}",
        },
    )


@pytest.fixture
def full_algebra(result: SymmetryResult) -> SymmetryResult:
    """Rotations of space, found as one vector of dimension 3."""
    basis = torch.zeros(3, 3, 3, dtype=torch.float64)
    for index, (i, j) in enumerate([(1, 0), (2, 0), (2, 1)]):
        basis[index, i, j], basis[index, j, i] = 1.0, -1.0
    return replace(
        result,
        generators=basis,
        group="SO(3) on vectors of dimension 3",
        seed_generators=basis[None],
        seeds=(0,),
        in_consensus=(True,),
        agreement=1.0,
        has_consensus=True,
        mask=torch.ones(3, 3, dtype=torch.float64),
        blocks=None,
        representation=Representation.vector(3),
        preview=torch.randn(20, 1, 3, generator=torch.Generator().manual_seed(0)),
        verification=None,
        names=("x", "y", "z"),
        units=("m", "m", "m"),
        truth=None,
        failed={},
    )


@pytest.fixture
def images(full_algebra: SymmetryResult) -> SymmetryResult:
    """The rotation of grey images of 6 × 8 pixels about their centre."""
    generator = torch.zeros(1, 3, 3, dtype=torch.float64)
    generator[0, :2, :2] = torch.tensor(TURN)
    mask = torch.ones(3, 3, dtype=torch.float64)
    mask[2] = 0
    preview = torch.rand(5, 1, 48, generator=torch.Generator().manual_seed(0))
    return replace(
        full_algebra,
        generators=generator,
        group="SO(2) on images about the point (0.00, 0.00)",
        seed_generators=generator[None],
        mask=mask,
        representation=Representation.image(6, 8),
        preview=preview,
        names=tuple(f"pixel{i}" for i in range(48)),
        units=("ink",) * 48,
    )


@pytest.fixture
def run(result: SymmetryResult, tmp_path: Path) -> Path:
    folder = RunFolder.create(tmp_path / "runs" / "first")
    folder.write_config(
        {
            "source": "two-body",
            "method": "liegan",
            "options": {"group": {"n_generators": 1}, "method": {"epochs": None}},
        }
    )
    result.save(folder.result)
    folder.metrics.mkdir()
    rows = [
        f"{step},{seed},0.5,{1 / (step + 1)},{seed}" for step in (0, 10, 20) for seed in range(6)
    ]
    (folder.metrics / "liegan.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    return folder.path
