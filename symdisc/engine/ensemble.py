"""E copies of a module that behave as one module with a leading ensemble dimension."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar, final, runtime_checkable

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from symdisc.engine.memory import is_out_of_memory
from symdisc.errors import BrokenComponentError
from symdisc.interfaces import EnsembleModule

ModuleT = TypeVar("ModuleT", bound=nn.Module)
Strategy = Literal["stacked", "vmap", "one by one"]


@runtime_checkable
class Stackable(Protocol):
    """A module that offers a faster ensemble form of itself.

    ``stack`` returns a module with the same methods and the same parameter names, every tensor
    with a leading ensemble dimension. :func:`symdisc.testing.check_stacked` compares it with
    the vmapped form.
    """

    @staticmethod
    def stack(members: Sequence[Any]) -> nn.Module:
        """One module for all members."""


@final
class Ensemble(EnsembleModule):
    """Members with stacked parameters, called like one member.

    Every tensor argument and result has a leading dimension E. Three ways to run, tried in
    this order: the module's own ``stack``, ``torch.func.vmap``, and one member after the other
    for modules that cannot be vmapped (``strategy`` and ``reason`` say which and why).

    Args:
        members: E modules of one class, each as its own seed made it.
    """

    def __init__(self, members: Sequence[nn.Module]) -> None:
        super().__init__()
        self.size = len(members)
        self.reason = ""
        self._proven: set[str] = set()
        # In a list, so that the parameters of these copies are not registered a second time.
        self._members = [copy.deepcopy(member) for member in members]
        stackable = isinstance(members[0], Stackable)
        self.strategy: Strategy = "stacked" if stackable else "vmap"
        self.body = members[0].stack(members) if stackable else stack_state(members)  # type: ignore[operator]

    def forward(self, *arguments: Tensor | None) -> Tensor:
        """See :class:`EnsembleModule`."""
        return self.call("forward", *arguments)

    def call(self, method: str, *arguments: Tensor | None) -> Tensor:
        """See :class:`EnsembleModule`."""
        result: Tensor = self._run(method, arguments)
        return result

    def named(self, method: str) -> dict[str, Tensor]:
        """See :class:`EnsembleModule`."""
        return dict(self._run(method, ()))

    def how_it_runs(self) -> dict[str, Any]:
        """Which way of running was found to work, for a checkpoint."""
        return {
            "strategy": self.strategy,
            "reason": self.reason,
            "proven": sorted(self._proven),
        }

    def run_as(self, how: Mapping[str, Any]) -> None:
        """Go on in the way that :meth:`how_it_runs` told: another one would round differently."""
        self.strategy, self.reason = how["strategy"], how["reason"]
        self._proven = set(how["proven"])

    def _run(self, method: str, arguments: Sequence[Tensor | None]) -> Any:
        if self.strategy == "stacked":
            return getattr(self.body, method)(*arguments)
        if self.strategy == "vmap":
            try:
                result = self._vmapped(method, arguments)
                self._proven.add(method)
                return result
            except RuntimeError as error:
                # What worked before can be vmapped: this is something else.
                if method in self._proven or is_out_of_memory(error):
                    raise
                self.strategy, self.reason = "one by one", str(error).splitlines()[0]
        return self._one_by_one(method, arguments)

    def _one_by_one(self, method: str, arguments: Sequence[Tensor | None]) -> Any:
        try:
            results = [self._single(method, i, arguments) for i in range(self.size)]
        except RuntimeError as error:
            if method in self._proven or is_out_of_memory(error):
                raise
            shapes = ", ".join(str(tuple(a.shape[1:])) for a in arguments if a is not None)
            raise BrokenComponentError(
                f"{type(self.prototype).__name__}.{method} fails on arguments of shape "
                f"{shapes or 'none'}: {str(error).splitlines()[0]}"
            ) from error
        self._proven.add(method)
        if isinstance(results[0], Mapping):
            return {name: torch.stack([r[name] for r in results]) for name in results[0]}
        return torch.stack(results)

    def member(self, index: int) -> nn.Module:
        """See :class:`EnsembleModule`."""
        member = copy.deepcopy(self._members[index])
        member.load_state_dict({k: v[index] for k, v in self.body.state_dict().items()})
        return member

    @property
    def prototype(self) -> nn.Module:
        """See :class:`EnsembleModule`."""
        return self._members[0]

    def _state(self) -> dict[str, Tensor]:
        return dict([*self.body.named_parameters(), *self.body.named_buffers()])

    def _vmapped(self, method: str, arguments: Sequence[Tensor | None]) -> Any:
        bound = _Bound(self.body, method)

        def one(state: dict[str, Tensor], *slices: Tensor | None) -> Any:
            return functional_call(bound, state, slices)

        state = {f"module.{name}": value for name, value in self._state().items()}
        in_dims = (0, *(None if argument is None else 0 for argument in arguments))
        return vmap(one, in_dims=in_dims, randomness="different")(state, *arguments)

    def _single(self, method: str, index: int, arguments: Sequence[Tensor | None]) -> Any:
        state = {f"module.{name}": value[index] for name, value in self._state().items()}
        slices = tuple(None if argument is None else argument[index] for argument in arguments)
        return functional_call(_Bound(self.body, method), state, slices)


class _Bound(nn.Module):
    """Makes any method of a module callable through ``functional_call``."""

    def __init__(self, module: nn.Module, method: str) -> None:
        super().__init__()
        self.module = module
        self.method = method

    def forward(self, *arguments: Any) -> Any:
        return getattr(self.module, self.method)(*arguments)


def stack_state(members: Sequence[ModuleT]) -> ModuleT:
    """A copy of the first member whose parameters and buffers are those of all, stacked.

    Also a short way to write :meth:`Stackable.stack` for a module whose methods work with a
    leading dimension of its tensors as they work without.
    """
    body = copy.deepcopy(members[0])
    stacked: dict[nn.Parameter, nn.Parameter] = {}  # one that is used twice stays one
    for path, module in body.named_modules():
        others = [member.get_submodule(path) for member in members]
        for name, parameter in list(module.named_parameters(recurse=False)):
            values = torch.stack([other.get_parameter(name).detach() for other in others])
            fresh = nn.Parameter(values, requires_grad=parameter.requires_grad)
            setattr(module, name, stacked.setdefault(parameter, fresh))
        for name, _ in list(module.named_buffers(recurse=False)):
            module._buffers[name] = torch.stack([other.get_buffer(name) for other in others])
    return body
