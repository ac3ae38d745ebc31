"""Charts of a picture: places around which patches are cut out and moved."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, final

import torch
from torch import Tensor
from torch.nn.functional import grid_sample

from symdisc.errors import DataError
from symdisc.representations import Representation

LEAST_RADIUS = 6
"""Of patches [pixel]; predictors need some pixels around those that they predict."""


@final
@dataclass(frozen=True)
class Atlas:
    """Square patches of equal size around the centres of C charts.

    A matrix g of two rows moves the plane about the centre of a chart, x along rows and y along
    columns, and carries the field along: the moved field at p is the field at g⁻¹p, interpolated
    bilinearly. What a patch needs from outside of itself is taken from the whole field; beyond
    the border, that of the nearest place on it.

    Attributes:
        centres: Row and column of the centre of each chart [pixel].
        radius: A patch reaches so far from its centre [pixel].
        grid: Rows and columns of the picture.
    """

    centres: tuple[tuple[int, int], ...]
    radius: int
    grid: tuple[int, int]

    @classmethod
    def of(
        cls,
        charts: int | Sequence[tuple[float, float]],
        radius: int,
        representation: Representation,
    ) -> Self:
        """The atlas for these pictures.

        Args:
            charts: How many along each side, evenly spaced; or the places of their centres, down
                and across, as shares of the sides.
            radius: Of a patch [pixel].
            representation: Of a picture.

        Raises:
            DataError: The states are no pictures, or patches reach beyond them.
        """
        if representation.grid is None:
            raise DataError(
                f"method.charts are places on pictures, but a state is '{representation}'; leave "
                "it and --preset local out, or say what is a picture with --representation, e.g. "
                "'G64x64'"
            )
        rows, columns = representation.grid
        if isinstance(charts, int):
            shares = [(2 * i + 1) / (2 * charts) for i in range(charts)]
            charts = list(itertools.product(shares, shares))
        centres = tuple((int(down * rows), int(across * columns)) for down, across in charts)
        beyond = [
            (row, column)
            for row, column in centres
            if min(row, column, rows - 1 - row, columns - 1 - column) < radius
        ]
        if beyond:
            row, column = beyond[0]
            raise DataError(
                f"a patch of radius {radius} pixels around row {row}, column {column} reaches "
                f"beyond a picture of {rows}x{columns} pixels; {_remedy(radius, rows, columns)}"
            )
        return cls(centres, radius, (rows, columns))

    def __len__(self) -> int:
        return len(self.centres)

    def dealt(self, rows: int) -> Tensor:
        """Numbers of the rows of each chart ``(C, R)``: they are dealt in turn.

        Where that does not come out even, the first rows are dealt once more.
        """
        each = -(-rows // len(self))
        return (torch.arange(each * len(self)) % rows).reshape(each, len(self)).T

    def cut(self, fields: Tensor, chart: int, radius: int) -> Tensor:
        """Patches as they are: fields ``(..., rows, columns)`` to ``(..., s, s)``.

        Args:
            fields: The pictures.
            chart: Which chart.
            radius: Of the patch, with s = 2 radius + 1 [pixel].
        """
        row, column = self.centres[chart]
        down = slice(row - radius, row + radius + 1)
        return fields[..., down, column - radius : column + radius + 1]

    def moved(self, fields: Tensor, inverses: Tensor, chart: int, radius: int) -> Tensor:
        """Patches of moved fields.

        Args:
            fields: ``(N, channels, rows, columns)``.
            inverses: g⁻¹ of each, ``(N, 2, 2)``.
            chart: Which chart.
            radius: Of the patch, with s = 2 radius + 1 [pixel].

        Returns:
            ``(N, channels, s, s)``, differentiable in both arguments.
        """
        row, column = self.centres[chart]
        rows, columns = self.grid
        steps = torch.arange(-radius, radius + 1, device=fields.device, dtype=fields.dtype)
        down, across = torch.meshgrid(steps, steps, indexing="ij")
        places = torch.einsum("nij,hwj->nhwi", inverses, torch.stack([across, down], dim=-1))
        # grid_sample measures each side from −1 to 1, between the centres of the outer pixels.
        sides = places.new_tensor([columns - 1, rows - 1])
        centre = places.new_tensor([column, row])
        return grid_sample(
            fields,
            2 * (places + centre) / sides - 1,
            mode="bilinear",
            padding_mode="border",
            align_corners=True,
        )


def _remedy(radius: int, rows: int, columns: int) -> str:
    """What to type where patches do not fit into a picture."""
    most, least = min(rows, columns) // (2 * radius + 1), 2 * LEAST_RADIUS + 1
    if most:
        return f"lower method.radius, or write --set method.charts={most}"
    if min(rows, columns) >= least:
        return f"write --set method.charts=1 --set method.radius={(min(rows, columns) - 1) // 2}"
    return f"the smallest patches have {least}x{least} pixels: give larger pictures"
