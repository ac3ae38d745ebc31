"""Learned coordinates are saved with a result and come back the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from latent_toy import found_in, toy_host, trajectories
from safetensors.torch import load_file, save_file

import symdisc
from symdisc.errors import DataError, OptionError, UnknownComponentError
from symdisc.result import SymmetryResult

X = trajectories(1, 20)[0]


@pytest.fixture(scope="module")
def result() -> SymmetryResult:
    found, _ = found_in(trajectories())
    assert found.latent is not None
    return replace(found, latent=replace(found.latent, centre=torch.tensor([0.1, 0.2]).double()))


def test_it_acts_as_before(result: SymmetryResult, tmp_path: Path) -> None:
    again = symdisc.load(result.save(tmp_path / "r"), host=toy_host())
    assert again.transform(X, 0.4) == pytest.approx(result.transform(X, 0.4), abs=1e-6)
    assert again.latent is not None
    assert result.latent is not None
    assert again.latent.seed == result.latent.seed
    assert again.latent.shapes == result.latent.shapes
    assert again.latent.options == {"kind": "exact"}
    assert torch.equal(again.latent.codes, result.latent.codes)
    assert again.latent_figures == result.latent_figures
    assert again.generators.equal(result.generators)


def test_only_what_moves_states_needs_the_plugin(result: SymmetryResult, tmp_path: Path) -> None:
    again = symdisc.load(result.save(tmp_path / "r"))
    assert again.summary() == result.summary()
    with pytest.raises(UnknownComponentError, match="encoder 'toy:hidden-plane'"):
        again.transform(X)


def test_figures_that_are_not_defined_survive(tmp_path: Path) -> None:
    found, _ = found_in(np.concatenate(trajectories(20, 30)))
    again = symdisc.load(found.save(tmp_path / "r"))
    assert again.latent_figures is not None
    assert np.isnan(again.latent_figures.raw_radius)


@pytest.mark.parametrize("name", ["latent.centre", "latent.codes", "latent.trajectories"])
def test_damage_is_told(result: SymmetryResult, tmp_path: Path, name: str) -> None:
    folder = result.save(tmp_path / "r")
    tensors = load_file(folder / "tensors.safetensors")
    save_file({**tensors, name: torch.zeros(2, 3, 5)}, folder / "tensors.safetensors")
    with pytest.raises(DataError, match=r"is damaged .* latent tensors contradict each other"):
        symdisc.load(folder)
    del tensors[name]
    save_file(tensors, folder / "tensors.safetensors")
    with pytest.raises(DataError, match="is damaged"):
        symdisc.load(folder)


def test_missing_tensors_of_the_network_are_told(result: SymmetryResult, tmp_path: Path) -> None:
    folder = result.save(tmp_path / "r")
    tensors = load_file(folder / "tensors.safetensors")
    del tensors["latent.encoder.basis"]
    save_file(tensors, folder / "tensors.safetensors")
    with pytest.raises(DataError, match=r"the saved encoder does not fit .*'basis' is missing"):
        symdisc.load(folder, host=toy_host()).transform(X)


def test_options_of_a_file_are_checked(result: SymmetryResult, tmp_path: Path) -> None:
    folder = result.save(tmp_path / "r")
    content = json.loads((folder / "result.json").read_text())
    content["latent"]["options"] = {"kind": "exact", "command": "rm"}
    (folder / "result.json").write_text(json.dumps(content))
    with pytest.raises(OptionError, match=r"unknown option 'encoder\.command'"):
        symdisc.load(folder, host=toy_host()).transform(X)
