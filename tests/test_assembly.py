"""From the generators of many seeds to one result."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from symdisc.assembly import PREVIEW, PREVIEW_IMAGES, assemble
from symdisc.data.samples import Samples
from symdisc.errors import TrainingError
from symdisc.interfaces import Discovery
from symdisc.representations import Representation

TURN = torch.tensor([[[0.0, 1.0], [-1.0, 0.0]]])


def _held_out(n: int = 30) -> Samples:
    states = torch.arange(2.0 * n).reshape(n, 1, 2)
    return Samples(
        states,
        torch.arange(n),
        Representation.parse("V2"),
        targets=torch.ones(n, 1),
        target_representation=Representation.parse("S"),
        names=("a", "b"),
        units=("m", ""),
        truth=TURN,
    )


def _found(generators: Tensor, notes: tuple[str, ...] = ()) -> Discovery:
    mask = torch.ones(2, 2)
    return Discovery(generators, mask, ((0, 1),), notes)


def test_what_the_seeds_and_the_data_say_reaches_the_result() -> None:
    generators = torch.stack([3 * TURN, -2 * TURN, TURN])
    found = _found(generators, ("a note",))
    result = assemble(found, (4, 5, 6), _held_out(), {"method": "liegan"})
    assert result.generators.dtype == torch.float64
    assert torch.allclose(result.generators.abs(), TURN.double().abs())
    assert torch.equal(result.seed_generators, generators.double())
    assert result.seeds == (4, 5, 6)
    assert result.in_consensus == (True, True, True)
    assert (result.agreement, result.has_consensus) == (1.0, True)
    assert result.group.startswith("SO(2)")
    assert result.evidence
    assert (result.names, result.units) == (("a", "b"), ("m", ""))
    assert str(result.target_representation) == "S"
    assert (result.blocks, result.notes) == (((0, 1),), ("a note",))
    assert result.truth is not None
    assert result.truth.dtype == torch.float64
    assert (result.config, result.defects, result.failed) == ({"method": "liegan"}, (), {})


def test_a_seed_that_failed_is_named_by_its_seed() -> None:
    generators = torch.stack([TURN, TURN * torch.nan, TURN])
    result = assemble(_found(generators), (7, 8, 9), _held_out(), {})
    assert list(result.failed) == [8]
    assert result.in_consensus == (True, False, True)


def test_no_seed_with_usable_generators() -> None:
    with pytest.raises(TrainingError, match="no seed"):
        assemble(_found(torch.stack([TURN, TURN]) * torch.nan), (0, 1), _held_out(), {})


def test_a_closed_form_method_has_one_member() -> None:
    result = assemble(_found(TURN[None]), (3, 4, 5), _held_out(), {})
    assert result.seeds == (3,)
    assert result.in_consensus == (True,)


def test_the_result_does_not_hang_on_the_computation_or_on_the_settings() -> None:
    generators = TURN[None].clone().requires_grad_()
    config = {"a": 1}
    result = assemble(_found(generators * 1), (0,), _held_out(), config)
    config["a"] = 2
    assert not result.generators.requires_grad
    assert result.config == {"a": 1}


@pytest.mark.parametrize(("n", "kept"), [(30, 30), (PREVIEW, PREVIEW), (1000, PREVIEW)])
def test_the_preview_spans_all_held_out_samples(n: int, kept: int) -> None:
    held_out = _held_out(n)
    preview = assemble(_found(TURN[None]), (0,), held_out, {}).preview
    assert preview.shape == (kept, 1, 2)
    assert torch.equal(preview[0], held_out.states[0])
    assert torch.equal(preview[-1], held_out.states[-1])
    assert (preview[1:, 0, 0] > preview[:-1, 0, 0]).all()


def test_what_the_data_do_not_determine_is_noted() -> None:
    generators = torch.zeros(2, 2, 3, 3)
    generators[:, :, 0, 1], generators[:, :, 1, 0] = -1.0, 1.0
    states = torch.randn(30, 1, 3, generator=torch.Generator().manual_seed(0))
    states[..., 2] = 4.0
    held_out = Samples(
        states, torch.arange(30), Representation.vector(3), names=("a", "b", "height")
    )
    result = assemble(Discovery(generators, torch.ones(3, 3)), (0, 1), held_out, {})
    assert result.notes == (
        "2 generators were asked for; those found span 1 dimensions only.",
        "These coordinates do not vary in the held-out data: height. What a generator does to "
        "them, and with them, is not determined by the data.",
    )


def test_images_are_named_by_their_plane_and_still_pixels_are_counted() -> None:
    generators = torch.zeros(2, 1, 3, 3)
    generators[..., 0, 1], generators[..., 1, 0] = -1.0, 1.0
    states = torch.rand(100, 1, 2 * 16 + 1, generator=torch.Generator().manual_seed(0))
    states[..., :5] = 0.0
    held_out = Samples(states, torch.arange(100), Representation.parse("2*G4x4 + S"))
    result = assemble(Discovery(generators, torch.ones(3, 3)), (0, 1), held_out, {})
    assert result.group == "SO(2) on images about the point (0.00, 0.00)"
    assert "column 1.5 and row 1.5 of 4 × 4 pixels" in result.evidence
    assert result.notes == ("5 of 32 pixel values are the same in all held-out images.",)
    assert result.preview.shape == (PREVIEW_IMAGES, 1, 33)


def _turns(angles: list[float]) -> Discovery:
    generators = torch.tensor(angles)[:, None, None, None] * TURN
    return Discovery(generators, torch.ones(2, 2), discrete=True)


def test_a_finite_group_keeps_the_size_of_its_generator() -> None:
    found = _turns([2 * math.pi / 5 * k for k in (1, 2, -1, 1, 4, 1)] + [0.7])
    result = assemble(found, tuple(range(7)), _held_out(), {})
    assert result.order == 5
    assert result.group == "C_5 on vectors of dimension 2"
    assert "steps of 1.2566 radian (2π/5 is 1.2566)" in result.evidence
    assert "random angles would fit an order as small with probability" in result.evidence
    torch.testing.assert_close(result.generators[0].abs().max().item(), 2 * math.pi / 5)
    assert result.in_consensus == (True,) * 6 + (False,)
    assert result.agreement == pytest.approx(6 / 7)
    assert result.notes == ()


def test_whole_coefficients_without_a_finite_group() -> None:
    result = assemble(_turns([0.4, 0.5, 0.9, 1.3, 2.2, 0.7]), tuple(range(6)), _held_out(), {})
    assert result.order is None
    assert result.group.startswith("SO(2)")
    assert len(result.notes) == 1
    assert result.notes[0].startswith("Coefficients were whole numbers, but what the seeds found")


def test_what_the_data_leave_open_is_removed_from_seeds_and_truth() -> None:
    q = torch.randn(40, 2, generator=torch.Generator().manual_seed(0))
    both = torch.block_diag(TURN[0], TURN[0])  # type: ignore[no-untyped-call]
    held_out = Samples(
        torch.cat([q, -q], dim=1)[:, None],
        torch.arange(40),
        Representation.parse("V4"),
        truth=both[None],
    )
    open_part = 3 * torch.randn(6, 4, 2, generator=torch.Generator().manual_seed(1))
    seeds = (both + torch.cat([open_part, open_part], dim=2))[:, None]
    result = assemble(Discovery(seeds, torch.ones(4, 4)), tuple(range(6)), held_out, {})
    assert result.agreement == 1.0
    assert result.cosine_to_truth() == pytest.approx(1.0)
    assert result.group.startswith("SO(2)")
    torch.testing.assert_close(result.seed_generators[0], result.seed_generators[5])
    assert result.notes == (
        "The data span less than their space, so they determine only 8 of the 16 free entries "
        "of a generator: of all generators that do the same to the data, the smallest one is "
        "shown.",
    )


def test_targets_that_are_vectors_determine_generators_as_well() -> None:
    """States on a line, forces across the plane: a rotation moves both."""
    flat, across = torch.randn(2, 40, 2, generator=torch.Generator().manual_seed(0))
    flat[:, 1] = 0
    states = Samples(flat[:, None], torch.arange(40), Representation.parse("V2"))
    found = Discovery(TURN[None].repeat(3, 1, 1, 1), torch.ones(2, 2))
    alone = assemble(found, (0, 1, 2), states, {})
    assert torch.equal(alone.seed_generators[0, 0], torch.tensor([[0.0, 0.0], [-1.0, 0.0]]))
    forces = replace(
        states, targets=1e-6 * across, target_representation=Representation.parse("V2")
    )
    both = assemble(found, (0, 1, 2), forces, {})
    assert torch.equal(both.seed_generators[0, 0], TURN[0].double())
    assert not any("span less than their space" in note for note in both.notes)


def _four_fold(n: int, continuous: bool = False) -> Samples:
    states = torch.randn(n, 1, 2, generator=torch.Generator().manual_seed(n))
    angle = torch.atan2(states[..., 1], states[..., 0])
    targets = states.norm(dim=-1) if continuous else torch.cos(4 * angle)
    return Samples(
        states,
        torch.arange(n),
        Representation.parse("V2"),
        targets,
        Representation.parse("S"),
    )


def test_targets_tell_the_order_of_a_finite_group() -> None:
    found = _turns([math.pi / 2 + 0.02, -math.pi / 2, 2 * math.pi + 1.55, 0.9])
    result = assemble(found, (0, 1, 2, 3), _four_fold(500), {}, reference=_four_fold(4000))
    assert result.order == 4
    assert result.group.startswith("C_4")
    assert "as much harder to predict as most turns do" in result.evidence
    assert result.in_consensus == (True, True, True, False)


def test_where_all_turns_are_alike_there_is_no_finite_group() -> None:
    found = _turns([math.pi / 2] * 4)
    held_out, reference = _four_fold(500, continuous=True), _four_fold(4000, continuous=True)
    result = assemble(found, (0, 1, 2, 3), held_out, {}, reference=reference)
    assert result.order is None
    assert result.notes[0].startswith("Coefficients were whole numbers, but")


def test_a_continuous_group_that_the_targets_do_not_have_is_remarked_on() -> None:
    found = Discovery(_turns([0.5] * 3).generators, torch.ones(2, 2))
    result = assemble(found, (0, 1, 2), _four_fold(500), {}, reference=_four_fold(4000))
    assert result.order is None
    assert result.notes == (
        "The targets of unseen rows tell that only turns by multiples of 2π/4 of this plane leave "
        "them exactly as they are; the continuous group is a symmetry at most nearly.",
    )


def test_of_seeds_with_surplus_what_they_have_in_common_is_found() -> None:
    rng = torch.Generator().manual_seed(0)
    other = torch.randn(6, 1, 2, 2, generator=rng)
    seeds = torch.cat([TURN.expand(6, 1, 2, 2), other], dim=1)
    found = Discovery(seeds, torch.ones(2, 2), surplus=True)
    result = assemble(found, tuple(range(6)), _held_out(), {})
    assert result.generators.shape == (1, 2, 2)
    assert result.group.startswith("SO(2)")
    assert result.agreement == 1
    assert result.notes == (
        "Each seed had 2 generators to fill; shown is what the seeds have in common.",
    )
    one = assemble(Discovery(seeds[:1], torch.ones(2, 2), surplus=True), (0,), _held_out(), {})
    assert one.generators.shape == (2, 2, 2)
    assert one.notes[0].startswith("How many generators there are is told by what several seeds")
