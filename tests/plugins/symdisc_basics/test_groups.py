from __future__ import annotations

from typing import Any

import pytest
import torch

from symdisc.errors import DataError, OptionError
from symdisc.interfaces import DataShapes
from symdisc.options import parse_options
from symdisc.representations import Representation
from symdisc.testing import check_group
from symdisc_basics.groups import LieAlgebra, LieAlgebraOptions

V5 = DataShapes(1, Representation.vector(5))


def group(shapes: DataShapes = V5, **options: Any) -> LieAlgebra:
    return LieAlgebra(LieAlgebraOptions(**options), shapes)


def test_it_passes_the_suite() -> None:
    check_group(LieAlgebra, {"n_generators": 3})


def test_generators_of_images_are_affine() -> None:
    image = DataShapes(1, Representation.image(8, 8))
    check_group(LieAlgebra, {"n_generators": 2}, shapes=[image])
    assert not group(image).generators()[:, 2].any()


def test_a_full_matrix_by_default() -> None:
    full = group()
    assert full.generators().shape == (1, 5, 5)
    assert full.blocks is None
    assert full.mask().eq(1).all()
    assert dict(full.regularizers()) == {}


@pytest.mark.parametrize(
    ("given", "blocks"),
    [
        ([2, 3], ((0, 1), (2, 3, 4))),
        ([2, 2], ((0, 1), (2, 3))),
        ([[0, 3], [4, 1]], ((0, 3), (4, 1))),
    ],
)
def test_blocks_are_sizes_or_coordinates(given: Any, blocks: Any) -> None:
    blocked = group(blocks=given, n_generators=2)
    assert blocked.blocks == blocks
    expected = torch.zeros(5, 5)
    for block in blocks:
        for i in block:
            for j in block:
                expected[i, j] = 1
    assert torch.equal(blocked.mask(), expected)
    assert torch.equal(blocked.generators() != 0, expected.bool().expand(2, 5, 5))


@pytest.mark.parametrize("blocks", [[2, 4], [[0, 5]], [[0, 1], [1, 2]], [[]]])
def test_blocks_that_do_not_fit_are_refused(blocks: Any) -> None:
    message = r"group.blocks does not fit vectors of length 5: .*; give sizes that add up to at "
    with pytest.raises(DataError, match=message + r"most 5, e\.g\. --set 'group\.blocks=\[5\]'"):
        group(blocks=blocks)


@pytest.mark.parametrize("blocks", [[0, 5], [-2, 2]])
def test_blocks_without_coordinates_are_refused(blocks: Any) -> None:
    with pytest.raises(DataError, match="contain an empty group"):
        group(blocks=blocks)


def test_several_vectors_share_one_matrix() -> None:
    assert group(DataShapes(2, Representation(4, 2, 3))).dimension == 2


def test_init_scale_is_the_size_of_the_entries() -> None:
    torch.manual_seed(0)
    large = group(DataShapes(1, Representation.vector(60)), init_scale=2.0)
    assert float(large.generators().detach().std()) == pytest.approx(2.0, rel=0.1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_generators": 0}, r"option 'group\.n_generators' = 0: .* greater than or equal to 1"),
        ({"init_scale": 0}, r"option 'group\.init_scale' = 0: .* greater than 0"),
        ({"blocks": "2,2"}, r"option 'group\.blocks"),
        ({"block": [2]}, r"unknown option 'group\.block'; allowed: .*Did you mean 'blocks'\?"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        parse_options(LieAlgebraOptions, options, "group")


def test_more_generators_than_can_differ() -> None:
    message = (
        r"group\.n_generators = 5: a generator has 4 free entries here, so at most 4 generators"
    )
    with pytest.raises(OptionError, match=message):
        group(blocks=[[1, 2]], n_generators=5)


@pytest.mark.parametrize(
    ("shapes", "options", "expected"),
    [
        (DataShapes(1, Representation.vector(2)), {}, 3),
        (DataShapes(1, Representation.vector(3)), {}, 5),
        (DataShapes(1, Representation(2, 4)), {}, 8),
        (DataShapes(1, Representation.vector(8)), {"blocks": [2, 2, 2, 2]}, 8),
        (DataShapes(1, Representation.vector(4)), {"blocks": [2]}, 3),
        (DataShapes(1, Representation.image(8, 8)), {}, 5),
        (DataShapes(1, Representation.vector(1)), {}, 1),
    ],
)
def test_some_generators_to_spare(
    shapes: DataShapes, options: dict[str, Any], expected: int
) -> None:
    spare = group(shapes, n_generators="auto", **options)
    assert spare.n_generators == expected
    assert len(spare.generators()) == expected
    assert spare.has_surplus
    assert LieAlgebra.stack([spare, spare]).has_surplus
    assert not group(shapes, **options).has_surplus
