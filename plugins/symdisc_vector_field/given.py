"""Symmetries of a function that is there already: a trained network, a fitted estimator."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import metadata
from types import ModuleType
from typing import Any, ClassVar, cast

import numpy as np
import torch
from torch import Tensor, nn

from symdisc import Component, SymmetryResult, discover, hookimpl
from symdisc.data.samples import Samples
from symdisc.errors import DataError, OptionError
from symdisc.fields.derivatives import automatic, finite_differences
from symdisc.interfaces import Oracle
from symdisc.options import Options
from symdisc.plugin_record import ENTRY_POINT_GROUP
from symdisc.registry import PluginHost
from symdisc_vector_field.oracles.estimator import outputs

STEP = 0.01
"""Step of finite differences, over the spread of a coordinate [1]."""

LOOKED_AT = 100
"""Rows on which a function is tried first."""

_NAME = "given"


def discover_in(
    function: Callable[[Tensor], Tensor] | nn.Module | Any,
    data: Any,
    targets: Any = None,
    **settings: Any,
) -> SymmetryResult:
    """Find the symmetry of a function, on data.

    Args:
        function: A torch module or a function of tensors ``(N, d)`` to ``(N, c)``, of any floating
            type, that treats each row by itself: derivatives come from ``torch.func``. Or a fitted
            estimator of scikit-learn: derivatives are finite differences.
        data: As for :func:`symdisc.discover`.
        targets: As there; they serve the test on held-out rows only.
        **settings: As there; the method is ``"vector-field"`` where none is named.

    Returns:
        What was found, with the evidence for it.

    Raises:
        DataError: The function fails on the data, or is not finite there.
        OptionError: It is neither a function nor a fitted estimator.

    Example::

        result = discover_in(net, x, library="affine")
    """
    given = given_oracle(function)

    @hookimpl
    def symdisc_oracles() -> list[Component]:
        return [Component(_NAME, f"{module.__name__}:target", "The function that was given.")]

    module = ModuleType("symdisc_given_oracle")
    vars(module).update(target=given, symdisc_oracles=symdisc_oracles)
    sys.modules[module.__name__] = module
    entry = metadata.EntryPoint(_NAME, module.__name__, ENTRY_POINT_GROUP)
    host = PluginHost([*metadata.entry_points(group=ENTRY_POINT_GROUP), entry])
    try:
        return discover(
            data,
            targets,
            **{"method": "vector-field", **settings, "oracle": f"{_NAME}:{_NAME}", "host": host},
        )
    finally:
        del sys.modules[module.__name__]


def given_oracle(function: Any) -> type[Oracle]:
    """An oracle class whose F is a given function, whatever data it is shown."""
    if isinstance(function, type):
        raise OptionError(f"{function.__name__} is a class; give one of its objects")
    known = callable(function) and not hasattr(function, "predict")
    if not known and not hasattr(function, "predict"):
        raise OptionError(
            f"{type(function).__name__} has no predict(); give a torch module, a function of "
            "tensors, or a fitted estimator of scikit-learn"
        )
    made = {"function": staticmethod(function) if known else function}
    return cast("type[Oracle]", type("Given", (_Module if known else _Fitted,), made))


class _Given(Oracle):
    """What both kinds share: nothing is fitted."""

    Options: ClassVar[type[Options]] = Options
    function: ClassVar[Any]

    def __init__(self, options: Any) -> None:
        self._steps = torch.ones(1, dtype=torch.float64)

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        """See :class:`Oracle`."""
        return "" if len(samples) else "there are no rows"

    def fit(self, x: Tensor, y: Tensor | None, rng: torch.Generator) -> None:
        """See :class:`Oracle`; only the spread of the coordinates is looked at."""
        spread = x.double().std(0, correction=0)
        self._steps = STEP * torch.where(spread > 0, spread, 1.0)
        self._check(x[:LOOKED_AT].double())

    def _check(self, x: Tensor) -> None:
        try:
            values, slopes = self.value(x), self.jacobian(x)
        except Exception as error:
            raise DataError(
                f"the function that was given fails on rows of shape {tuple(x.shape)}: {error}; it "
                "must be fitted, map a tensor (N, d) to (N, c), and treat each row by itself, as a "
                "module does after eval()"
            ) from error
        if values.shape != (len(x), slopes.shape[1]):
            raise DataError(
                f"the function that was given maps rows of shape {tuple(x.shape)} to "
                f"{tuple(values.shape)}; it must give (N, c) or (N,)"
            )
        if not bool(values.isfinite().all() and slopes.isfinite().all()):
            raise DataError("the function given, or a derivative, is not finite on the data")


class _Module(_Given):
    """A function of tensors, with exact derivatives."""

    def value(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        return self._call(x).detach()

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        return automatic(self._call, x)

    def _call(self, x: Tensor) -> Tensor:
        kind = x.dtype
        if isinstance(self.function, nn.Module):
            kind = next((p.dtype for p in self.function.parameters()), kind)
        found: Tensor = self.function(x.to(kind))
        return (found[:, None] if found.ndim == 1 else found).double()


class _Fitted(_Given):
    """An estimator of scikit-learn, with finite differences."""

    derivatives: ClassVar[str] = "finite differences"

    def value(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        if len(x) == 0:
            return self.value(x.new_zeros(1, x.shape[1]))[:0]
        return torch.from_numpy(np.ascontiguousarray(outputs(self.function, x.cpu().numpy())))

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        return finite_differences(self.value, x, self._steps)
