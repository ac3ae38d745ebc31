from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import ValidationError, model_validator

from symdisc.errors import OptionError
from symdisc.options import Field, Options, describe_options, option_problems, parse_options


class Example(Options):
    width: int = Field(64, ge=1, description="Units in a layer [1]")
    rate: float = Field(0.001, gt=0, description="Step size [1]")
    loss: Literal["bce", "hinge"] = Field("bce", description="Objective")
    blocks: list[int] | None = Field(None, description="Sizes")


class Demanding(Options):
    path: str = Field(description="Where the file is")


def test_defaults_are_filled_in() -> None:
    options = parse_options(Example, {"width": 8}, "group")
    assert options == Example(width=8)
    assert (options.rate, options.loss, options.blocks) == (0.001, "bce", None)


def test_options_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Example().width = 3  # type: ignore[misc]


def test_unknown_option_gets_a_suggestion_and_the_list() -> None:
    message = (
        r"unknown option 'group\.widht'; allowed: blocks, loss, rate, width\. "
        r"Did you mean 'width'\?"
    )
    with pytest.raises(OptionError, match=message):
        parse_options(Example, {"widht": 3}, "group")


def test_unknown_option_of_a_model_without_options() -> None:
    with pytest.raises(OptionError, match=r"unknown option 'encoder\.width'; allowed: none\."):
        parse_options(Options, {"width": 3}, "encoder")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"width": 0}, r"option 'group\.width' = 0: Input should be greater than or equal to 1"),
        ({"width": "x"}, r"option 'group\.width' = 'x': Input should be a valid integer"),
        ({"loss": "mse"}, r"option 'group\.loss' = 'mse': Input should be 'bce' or 'hinge'"),
        ({"blocks": [2, "a"]}, r"option 'group\.blocks\.1' = 'a': Input should be a valid integer"),
    ],
)
def test_wrong_values_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        parse_options(Example, given, "group")


def test_a_missing_required_option_is_named() -> None:
    with pytest.raises(OptionError, match=r"option 'dataset\.path' = {}: Field required"):
        parse_options(Demanding, {}, "dataset")


class Ordered(Options):
    low: int = Field(0, description="Least [1]")
    high: int = Field(1, description="Most [1]")

    @model_validator(mode="after")
    def _in_order(self) -> Ordered:
        if self.low > self.high:
            raise ValueError(f"low={self.low} is above high={self.high}; give a smaller one")
        return self


def test_what_is_wrong_with_several_options_together_is_said_alone() -> None:
    said = "option 'group': low=3 is above high=1; give a smaller one"
    assert option_problems(Ordered, {"low": 3}, "group") == [said]


def test_all_problems_are_listed_at_once() -> None:
    problems = option_problems(Example, {"width": 0, "rate": -1, "colour": "red"}, "group")
    assert len(problems) == 3
    with pytest.raises(OptionError) as caught:
        parse_options(Example, {"width": 0, "rate": -1, "colour": "red"}, "group")
    assert str(caught.value).splitlines() == problems


def test_no_problem_is_an_empty_list() -> None:
    assert option_problems(Example, {"width": 3}, "group") == []


def test_describe_gives_name_type_default_and_description() -> None:
    assert describe_options(Example) == [
        ("width", "integer", "64", "Units in a layer [1]"),
        ("rate", "number", "0.001", "Step size [1]"),
        ("loss", "bce | hinge", "'bce'", "Objective"),
        ("blocks", "list of integer or null", "None", "Sizes"),
    ]
    assert describe_options(Demanding) == [("path", "string", "required", "Where the file is")]
    assert describe_options(Options) == []
