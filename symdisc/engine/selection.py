"""Choosing among the states of a stage by its criterion on validation rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext
from symdisc.engine.module_state import tensors_of
from symdisc.engine.streams import untouched
from symdisc.errors import BrokenComponentError
from symdisc.interfaces import Criterion, EnsembleModule

MOST_ROWS = 4096
"""Validation rows that a criterion is given, at most [1]."""


@final
@dataclass(frozen=True)
class SelectionSettings:
    """When a stage is looked at and what follows from it.

    Attributes:
        evaluate_every: Steps between two evaluations; ``None`` for none at all.
        keep: What a seed ends with: its last state, or the one with the least criterion.
        patience: Evaluations in a row that improve no seed, after which the stage ends.
    """

    evaluate_every: int | None = None
    keep: Literal["last", "best"] = "last"
    patience: int | None = None


@final
class Selection:
    """The least criterion of each seed so far, and the state it belongs to.

    Args:
        criterion: Lower is better; see :class:`symdisc.interfaces.IterativeStage`.
        modules: What is trained.
        context: The run; it has validation rows.
        settings: When to look and what to keep.
        name: Name of the stage, for messages.
        prepare: Makes of samples what the criterion sees; ``None``: they are as they should be.
    """

    def __init__(
        self,
        criterion: Criterion,
        modules: Mapping[str, EnsembleModule],
        context: RunContext,
        settings: SelectionSettings,
        name: str,
        prepare: Callable[[Samples], Samples] | None = None,
    ) -> None:
        self._criterion = criterion
        self._modules = modules
        self._context = context
        self._settings = settings
        self._name = name
        rows = _spread_out(context.validation)
        self._rows = rows if prepare is None else prepare(rows)
        self._n_seeds = len(context.seeds)
        self.best = torch.full((self._n_seeds,), torch.inf)
        self.best_step = torch.full((self._n_seeds,), -1)
        self.waited = 0
        self._kept: dict[str, dict[str, Tensor]] = {}

    @property
    def exhausted(self) -> bool:
        """Whether the patience is at its end."""
        return self._settings.patience is not None and self.waited >= self._settings.patience

    def look(self, step: int) -> Tensor:
        """Evaluate the present state, ``(E,)``; what improved is remembered."""
        with torch.no_grad(), untouched(self._context):
            values = self._criterion(self._rows, self._modules)
        if values.shape != (self._n_seeds,):
            raise BrokenComponentError(
                f"the criterion of stage {self._name!r} must return shape ({self._n_seeds},), one "
                f"value a seed; it returned {tuple(values.shape)}"
            )
        values = values.detach().cpu().float()
        better = values < self.best  # never true for NaN
        self.waited = 0 if bool(better.any()) else self.waited + 1
        self.best = torch.where(better, values, self.best)
        self.best_step = torch.where(better, step, self.best_step)
        if self._settings.keep == "best":
            self._keep(better)
        return values

    def finish(self) -> None:
        """Put the best state of each seed in place, if that is what is kept."""
        for name, kept in self._kept.items():
            tensors = tensors_of(self._modules[name])
            for key, values in kept.items():
                tensors[key].data.copy_(values)

    def summary(self) -> dict[str, list[float | None]]:
        """Least criterion of each seed, ``None`` where none was finite, and its step."""
        finite = self.best.isfinite().tolist()
        return {
            "criterion": [
                round(value, 6) if ok else None
                for value, ok in zip(self.best.tolist(), finite, strict=True)
            ],
            "step": self.best_step.tolist(),
        }

    def state(self) -> dict[str, Any]:
        """For a checkpoint."""
        return {
            "best": self.best,
            "best_step": self.best_step,
            "waited": self.waited,
            "kept": self._kept,
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Go on where :meth:`state` was."""
        self.best, self.best_step = state["best"], state["best_step"]
        self.waited = state["waited"]
        device = self._context.device
        self._kept = {
            name: {key: tensor.to(device) for key, tensor in kept.items()}
            for name, kept in state["kept"].items()
        }

    def _keep(self, better: Tensor) -> None:
        for name, module in self._modules.items():
            kept = self._kept.setdefault(name, {})
            for key, tensor in tensors_of(module).items():
                if tensor.shape[:1] != (self._n_seeds,):
                    _refuse_parameter(name, key, tensor)
                    continue  # a buffer that all seeds share, such as a mask
                now = tensor.detach()
                chosen = better.to(now.device).reshape(-1, *[1] * (now.ndim - 1))
                kept[key] = torch.where(chosen, now, kept[key]) if key in kept else now.clone()


def _refuse_parameter(name: str, key: str, tensor: Tensor) -> None:
    if isinstance(tensor, torch.nn.Parameter):
        raise BrokenComponentError(
            f"run.keep = 'best' needs parameters with one slice a seed, but {key!r} of {name!r} "
            f"has shape {tuple(tensor.shape)}; use run.keep = 'last'"
        )


def _spread_out(validation: Samples | None) -> Samples:
    """At most :data:`MOST_ROWS` rows, evenly spaced."""
    if validation is None:
        raise LookupError("this run has no validation rows")
    count = min(MOST_ROWS, len(validation))
    index = torch.linspace(0, len(validation) - 1, count, device=validation.states.device).long()
    return validation.rows(index)
