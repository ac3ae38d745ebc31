from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from symdisc.data.samples import Samples
from symdisc.linear_action import move_by
from symdisc_atlasd.atlas import Atlas
from symdisc_atlasd.moments import Moments
from tests.plugins.symdisc_atlasd.films import films


def moments(samples: Samples, charts: int = 2) -> Moments:
    return Moments(Atlas.of(charts, 7, samples.representation), 1)


def test_there_is_a_row_for_each_patch_and_a_trajectory_for_each_place_of_a_film() -> None:
    samples = films()
    found = moments(samples).of(samples)
    assert str(found.representation) == "4*V2 + 2*S"
    assert str(found.target_representation) == "2*V2 + 4*S"
    assert found.names == ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4", "s1", "s2")
    assert found.states.shape == (4 * len(samples), 1, 10)
    assert len(set(found.trajectory.tolist())) == 4 * 12
    assert torch.equal(found.trajectory[:4], torch.arange(4))


@pytest.mark.parametrize("element", [[[0.0, -1.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, -1.0]]])
def test_they_turn_and_are_reflected_as_patches_are(element: list[list[float]]) -> None:
    samples, matrix = films(), torch.tensor(element)
    first = moments(samples, 1)
    fields = samples.states.reshape(-1, 1, 32, 32)
    inverses = torch.linalg.inv(matrix).expand(len(fields), 2, 2)
    # A field of its own for each patch, which is moved about its middle.
    patches = first.atlas.moved(fields, inverses, 0, 15)
    around = replace(first, atlas=Atlas(((15, 15),), 7, (31, 31)))
    plain = first.atlas.cut(fields, 0, 15)
    moved, still = (
        around.of(of_pictures(values.reshape(len(samples), 2, -1), samples))
        for values in (patches, plain)
    )
    expected = move_by(matrix.expand(len(still), 2, 2), still.states, still.representation)
    torch.testing.assert_close(moved.states, expected, rtol=1e-3, atol=1e-4)
    assert still.targets is not None
    assert still.target_representation is not None
    goal = move_by(matrix.expand(len(still), 2, 2), still.targets, still.target_representation)
    torch.testing.assert_close(moved.targets, goal, rtol=1e-3, atol=1e-4)


def of_pictures(states: torch.Tensor, samples: Samples) -> Samples:
    form = replace(samples.representation, grid=(31, 31))
    return Samples(states, samples.trajectory, form)


def test_of_films_it_is_the_change_that_belongs_to_a_row_and_of_targets_what_they_are() -> None:
    samples = films()
    change = moments(samples).of(samples)
    given = replace(
        samples,
        states=samples.states[:, :1],
        targets=samples.states[:, 1],
        target_representation=samples.representation,
    )
    after = moments(samples).of(given)
    assert change.targets is not None
    assert after.targets is not None
    # The first four numbers are the vectors of u.
    expected = change.states[:, 0, :4] + change.targets[:, :4]
    torch.testing.assert_close(after.targets[:, :4], expected)
    torch.testing.assert_close(after.targets[:, 6:], change.targets[:, 6:])


def test_pictures_alone_have_no_moments_to_be_told() -> None:
    samples = films()
    with pytest.raises(ValueError, match="there is nothing that becomes of the pictures"):
        moments(samples).of(replace(samples, states=samples.states[:, :1]))
