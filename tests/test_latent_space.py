"""Results whose generators act in learned coordinates, used on data."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from latent_toy import found_in, toy_host, trajectories, unwarped, warped

from symdisc.data.standardise import Standardisation
from symdisc.errors import DataError, UnknownComponentError
from symdisc.latent_space import CHUNK, LatentSpace, in_latent_coordinates, latent_names
from symdisc.own_units import in_alike_units, in_own_units
from symdisc.registry import PluginHost
from symdisc.representations import Representation
from symdisc.result import SymmetryResult

STATES = trajectories(5, 20)


@pytest.fixture(scope="module")
def result() -> SymmetryResult:
    return found_in(trajectories())[0]


def space(result: SymmetryResult) -> LatentSpace:
    assert result.latent is not None
    return result.latent


def hidden_turn(x: np.ndarray, angle: float) -> np.ndarray:
    """What the exact action does: W R W⁻¹."""
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    plane = unwarped(torch.from_numpy(x)).double() @ torch.from_numpy(turn.T)
    return np.asarray(warped(plane).numpy())


@pytest.mark.parametrize("shape", [(3,), (20, 3), (4, 5, 3), (0, 3)])
def test_states_move_as_the_hidden_turn_moves_them(
    result: SymmetryResult, shape: tuple[int, ...]
) -> None:
    x = STATES[0][: math.prod(shape[:-1])].reshape(shape)
    moved = result.transform(x, 0.7)
    assert moved.dtype == np.float32
    sense = result.generators[0, 1, 0].sign() * space(result).tensors["basis"].det().sign()
    assert moved == pytest.approx(hidden_turn(x, 0.7 * float(sense)), abs=1e-4)


def test_there_and_back(result: SymmetryResult) -> None:
    x = STATES[0]
    z = result.encode(x)
    assert z.shape == (20, 2)
    assert z.dtype == np.float32
    assert result.decode(z) == pytest.approx(x, abs=1e-5)
    assert result.transform(x, 0.0) == pytest.approx(x, abs=1e-5)
    assert result.transform(result.transform(x, 0.4), -0.4) == pytest.approx(x, abs=1e-4)
    many = np.tile(x, (1 + CHUNK // 20, 1))
    assert result.encode(many)[-20:] == pytest.approx(z, abs=1e-6)


def test_orbits_close_and_augmented_samples_keep_the_hidden_amplitude(
    result: SymmetryResult,
) -> None:
    orbit = result.orbit(STATES[0][0])
    assert orbit[0] == pytest.approx(orbit[-1], abs=1e-4)
    pairs = np.stack([STATES[0][:-1], STATES[0][1:]], axis=1)
    moved, labels = result.augment(pairs, np.arange(19.0))
    assert labels.tolist() == list(range(19))
    before, after = (unwarped(torch.from_numpy(x)).norm(dim=-1) for x in (pairs, moved))
    assert torch.allclose(before, after, atol=1e-3)


def test_torch_stays_torch_and_differentiable(result: SymmetryResult) -> None:
    x = torch.from_numpy(STATES[0]).requires_grad_()
    (gradient,) = torch.autograd.grad(result.transform(x, 0.3).sum(), x)
    assert gradient.abs().sum() > 0


def test_matrices_are_told_of_latent_coordinates(result: SymmetryResult) -> None:
    (field,) = result.vector_field()
    assert {str(symbol) for symbol in field.atoms() if str(symbol).startswith("z")} == {"z1", "z2"}
    form = result.invariant_form()
    assert (form.matrix.shape, form.signature) == ((2, 2), (2, 0))
    assert "0." in result.generator_text()
    with pytest.raises(DataError, match="the true generators of these data are not known"):
        result.angle_to_truth()


def test_the_group_acts_about_its_centre(result: SymmetryResult) -> None:
    centre = torch.tensor([0.1, -0.2], dtype=torch.float64)
    moved = replace(result, latent=replace(space(result), centre=centre))
    fixed = moved.decode(centre.numpy())
    assert moved.transform(fixed, 1.3) == pytest.approx(fixed, abs=1e-5)


def test_standardisation_is_undone_before_the_encoder_sees_a_state(result: SymmetryResult) -> None:
    """A result on (x − mean) / scale moves x as the result on x itself does."""
    bare, parts = found_in(trajectories())
    states = parts.train.states
    wide = replace(parts.train, states=7 * states + 2)
    standard = replace(
        Standardisation.of(wide, "centre"),
        mean=torch.full((3,), 2.0, dtype=torch.float64),
        states=torch.full((3,), 7.0, dtype=torch.float64),
    )
    own = in_own_units(bare, standard)
    x = STATES[0].astype(np.float64)
    assert own.transform(7 * x + 2, 0.5) == pytest.approx(7 * bare.transform(x, 0.5) + 2, abs=1e-3)
    assert own.encode(7 * x + 2) == pytest.approx(bare.encode(x), abs=1e-5)
    assert torch.equal(own.generators, bare.generators)
    assert torch.allclose(own.preview, 7 * bare.preview + 2, atol=1e-5)
    assert (own.centre, own.scales) == (None, None)
    assert "The encoder sees data in which each coordinate was divided by its" in own.notes[-1]
    assert in_alike_units(own) is own


def test_seen_from_inside_it_is_a_linear_result(result: SymmetryResult) -> None:
    inside = in_latent_coordinates(result)
    assert inside.latent is None
    assert inside.names == ("z1", "z2") == latent_names(Representation.vector(2))
    z = result.encode(STATES[0])
    assert result.decode(inside.transform(z, 0.3)) == pytest.approx(
        result.transform(STATES[0], 0.3), abs=1e-5
    )
    assert in_latent_coordinates(inside) is inside


def test_wrong_sizes_name_both_shapes(result: SymmetryResult) -> None:
    with pytest.raises(DataError, match=r"x has shape \(5, 2\).*representation 'V3'"):
        result.transform(np.zeros((5, 2)))
    message = r"a state of shape \(4,\) was given; the encoder was trained on states of \(3,\) "
    with pytest.raises(DataError, match=message):
        result.encode(np.zeros((5, 4)))
    message = r"a latent point of shape \(3,\) was given; the latent space \('V2'\) has \(2,\)"
    with pytest.raises(DataError, match=message):
        result.decode(np.zeros(3))


def test_linear_results_have_nothing_to_encode(result: SymmetryResult) -> None:
    for name in ("encode", "decode"):
        with pytest.raises(DataError, match=f"there is nothing to {name}: these generators act on"):
            getattr(in_latent_coordinates(result), name)(np.zeros(2))


def test_a_missing_plugin_is_named_once_it_is_needed(result: SymmetryResult) -> None:
    lost = replace(
        result, latent=replace(space(result), host=PluginHost(), origin="symdisc-toy 1.2")
    )
    assert lost.summary() == result.summary()
    assert lost.vector_field() == result.vector_field()
    message = (
        "states are moved in the coordinates of encoder 'toy:hidden-plane', which symdisc-toy 1.2 "
        "offered when the result was made; install that: no plugin named 'toy'"
    )
    with pytest.raises(UnknownComponentError, match=message):
        lost.transform(STATES[0])


def test_tensors_of_another_network_are_refused(result: SymmetryResult) -> None:
    tensors = {**space(result).tensors, "extra": torch.zeros(1)}
    broken = replace(result, latent=replace(space(result), tensors=tensors))
    with pytest.raises(DataError, match="encoder does not fit HiddenPlane: 'extra' is not"):
        broken.encode(STATES[0])


def test_building_an_encoder_leaves_the_random_stream_alone(result: SymmetryResult) -> None:
    fresh = replace(space(result), host=toy_host())
    state = torch.get_rng_state()
    fresh.encode(torch.zeros(1, 3))
    assert torch.equal(torch.get_rng_state(), state)


def test_large_states_go_through_in_parts(
    result: SymmetryResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, parts = result.transform(STATES[0], 0.3), []
    monkeypatch.setattr("symdisc.latent_space.NUMBERS", 6)
    build = type(space(result).encoder).encode

    def encode(self: object, x: torch.Tensor) -> torch.Tensor:
        parts.append(len(x))
        return build(self, x)  # type: ignore[arg-type]

    monkeypatch.setattr(type(space(result).encoder), "encode", encode)
    assert result.transform(STATES[0], 0.3) == pytest.approx(whole, abs=1e-6)
    assert parts == [2] * 10
