"""Do many members at once give what each gives alone?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from symdisc.engine.ensemble import Ensemble, Stackable
from symdisc.engine.module_state import tensors_of
from symdisc.testing.conformance import ConformanceError, attempting, require, require_close
from symdisc.testing.tolerances import ENSEMBLE


def check_ensemble(
    members: Sequence[nn.Module], *arguments: Tensor | None, method: str = "forward"
) -> None:
    """An ensemble must give what each of its members gives alone.

    Values are compared, and gradients with respect to all parameters and to the arguments that
    are floating point.

    Args:
        members: E modules of one class, deterministic (call ``eval()`` on those with dropout).
        *arguments: What the method takes, with a leading dimension E.
        method: Which method to call.

    Raises:
        ConformanceError: Says what differs and by how much.

    Example::

        members = [MyModule() for _ in range(3)]
        check_ensemble(members, torch.randn(3, 8, 2))
    """
    ensemble = Ensemble(members)
    name = type(members[0]).__name__
    together = _evaluate(
        f"{name}.{method} in an ensemble",
        lambda inputs: ensemble.call(method, *inputs),
        ensemble.body,
        arguments,
    )
    what = f"{name}.{method} of an ensemble ({ensemble.strategy})"
    _compare(what, members, together, arguments, method)


def check_stacked(
    members: Sequence[nn.Module], *arguments: Tensor | None, method: str = "forward"
) -> None:
    """A module's own ``stack`` must give what each member gives alone.

    Args:
        members: E modules of one class that offers ``stack``, deterministic.
        *arguments: What the method takes, with a leading dimension E.
        method: Which method to call.

    Raises:
        ConformanceError: There is no ``stack``, its parameters have other names or shapes,
            values or gradients differ by more than 1e-5, or a tensor cannot be written to, as
            it is when a run goes on.

    Example::

        members = [MLPDiscriminator(options, shapes) for _ in range(3)]
        check_stacked(members, torch.randn(3, 8, 1, 4))
    """
    first = members[0]
    name = f"{type(first).__name__}.stack"
    if not isinstance(first, Stackable):
        raise ConformanceError(f"{type(first).__name__} offers no 'stack'")
    with attempting(name):
        body = first.stack(members)
    _check_names(name, members, body)
    _check_memory(name, body)
    together = _evaluate(
        f"{method} after {name}", lambda inputs: _call(body, method, inputs), body, arguments
    )
    _compare(f"{name}, {method}", members, together, arguments, method)


@dataclass(frozen=True)
class _Evaluation:
    """A value and its gradients by the name of what they belong to."""

    value: Tensor
    gradients: dict[str, Tensor]


def _evaluate(
    what: str,
    run: Callable[[Sequence[Tensor | None]], Tensor],
    module: nn.Module,
    arguments: Sequence[Tensor | None],
) -> _Evaluation:
    inputs = [_tracked(argument) for argument in arguments]
    with attempting(what):
        value = run(inputs)
    wanted: dict[str, Tensor] = {
        f"parameter {name!r}": p for name, p in module.named_parameters() if p.requires_grad
    }
    for place, x in enumerate(inputs):
        if x is not None and x.requires_grad:
            wanted[f"argument {place}"] = x
    if not value.requires_grad or not wanted:
        return _Evaluation(value, {})
    with attempting(f"the gradient of {what}"):
        # sin: a weight for each entry that does not depend on where in the ensemble it stands.
        gradients = torch.autograd.grad(
            value.sin().sum(), list(wanted.values()), allow_unused=True, materialize_grads=True
        )
    return _Evaluation(value, dict(zip(wanted, gradients, strict=True)))


def _compare(
    what: str,
    members: Sequence[nn.Module],
    together: _Evaluation,
    arguments: Sequence[Tensor | None],
    method: str,
) -> None:
    for i, member in enumerate(members):
        own = [None if argument is None else argument[i] for argument in arguments]
        alone = _evaluate(f"{type(member).__name__}.{method}", _caller(member, method), member, own)
        require(
            together.value.shape[:1] == (len(members),),
            f"{what}: shape {tuple(together.value.shape)} lacks the leading dimension "
            f"{len(members)} of the members",
        )
        require_close(together.value[i], alone.value, ENSEMBLE, f"{what} against member {i} alone")
        require(
            set(together.gradients) == set(alone.gradients),
            f"{what}: gradients for {sorted(together.gradients)} instead of "
            f"{sorted(alone.gradients)}",
        )
        for name, gradient in alone.gradients.items():
            require_close(
                together.gradients[name][i],
                gradient,
                ENSEMBLE,
                f"{what} against member {i} alone, gradient of {name}",
            )


def _check_names(name: str, members: Sequence[nn.Module], body: nn.Module) -> None:
    expected = {key: (len(members), *p.shape) for key, p in members[0].named_parameters()}
    found = {key: tuple(p.shape) for key, p in body.named_parameters()}
    require(
        found == expected,
        f"{name}: the parameters must be those of a member with a leading dimension "
        f"{len(members)}: {expected}; got {found}",
    )


def _check_memory(name: str, body: nn.Module) -> None:
    expanded = [
        key
        for key, tensor in tensors_of(body).items()
        if any(step == 0 and n > 1 for step, n in zip(tensor.stride(), tensor.shape, strict=True))
    ]
    require(
        not expanded,
        f"{name}: {', '.join(expanded)} repeat numbers without memory of their own; use repeat or "
        "torch.stack instead of expand",
    )


def _caller(module: nn.Module, method: str) -> Callable[[Sequence[Tensor | None]], Tensor]:
    return lambda inputs: _call(module, method, inputs)


def _call(module: nn.Module, method: str, inputs: Sequence[Tensor | None]) -> Tensor:
    result: Tensor = getattr(module, method)(*inputs)
    return result


def _tracked(argument: Tensor | None) -> Tensor | None:
    if argument is None or not argument.is_floating_point():
        return argument
    return argument.detach().clone().requires_grad_()
