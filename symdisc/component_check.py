"""Is the class behind a component what its kind asks for?"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, cast

INTERFACE_OF_KIND = {
    "encoder": "Encoder",
    "group": "GroupParameterization",
    "discriminator": "Discriminator",
    "coefficients": "CoefficientDistribution",
    "method": "Method",
    "dataset": "Dataset",
    "kernel": "KernelBackend",
    "logger": "Logger",
    "verifier": "Verifier",
    "oracle": "Oracle",
    "problem": "Problem",
}


def interface_of(kind: str) -> type[Any]:
    """The abstract class that components of this kind subclass."""
    from symdisc import interfaces

    return cast("type[Any]", getattr(interfaces, INTERFACE_OF_KIND[kind]))


def interface_problems(kind: str, target: object) -> list[str]:
    """Why ``target`` cannot serve as a component of this kind; empty if it can."""
    interface = interface_of(kind)
    if not inspect.isclass(target):
        return [f"it must be a class, got {type(target).__name__}"]
    if not issubclass(target, interface):
        return [f"it must be a subclass of symdisc.interfaces.{interface.__name__}"]
    return [*_missing_methods(target), *_missing_attributes(interface, target), *_options(target)]


def _missing_methods(target: type[Any]) -> Iterator[str]:
    for name in sorted(getattr(target, "__abstractmethods__", ())):
        yield f"it does not implement {name!r}"


def _missing_attributes(interface: type[Any], target: type[Any]) -> Iterator[str]:
    for name, annotation in inspect.get_annotations(interface).items():
        if str(annotation).startswith("ClassVar") and not hasattr(target, name):
            yield f"it lacks the class attribute {name!r}: {annotation}"


def _options(target: type[Any]) -> Iterator[str]:
    from symdisc.options import Options, describe_options

    model = getattr(target, "Options", Options)
    if not (inspect.isclass(model) and issubclass(model, Options)):
        yield "its attribute 'Options' must be a subclass of symdisc.options.Options"
        return
    try:
        describe_options(model)
    except Exception as error:  # pydantic raises many types here, third-party fields any type
        yield f"its options cannot be described: {type(error).__name__}: {error}"
