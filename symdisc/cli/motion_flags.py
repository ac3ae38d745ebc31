"""Flags that equations and forecasts share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from symdisc.use.running import Request

Run = Annotated[Path, typer.Argument(help="Folder of a run.")]
Space = Annotated[
    str | None,
    typer.Option("--in", metavar="data|latent", help="Coordinates; those the group acts in."),
]
Form = Annotated[
    str | None,
    typer.Option(metavar="cartesian|polar", help="By default polar where a plane is turned."),
]
Degree = Annotated[
    int | None, typer.Option(help="Of the polynomials, 3 by default; of r² in polar form, 4.")
]
Functions = Annotated[
    str | None,
    typer.Option("--library", help="Functions instead, e.g. 'polynomial(2) + exponential'."),
]
Threshold = Annotated[
    float | None, typer.Option(help="Share of the velocity below which terms go; 0.05.")
]
Symmetry = Annotated[
    str | None,
    typer.Option(metavar="exact|soft|none", help="How far equations are held to the group."),
]
Derivative = Annotated[
    str | None,
    typer.Option(metavar="jacobian|differences", help="How latent velocities are told."),
]
TimeStep = Annotated[
    float | None, typer.Option(help="Time between two states; that of the run's data set.")
]
Data = Annotated[
    str | None, typer.Option(help="Trajectories: a data set or a file; by default the run's own.")
]


def request(data: str | None, time_step: float | None, **options: Any) -> Request:
    """What the flags ask for; those that were not given are left open.

    Raises:
        OptionError: Lists every wrong value.
    """
    from symdisc.options import parse_options
    from symdisc.use.motion import MotionOptions
    from symdisc.use.running import Request

    given = {name: value for name, value in options.items() if value is not None}
    return Request(parse_options(MotionOptions, given, "equations"), data, time_step)
