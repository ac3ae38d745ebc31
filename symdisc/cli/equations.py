"""``symdisc equations``: equations of motion in the coordinates of a run."""

from __future__ import annotations

from typing import Annotated

import typer

from symdisc.cli.motion_flags import (
    Data,
    Degree,
    Derivative,
    Form,
    Functions,
    Run,
    Space,
    Symmetry,
    Threshold,
    TimeStep,
    request,
)


def equations(
    run: Run,
    space: Space = None,
    form: Form = None,
    degree: Degree = None,
    library: Functions = None,
    threshold: Threshold = None,
    symmetry: Symmetry = None,
    derivative: Derivative = None,
    time_step: TimeStep = None,
    data: Data = None,
    latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX as well.")] = False,
) -> None:
    """Learn equations of motion from the trajectories of RUN and write its report again.

    Among all sums of the library only those are looked for that the group of RUN takes to
    themselves; a rotation of a plane leaves dr/dt = r ρ(r²) and dθ/dt = ω(r²), where it moves
    along the trajectories dr/dt = 0. Held-out trajectories tell how good they are. They are kept
    in RUN/equations.json.
    """
    asked = request(
        data,
        time_step,
        space=space,
        form=form,
        degree=degree,
        library=library,
        threshold=threshold,
        symmetry=symmetry,
        derivative=derivative,
    )
    from symdisc.registry import default_host
    from symdisc.use.running import equations_of_run

    motion = equations_of_run(run, asked, default_host())
    typer.echo(motion.text())
    for line in motion.latex() if latex else ():
        typer.echo(line)
    typer.echo(f"Report: {run / 'report.html'}")
