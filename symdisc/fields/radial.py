"""Functions of the distance from the origin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, final

import torch
from torch import Tensor

from symdisc.errors import OptionError
from symdisc.fields.library import Library, Spec

if TYPE_CHECKING:
    import sympy


@final
class Radial(Library):
    """exp(−|x|² / 2w²) for given widths w.

    Args:
        size: The number d of coordinates.
        widths: w, in the unit of the coordinates.

    Raises:
        OptionError: A width is not positive, or there is none.
    """

    def __init__(self, size: int, widths: Sequence[float]) -> None:
        if not widths or not all(0 < width < float("inf") for width in widths):
            given = ", ".join(f"{width:g}" for width in widths)
            raise OptionError(f"radial({given}): give positive widths, for instance radial(0.5, 1)")
        self.size, self.widths = size, tuple(float(width) for width in widths)
        self.degrees = (1,) * len(self.widths)

    def values(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        return torch.exp(-x.square().sum(-1, keepdim=True) * self._rates(x))

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Library`."""
        slopes = -2 * self._rates(x) * self.values(x)
        return slopes[..., None] * x[..., None, :]

    def expressions(self, symbols: Sequence[sympy.Symbol]) -> tuple[sympy.Expr, ...]:
        """See :class:`Library`."""
        import sympy

        square = sympy.Add(*(symbol**2 for symbol in symbols))
        return tuple(sympy.exp(-square / (2 * sympy.Float(width) ** 2)) for width in self.widths)

    @property
    def spec(self) -> Spec:
        """See :class:`Library`."""
        return f"radial({', '.join(repr(width) for width in self.widths)})"

    def _rates(self, x: Tensor) -> Tensor:
        return 1 / (2 * x.new_tensor(self.widths).square())
