"""``symdisc forecast``: how long equations of motion tell the future of held-out trajectories."""

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


def forecast(
    run: Run,
    horizon: Annotated[
        float | None,
        typer.Option(help="Time to forecast; by default as long as the held-out data last."),
    ] = None,
    space: Space = None,
    form: Form = None,
    degree: Degree = None,
    library: Functions = None,
    threshold: Threshold = None,
    symmetry: Symmetry = None,
    derivative: Derivative = None,
    time_step: TimeStep = None,
    data: Data = None,
) -> None:
    """Forecast held-out trajectories of RUN by equations of motion and write its report again.

    The equations are learned as by `symdisc equations`, solved from the first state of each
    held-out trajectory, and decoded. Errors over time are kept in RUN/forecast.csv.
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
    from symdisc.use.running import forecast_of_run

    motion, errors = forecast_of_run(run, asked, horizon, default_host())
    typer.echo(motion.text())
    typer.echo(
        f"Relative error of {errors.n_trajectories} forecasts over {float(errors.times[-1]):g} "
        f"units of time: mean {errors.overall:.3g}, at the end {float(errors.mean[-1]):.3g} "
        "(forecasting the mean has about 1)"
    )
    typer.echo(f"Report: {run / 'report.html'}")
