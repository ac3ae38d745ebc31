"""A result that acts about a centre."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from symdisc.errors import DataError
from symdisc.representations import Representation
from symdisc.result import SymmetryResult, load

TURN = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]], dtype=torch.float64)
CENTRE = torch.tensor([3.0, -2.0, 1.0, 0.0, 0.0], dtype=torch.float64)


def make(**changes: Any) -> SymmetryResult:
    """A rotation of two vectors about a centre; the last coordinate is a scalar."""
    values: dict[str, Any] = {
        "generators": TURN,
        "seed_generators": TURN[None],
        "seeds": (0,),
        "in_consensus": (True,),
        "agreement": 1.0,
        "has_consensus": True,
        "group": "SO(2) on 2 vectors of dimension 2",
        "evidence": "eigenvalues ±1.00i",
        "mask": torch.ones(2, 2, dtype=torch.float64),
        "representation": Representation(2, 2, 1),
        "target_representation": Representation(1, 2),
        "preview": torch.zeros(3, 2, 5),
        "centre": CENTRE,
    }
    return SymmetryResult(**(values | changes))


@pytest.mark.parametrize("shape", [(5,), (4, 5), (4, 3, 5)])
def test_the_centre_stays_and_the_rest_turns_about_it(shape: tuple[int, ...]) -> None:
    result = make()
    x = np.random.default_rng(0).normal(size=shape)
    moved = result.transform(x, math.pi / 2)
    about = (x - CENTRE.numpy())[..., :4].reshape(*shape[:-1], 2, 2)
    turned = np.stack([-about[..., 1], about[..., 0]], -1).reshape(*shape[:-1], 4)
    assert moved[..., :4] == pytest.approx(turned + CENTRE.numpy()[:4])
    assert np.array_equal(moved[..., 4], x[..., 4])
    assert result.transform(CENTRE, 1.3) == pytest.approx(CENTRE)


def test_there_and_back() -> None:
    x = torch.randn(7, 5, dtype=torch.float64)
    result = make()
    assert torch.allclose(result.transform(result.transform(x, 0.7), -0.7), x)
    assert not torch.allclose(result.transform(x, 0.7), make(centre=None).transform(x, 0.7))


def test_orbits_and_augmented_samples_keep_their_distance_from_the_centre() -> None:
    result = make()
    x = torch.randn(6, 5, dtype=torch.float64)
    distance = (x - CENTRE).norm(dim=1)
    assert torch.allclose((result.augment(x) - CENTRE).norm(dim=1), distance)
    orbit = result.orbit(x[0])
    assert torch.allclose((orbit - CENTRE).norm(dim=1), distance[0].expand(len(orbit)))
    assert torch.allclose(orbit[0], orbit[-1])


def test_targets_turn_about_their_own_origin() -> None:
    y = torch.randn(6, 2, dtype=torch.float64)
    _, moved = make().augment(torch.randn(6, 5, dtype=torch.float64), y)
    assert torch.allclose(moved.norm(dim=1), y.norm(dim=1))


def test_the_centre_is_saved(tmp_path: Path) -> None:
    again = load(make().save(tmp_path / "with"))
    assert again.centre is not None
    assert torch.equal(again.centre, CENTRE)
    assert load(make(centre=None).save(tmp_path / "without")).centre is None


def test_results_from_before_there_were_centres_load(tmp_path: Path) -> None:
    folder = make(centre=None).save(tmp_path / "old")
    content = json.loads((folder / "result.json").read_text())
    content["format_version"] = 1
    del content["order"], content["verification"]
    content["defects"] = []
    (folder / "result.json").write_text(json.dumps(content))
    assert load(folder).centre is None


def test_a_centre_that_does_not_fit_is_damage(tmp_path: Path) -> None:
    folder = make().save(tmp_path / "bad")
    tensors = load_file(folder / "tensors.safetensors")
    save_file(tensors | {"centre": torch.zeros(3).double()}, folder / "tensors.safetensors")
    with pytest.raises(DataError, match=r"is damaged .*shapes of its tensors contradict"):
        load(folder)


@pytest.mark.parametrize("scale", [-1.0, float("nan"), float("inf")])
def test_random_moves_have_a_spread(scale: float) -> None:
    message = rf"scale is a standard deviation, at least 0 and finite; got {scale}"
    with pytest.raises(DataError, match=message):
        make().augment(torch.ones(3, 5), scale=scale)


@pytest.mark.parametrize("seed", [-1, 2**62])
def test_seeds_are_whole_numbers_in_range(seed: int) -> None:
    message = rf"seed must be a whole number from 0 to 4611686018427387903; got {seed}"
    with pytest.raises(DataError, match=message):
        make().augment(torch.ones(3, 5), seed=seed)
