"""Options of components: one strict pydantic model each, the same for every way to set them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from symdisc.errors import OptionError
from symdisc.suggest import did_you_mean

__all__ = ["Field", "Options", "describe_options", "option_problems", "parse_options"]


class Options(BaseModel):
    """Base of a component's options: unknown keys are refused, values never change.

    Give each field a ``description`` and, where it has one, a unit in square brackets at the
    end of it, for instance ``Field(0.001, description="Step size of Adam [1]")``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=False)


OptionsT = TypeVar("OptionsT", bound=Options)


def option_problems(model: type[Options], given: Mapping[str, Any], where: str) -> list[str]:
    """Everything that is wrong with the given values, one line for each problem.

    Args:
        model: The options model of one component.
        given: Option names and values as the user wrote them.
        where: Prefix of the option's address, e.g. ``"group"`` for ``group.blocks``.
    """
    try:
        model.model_validate(dict(given))
    except ValidationError as error:
        lines = [_problem_line(model, dict(problem), given, where) for problem in error.errors()]
        return list(dict.fromkeys(lines))  # the branches of a union often say the same
    return []


def parse_options(model: type[OptionsT], given: Mapping[str, Any], where: str) -> OptionsT:
    """Check the given values and return the filled-in options.

    Raises:
        OptionError: Lists every problem found, with suggestions for unknown names.
    """
    if problems := option_problems(model, given, where):
        raise OptionError("\n".join(problems))
    return model.model_validate(dict(given))


def describe_options(model: type[Options]) -> list[tuple[str, str, str, str]]:
    """Rows (name, type, default, description) of an options model, for ``symdisc show``."""
    properties = model.model_json_schema().get("properties", {})
    rows = []
    for name, field in model.model_fields.items():
        default = "required" if field.is_required() else repr(field.get_default())
        rows.append((name, _type_text(properties.get(name, {})), default, field.description or ""))
    return rows


def _type_text(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_type_text(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "prefixItems" in schema:
        return f"list of {len(schema['prefixItems'])} {_type_text(schema['prefixItems'][0])}s"
    if schema.get("type") == "array":
        return f"list of {_type_text(schema.get('items', {}))}"
    return str(schema.get("const", schema.get("type", "any")))


def _problem_line(
    model: type[Options], problem: dict[str, Any], given: Mapping[str, Any], where: str
) -> str:
    address = ".".join([where, *_place(problem["loc"], given)])
    if problem["type"] == "extra_forbidden":
        known = sorted(model.model_fields)
        name = str(problem["loc"][-1])
        allowed = ", ".join(known) or "none"
        return f"unknown option {address!r}; allowed: {allowed}.{did_you_mean(name, known)}"
    said = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:  # about several options: the input is all of them, whoever set them
        return f"option {address!r}: {said}"
    return f"option {address!r} = {problem['input']!r}: {said}"


def _place(location: Sequence[str | int], given: Mapping[str, Any]) -> list[str]:
    """Names and positions in what was given; pydantic's names for branches of unions are not."""
    value: Any = given
    place = [str(part) for part in location[:1]]
    for number, part in enumerate(location):
        inside = isinstance(value, Mapping) and part in value
        inside = inside or (isinstance(value, list | tuple) and isinstance(part, int))
        if inside:
            place += [str(part)] if number else []
            value = value[part]
    return place
