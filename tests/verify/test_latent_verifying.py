"""Worked examples: which actions in learned coordinates are confirmed, and which are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from latent_toy import found_in, noise, trajectories, unwarped

from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.latent import Latent
from symdisc.verify.latent_verifying import latent_rows, verify_latent
from symdisc.verify.verification import Verification

FAST = DefectOptions(n_references=8)


def verdict(
    data: Any, kind: Any = "exact", *, options: DefectOptions = FAST, **more: Any
) -> Verification:
    result, parts = found_in(data, kind, options=options, **more)
    return verify_latent(parts.held_out, result, Latent(), seed=0, options=options)


@pytest.mark.slow
def test_the_turn_of_hidden_circles_is_confirmed() -> None:
    tested = verdict(trajectories())
    assert tested.overall.word == "confirmed"
    assert tested.worst.statement == "latent"
    assert tested.worst.displacement == pytest.approx(0.5, abs=0.02)


@pytest.mark.slow
def test_a_boost_of_the_hidden_plane_is_not_supported() -> None:
    assert verdict(trajectories(), generator="boost").overall.word == "not supported"


@pytest.mark.slow
def test_an_angle_that_advances_unevenly_is_not_supported() -> None:
    """The generator is a perfect rotation and the radius is kept; the flow is not a turn."""
    result, parts = found_in(trajectories(), "uneven")
    assert result.latent_figures is not None
    assert result.latent_figures.consensus.within_total < 1e-6
    tested = verify_latent(parts.held_out, result, Latent(), seed=0, options=FAST)
    assert tested.overall.word == "not supported"


@pytest.mark.slow
def test_coordinates_that_lose_the_amplitude_are_not_supported() -> None:
    """On the circle that is left, the turn is perfect: T is 0."""
    tested = verdict(trajectories(), "circle")
    assert tested.worst.value < 0.05
    assert tested.overall.word == tested.verdicts[0].word == "not supported"
    with pytest.raises(AssertionError, match=r"loses 0\.0\d+ of the data's variance, at most 0.01"):
        raise AssertionError(tested.overall.why)
    lenient = FAST.model_copy(update={"max_reconstruction": 0.5})
    assert verdict(trajectories(), "circle", options=lenient).overall.word == "confirmed"


def test_constant_coordinates_are_not_supported() -> None:
    tested = verdict(trajectories(), "constant")
    assert not tested.worst.testable
    assert tested.overall.word == "not supported"


@pytest.mark.slow
def test_chaos_has_no_turn() -> None:
    assert verdict(noise()).overall.word == "not supported"


def test_single_states_are_never_claimed() -> None:
    tested = verdict(np.concatenate(trajectories(20, 30)))
    assert tested.overall.word == "untestable here"
    assert "every law of single states has nonlinear symmetries" in tested.overall.why
    assert tested.holds is False


@pytest.mark.slow
def test_rows_with_targets_are_tested_as_pairs() -> None:
    """The target is the hidden amplitude, which the turn leaves alone and the boost does not."""
    rows = np.concatenate(trajectories(40, 40))
    target = unwarped(torch.from_numpy(rows)).norm(dim=-1, keepdim=True).numpy()
    assert verdict(rows, targets=target).overall.word == "confirmed"
    assert verdict(rows, targets=target, generator="boost").overall.word == "not supported"


def test_latent_rows_are_about_the_centre_and_their_targets_unchanging() -> None:
    rows = np.concatenate(trajectories(20, 30))
    result, parts = found_in(rows, targets=rows, target_representation="V3")
    latent = result.latent
    assert latent is not None
    moved = latent_rows(parts.held_out, replace(latent, centre=latent.centre + 1))
    assert torch.allclose(
        moved.states.double(), latent.encode(parts.held_out.states) - 1, atol=1e-6
    )
    assert str(moved.representation) == "V2"
    assert str(moved.target_representation) == str(result.target_representation) == "3*S"
    assert "targets are taken as unchanging" in result.notes[-1]


def test_a_linear_result_is_refused() -> None:
    result, parts = found_in(trajectories())
    bare = replace(result, latent=None)
    with pytest.raises(ValueError, match="do not act in learned coordinates"):
        verify_latent(parts.held_out, bare, Latent(), seed=0, options=FAST)
