from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.representations import Representation
from symdisc_atlasd.atlas import Atlas

FORM = Representation.image(40, 60)
TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]])


def waves() -> Tensor:
    rows, columns = torch.arange(40.0)[:, None], torch.arange(60.0)
    return torch.stack([(rows / 9).sin() * (columns / 7).cos(), (rows - columns).mul(0.1).sin()])


def test_charts_are_spread_evenly_or_where_they_are_asked_for() -> None:
    assert Atlas.of(2, 6, FORM).centres == ((10, 15), (10, 45), (30, 15), (30, 45))
    given = Atlas.of([(0.5, 0.25)], 6, FORM)
    assert given.centres == ((20, 15),)
    assert len(given) == 1


def test_patches_are_centred_on_their_charts() -> None:
    fields = waves()
    patch = Atlas.of([(0.5, 0.25)], 6, FORM).cut(fields, 0, 3)
    assert patch.shape == (2, 7, 7)
    assert torch.equal(patch[:, 3, 3], fields[:, 20, 15])
    assert torch.equal(patch[:, 0, 6], fields[:, 17, 18])


def test_rows_are_dealt_to_charts_in_turn_and_every_chart_gets_some() -> None:
    assert Atlas.of(2, 6, FORM).dealt(6).tolist() == [[0, 4], [1, 5], [2, 0], [3, 1]]
    assert Atlas.of(2, 6, FORM).dealt(1).tolist() == [[0]] * 4


def test_the_identity_moves_nothing() -> None:
    atlas = Atlas.of(2, 6, FORM)
    fields = waves()[None]
    for chart in range(4):
        moved = atlas.moved(fields, torch.eye(2)[None], chart, 6)
        torch.testing.assert_close(moved, atlas.cut(fields, chart, 6), rtol=0, atol=1e-5)


def test_quarter_turns_and_reflections_move_pixels_onto_pixels() -> None:
    atlas, fields = Atlas.of([(0.5, 0.5)], 6, FORM), waves()[None]
    patch = atlas.cut(fields, 0, 6)
    turned = atlas.moved(fields, torch.linalg.inv(TURN)[None], 0, 6)
    # y points down: a quarter turn takes x to y, which is right to down, clockwise as seen.
    torch.testing.assert_close(turned, patch.rot90(-1, (-2, -1)), rtol=0, atol=1e-5)
    mirrored = atlas.moved(fields, torch.diag(torch.tensor([-1.0, 1.0]))[None], 0, 6)
    torch.testing.assert_close(mirrored, patch.flip(-1), rtol=0, atol=1e-5)


def test_any_matrix_carries_the_field_along() -> None:
    atlas, fields = Atlas.of([(0.5, 0.5)], 6, FORM), waves()[None]
    element = torch.tensor([[1.2, 0.4], [-0.1, 0.9]])
    moved = atlas.moved(fields, torch.linalg.inv(element)[None], 0, 4)
    place = torch.tensor([2.0, -1.0])  # x, y
    x, y = torch.linalg.inv(element) @ place
    expected = math.sin((20 + y) / 9) * math.cos((30 + x) / 7)
    assert moved[0, 0, 4 - 1, 4 + 2].item() == pytest.approx(expected, abs=5e-3)


def test_what_lies_beyond_the_border_is_that_of_the_border() -> None:
    atlas = Atlas.of([(0.2, 0.5)], 6, FORM)
    far = atlas.moved(waves()[None], 9 * torch.eye(2)[None], 0, 6)
    assert far.isfinite().all()
    torch.testing.assert_close(far[0, :, 0, 6], waves()[:, 0, 30], rtol=0, atol=1e-5)


def test_states_that_are_no_pictures_are_refused() -> None:
    message = (
        r"method\.charts are places on pictures, but a state is 'V4'; leave it and --preset local"
    )
    with pytest.raises(DataError, match=message):
        Atlas.of(3, 6, Representation.vector(4))


def test_patches_beyond_the_picture_are_refused() -> None:
    message = (
        r"radius 11 pixels around row 10, column 15 reaches beyond a picture of 40x60 pixels; "
        r"lower method\.radius, or write --set method\.charts=1$"
    )
    with pytest.raises(DataError, match=message):
        Atlas.of(2, 11, FORM)
    assert len(Atlas.of(1, 11, FORM)) == 1


@pytest.mark.parametrize("rows", [13, 14, 15, 16])
def test_what_is_recommended_for_small_pictures_fits(rows: int) -> None:
    form = Representation.image(rows, 30)
    radius = (rows - 1) // 2
    message = rf"write --set method\.charts=1 --set method\.radius={radius}$"
    with pytest.raises(DataError, match=message):
        Atlas.of(3, 8, form)
    assert len(Atlas.of(1, radius, form)) == 1


def test_pictures_without_place_for_any_patch_are_refused() -> None:
    with pytest.raises(DataError, match=r"smallest patches have 13x13 pixels: give larger pict"):
        Atlas.of(1, 6, Representation.image(12, 40))
