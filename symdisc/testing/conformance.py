"""What all conformance suites share: the error, sample shapes, building and comparing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from symdisc.component_check import interface_problems
from symdisc.errors import SymdiscError
from symdisc.interfaces import DataShapes
from symdisc.options import Options, parse_options
from symdisc.representations import Representation

MEMBERS = 3
BATCH = 5

SHAPES = (
    DataShapes(1, Representation.vector(4)),
    DataShapes(2, Representation(2, 2, 1)),
    DataShapes(1, Representation(1, 3), target_representation=Representation(1, 3, 1)),
    DataShapes(1, Representation.vector(4), n_classes=3),
)
"""The data that suites build components for: rows, windows of two states that end in a scalar,
rows with number targets, and rows with class labels."""


class ConformanceError(SymdiscError, AssertionError):
    """A component breaks a promise of its interface; the message says which and how."""


def require(holds: bool, problem: str) -> None:
    """Raise unless ``holds``.

    Raises:
        ConformanceError: With ``problem`` as its message.
    """
    if not holds:
        raise ConformanceError(problem)


def require_close(actual: Tensor, expected: Tensor, tolerance: float, what: str) -> None:
    """Raise unless two tensors agree to ``tolerance``, relative to the largest value (at least 1).

    Raises:
        ConformanceError: Names the shapes, or the largest difference and what is allowed.
    """
    require(
        actual.shape == expected.shape,
        f"{what}: shape {tuple(actual.shape)} instead of {tuple(expected.shape)}",
    )
    if expected.numel() == 0:
        return
    scale = max(1.0, float(expected.detach().abs().max()))
    difference = float((actual.detach().double() - expected.detach().double()).abs().max()) / scale
    require(
        difference <= tolerance,
        f"{what}: they differ by {difference:.2g} relative to the largest value; "
        f"allowed is {tolerance:.2g}",
    )


@contextmanager
def attempting(what: str) -> Iterator[None]:
    """Turn whatever a component raises inside the block into a :class:`ConformanceError`."""
    try:
        yield
    except ConformanceError:
        raise
    except Exception as error:
        raise ConformanceError(f"{what} raised {type(error).__name__}: {error}") from error


def checked_options(kind: str, component: type[Any], options: Mapping[str, Any] | None) -> Options:
    """The component's options, after a look at the class itself.

    Raises:
        ConformanceError: The class cannot serve as a component of this kind.
        OptionError: ``options`` does not fit the component's options model.
    """
    name = getattr(component, "__name__", repr(component))
    if problems := interface_problems(kind, component):
        raise ConformanceError(f"{name} is no {kind}: " + "; ".join(problems))
    model: type[Options] = component.Options
    return parse_options(model, options or {}, kind)


def describe(component: type[Any], shapes: DataShapes) -> str:
    """Component and data, in words for messages."""
    parts = [f"{shapes.steps} state(s) of '{shapes.representation}'"]
    if shapes.target_representation is not None:
        parts.append(f"targets '{shapes.target_representation}'")
    if shapes.n_classes:
        parts.append(f"{shapes.n_classes} classes")
    return f"{component.__name__} for {', '.join(parts)}"


def build_members(component: type[Any], options: Options, shapes: DataShapes) -> list[nn.Module]:
    """One module for each of three seeds, in evaluation mode: no dropout, fixed statistics."""
    members = []
    with attempting(f"building {describe(component, shapes)}"):
        for seed in range(MEMBERS):
            with torch.random.fork_rng():
                torch.manual_seed(seed)
                members.append(component(options, shapes).eval())
    return members


def example_inputs(
    shapes: DataShapes, leading: Sequence[int] = (BATCH,)
) -> tuple[Tensor, Tensor | None]:
    """States ``(*leading, steps, size)`` and targets or labels, the same at every call."""
    rng = torch.Generator().manual_seed(20)
    x = torch.randn(*leading, shapes.steps, shapes.size, generator=rng)
    if shapes.n_classes:
        return x, torch.randint(shapes.n_classes, tuple(leading), generator=rng)
    if shapes.n_targets:
        return x, torch.randn(*leading, shapes.n_targets, generator=rng)
    return x, None


def require_finite(values: Tensor, shape: tuple[int, ...], what: str) -> None:
    """Raise unless ``values`` is a finite floating-point tensor of this shape.

    Raises:
        ConformanceError: Says what it is instead.
    """
    require(isinstance(values, Tensor), f"{what} must be a tensor; got {type(values).__name__}")
    require(
        tuple(values.shape) == shape, f"{what} must have shape {shape}; got {tuple(values.shape)}"
    )
    require(values.is_floating_point(), f"{what} must be floating point; got {values.dtype}")
    require(bool(values.isfinite().all()), f"{what} must be finite")


def require_gradients(
    value: Tensor, module: nn.Module, inputs: Mapping[str, Tensor], what: str
) -> None:
    """Raise unless ``value`` depends differentiably on all parameters and all inputs.

    Raises:
        ConformanceError: Names every parameter and input that no gradient reaches.
    """
    parameters = {f"parameter {name!r}": p for name, p in module.named_parameters()}
    wanted = {
        **{name: p for name, p in parameters.items() if p.requires_grad},
        **{f"input {name!r}": x for name, x in inputs.items()},
    }
    if not wanted:
        return
    require(value.requires_grad, f"{what}: the result is cut off from the gradients")
    # Weights that differ, so that nothing cancels, for instance behind a normalisation.
    weights = torch.linspace(0.5, 1.5, value.numel()).reshape(value.shape)
    found = torch.autograd.grad((value * weights).sum(), list(wanted.values()), allow_unused=True)
    missing = [name for name, gradient in zip(wanted, found, strict=True) if gradient is None]
    require(not missing, f"{what}: no gradient reaches {', '.join(missing)}")
    bad = [
        name
        for name, gradient in zip(wanted, found, strict=True)
        if gradient is not None and not gradient.isfinite().all()
    ]
    require(not bad, f"{what}: gradients that are not finite at {', '.join(bad)}")
