"""From the encoders and generators of many seeds to one result."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from latent_toy import TURN, HiddenPlane, HiddenPlaneOptions, found_in, toy_host, trajectories

from symdisc import discover
from symdisc.algebra.spans import cosine
from symdisc.data.prepare import prepare
from symdisc.data.splits import split
from symdisc.engine.ensemble import Ensemble
from symdisc.errors import BrokenComponentError, DataError
from symdisc.interfaces import DataShapes, Discovery, Latent
from symdisc.latent_assembly import (
    MOST_NUMBERS,
    N_POINTS,
    N_TRAJECTORIES,
    assemble_latent,
    coded,
)
from symdisc.latent_space import latent_space
from symdisc.representations import Representation
from symdisc.verify.defect_options import DefectOptions


def test_seeds_in_different_bases_agree_once_they_are_aligned() -> None:
    result, parts = found_in(trajectories(), seeds=4)
    latent, figures = result.latent, result.latent_figures
    assert latent is not None
    assert figures is not None
    assert result.in_consensus == (True,) * 4
    assert result.group == "SO(2) on vectors of dimension 2, in learned coordinates"
    assert len(figures.seeds) == 4
    assert figures.consensus.within_total < 1e-9
    assert figures.raw_radius > 0.5
    assert 1e-3 < figures.raw_ellipse < 0.1
    assert latent.seed in result.seeds
    basis = latent.tensors["basis"].double()
    expected = basis @ TURN.double() @ torch.linalg.inv(basis)
    assert cosine(result.generators[0], expected) > 1 - 1e-9
    assert all(cosine(one[0], expected) > 1 - 1e-9 for one in result.seed_generators)
    assert str(result.representation) == "V3"
    assert result.preview.shape[1:] == (2, 3)
    assert torch.allclose(latent.codes, latent.encode(result.preview).float())
    assert latent.trajectories.shape == (min(N_TRAJECTORIES, 9), N_POINTS, 2)
    first = parts.held_out.states[parts.held_out.trajectory == parts.held_out.trajectory[0], 0]
    assert torch.allclose(latent.trajectories[0, : len(first)], latent.encode(first).float())
    assert latent.trajectories[0, len(first) :].isnan().all()


def test_seeds_of_other_coordinates_are_left_out_with_their_reason() -> None:
    result, _ = found_in(trajectories(), "by seed", seeds=4)
    assert result.in_consensus == (True, False, True, False)
    assert list(result.failed) == [1, 3]
    assert all("no affine map" in reason for reason in result.failed.values())
    assert result.has_consensus
    assert result.agreement == 0.5


def test_where_no_seed_is_any_good_nothing_is_claimed() -> None:
    result, _ = found_in(trajectories(), "constant")
    assert not result.has_consensus
    assert result.agreement == 0
    assert list(result.failed) == [0, 1, 2]
    assert result.summary().startswith(
        "no symmetry found: none of 3 seeds has coordinates of any use; not tested"
    )
    assert result.seed_generators.isfinite().all()
    assert "in learned coordinates" not in result.group


def test_limits_are_options() -> None:
    strict = DefectOptions(max_condition=1.2)
    result, _ = found_in(trajectories(), options=strict)
    assert all("at most 1.2 times" in reason for reason in result.failed.values())
    assert len(result.failed) == 3


def test_single_rows_have_no_trajectories() -> None:
    result, _ = found_in(np.concatenate(trajectories(20, 30)))
    assert result.latent is not None
    assert result.latent_figures is not None
    assert len(result.latent.trajectories) == 0
    assert math.isnan(result.latent_figures.consensus.within_total)
    assert math.isnan(result.latent_figures.raw_radius)


def test_of_large_states_fewer_rows_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    result, parts = found_in(trajectories(20, 30))
    assert result.latent is not None
    encoder = result.latent.encoder
    latent = Latent(Ensemble([encoder, encoder]), Representation.vector(2), torch.zeros(2, 2))
    assert len(coded(latent, parts.held_out)[1].samples) == len(parts.held_out)
    assert 6 * len(parts.held_out) < MOST_NUMBERS
    monkeypatch.setattr("symdisc.latent_assembly.MOST_NUMBERS", 60)
    first, second = coded(latent, parts.held_out)
    assert len(first.samples) == len(first.codes) == len(first.decoded) == 10
    assert torch.equal(first.codes, second.codes)


def test_an_encoder_of_another_class_than_was_chosen_is_refused() -> None:
    encoder = HiddenPlane(HiddenPlaneOptions(), DataShapes(1, Representation.vector(3)))
    message = "gave an encoder of class HiddenPlane, but encoder 'basics:mlp' was chosen"
    with pytest.raises(DataError, match=message):
        latent_space(encoder, "mlp", {}, toy_host())


def test_what_does_not_fit_together_is_told_with_all_shapes() -> None:
    encoder = HiddenPlane(HiddenPlaneOptions(), DataShapes(1, Representation.vector(3)))
    latent = Latent(Ensemble([encoder] * 2), Representation.vector(3), torch.zeros(2, 2))
    found = Discovery(torch.zeros(2, 1, 2, 2), torch.ones(2, 2), latent=latent)
    parts = split(prepare(trajectories(20, 30)), 0)
    message = (
        r"latent points transform as 'V3', but a latent point has shape \(2,\) where \(3,\) is "
        r"needed; a generator has shape \(2, 2\) where \(3, 3\) is needed; the centres has shape "
        r"\(2, 2\) where \(2, 3\) is needed$"
    )
    with pytest.raises(BrokenComponentError, match=message):
        assemble_latent(found, (0, 1), parts, {}, toy_host(), DefectOptions())


def test_state_that_is_not_saved_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The amplitude is lost only where the encoder is built anew."""
    build = HiddenPlane.__init__

    def spoilt(self: HiddenPlane, options: HiddenPlaneOptions, shapes: DataShapes) -> None:
        build(self, options, shapes)
        self.kind = "circle" if len(built) >= 3 else options.kind
        built.append(self.kind)

    built: list[str] = []
    monkeypatch.setattr(HiddenPlane, "__init__", spoilt)
    with pytest.raises(BrokenComponentError, match="gives other latent points once it is saved"):
        found_in(trajectories(20, 30))


@pytest.mark.slow
def test_a_whole_run() -> None:
    result = discover(trajectories(), method="toy:known", seeds=3, host=toy_host())
    assert result.holds
    assert result.verification is not None
    assert result.verification.worst.statement == "latent"
    assert result.support is not None
    assert result.support.is_whole
