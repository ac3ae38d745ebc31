from __future__ import annotations

from typing import Any, ClassVar

import pytest
from pydantic import ConfigDict

from symdisc import interfaces
from symdisc.component_check import interface_of, interface_problems
from symdisc.components import KINDS
from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options


class Whole(Dataset):
    licence: ClassVar[str] = "CC0-1.0"
    description: ClassVar[str] = "Nothing."

    def __init__(self, options: Options) -> None:
        """Nothing to remember."""

    def make(self) -> RawData:
        raise NotImplementedError


class WithoutLicence(Dataset):
    description: ClassVar[str] = "Nothing."

    def __init__(self, options: Options) -> None:
        """Nothing to remember."""


class WithForeignOptions(Whole):
    Options: ClassVar[Any] = dict


class Opaque:
    """No JSON schema can be made of this."""


class OpaqueOptions(Options):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    thing: Opaque = Field(Opaque(), description="Cannot be described")


class WithOpaqueOptions(Whole):
    Options: ClassVar[type[Options]] = OpaqueOptions


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_interface_that_is_abstract(kind: str) -> None:
    interface = interface_of(kind)
    assert interface.__name__ in interfaces.__all__
    assert interface_problems(kind, interface)


def test_a_whole_class_has_no_problem() -> None:
    assert interface_problems("dataset", Whole) == []


def test_everything_missing_is_listed() -> None:
    assert interface_problems("dataset", WithoutLicence) == [
        "it does not implement 'make'",
        "it lacks the class attribute 'licence': ClassVar[str]",
    ]


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        (print, "it must be a class, got builtin_function_or_method"),
        (dict, "it must be a subclass of symdisc.interfaces.Dataset"),
        (
            WithForeignOptions,
            "its attribute 'Options' must be a subclass of symdisc.options.Options",
        ),
    ],
)
def test_wrong_targets_are_named(target: object, problem: str) -> None:
    assert interface_problems("dataset", target) == [problem]


def test_options_that_cannot_be_described_are_a_problem() -> None:
    (problem,) = interface_problems("dataset", WithOpaqueOptions)
    assert problem.startswith("its options cannot be described: PydanticInvalidForJsonSchema: ")
