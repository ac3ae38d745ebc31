"""Direct sums as LaLiGAN writes them mean the same as in the own words."""

from __future__ import annotations

import re

import pytest
import torch

from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes
from symdisc.representations import Representation
from symdisc_basics.direct_sum import DirectSum, DirectSumOptions
from symdisc_basics.published_parts import is_published, own_parts


def shapes(form: str, steps: int = 1) -> DataShapes:
    return DataShapes(steps, Representation.parse(form))


@pytest.mark.parametrize(
    ("text", "form", "steps", "expected"),
    [
        ("(2,1,2)", "V2", 2, "learned(2, 1)"),
        ("(1,1,2)", "V2", 2, "learned(2, 1)"),
        ("( 2 , 3 , 4 )", "V4", 2, "learned(4, 3)"),
        ("(1,so2);(1,so2)", "V4", 1, "so(2); so(2)"),
        ("(3,so3)", "3*V3", 1, "so(3)"),
        ("(6,so3)", "3*V3", 2, "so(3)"),
        ("(2,1,2);(3)", "V5", 2, "learned(2, 1); trivial(3)"),
        ("(2,1,2);(3)", "V2 + 3*S", 2, "learned(2, 1)"),
        ("(1,so2*r)", "V2", 1, "so(2) + scaling(2)"),
        ("(1,so3+1)", "V4", 1, "so(3); trivial(1)"),
        ("(1,so4)", "V4", 1, "so(4)"),
    ],
)
def test_blocks_are_read(text: str, form: str, steps: int, expected: str) -> None:
    assert is_published(text)
    assert own_parts(text, shapes(form, steps)) == expected


def test_own_words_are_not_taken_for_it() -> None:
    assert not is_published("so(2); learned(2)")


def test_what_cannot_be_read_is_listed_with_what_can() -> None:
    with pytest.raises(OptionError) as raised:
        own_parts("(2,1,2);2,1,2;(1,so5);(a,1,2)", shapes("V2", 2))
    lines = str(raised.value).splitlines()
    assert [line.split("'")[1] for line in lines] == ["2,1,2", "(1,so5)", "(a,1,2)"]
    assert all("(components, generators, dimension)" in line for line in lines)
    assert all("so2, so2*r, so3, so3+1, so4" in line for line in lines)


def test_another_number_of_components_is_told() -> None:
    message = (
        "'(3,1,2)' has 3 components, but a sample has 2 states of 1 vectors that share a group "
        "element; write 2 (or 1, those of one state)"
    )
    with pytest.raises(OptionError, match=re.escape(message)):
        own_parts("(3,1,2)", shapes("V2", 2))


def test_the_group_is_the_same() -> None:
    published = DirectSum(DirectSumOptions(parts="(2,so2);(2,so2)"), shapes("V4", 2))
    own = DirectSum(DirectSumOptions(parts="so(2); so(2)"), shapes("V4", 2))
    torch.testing.assert_close(published.generators(), own.generators(), rtol=0, atol=0)
    assert published.blocks == own.blocks
