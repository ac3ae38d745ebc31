"""``symdisc apply``: move new data by what a run found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from symdisc.errors import OptionError

DEFAULT_OUT = Path("moved.npz")


def apply(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    data: Annotated[str, typer.Argument(help="A data set of `symdisc list dataset`, or a file.")],
    t: Annotated[
        str | None,
        typer.Option("--t", metavar="T", help="Coefficient, or a list: one for each generator."),
    ] = None,
    component: Annotated[
        int | None,
        typer.Option(help="Number of a component, from 0; see result.discrete."),
    ] = None,
    augment: Annotated[
        bool, typer.Option("--augment", help="A random group element for each sample.")
    ] = False,
    scale: Annotated[
        float | None, typer.Option(help="Standard deviation of random coefficients; 1 by default.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of the random coefficients; 0 by default.")
    ] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="OPTION=VALUE", help="data.NAME or dataset.NAME."),
    ] = None,
    out: Annotated[Path, typer.Option(help="File to write.")] = DEFAULT_OUT,
) -> None:
    """Move DATA by the group that RUN found and write states, targets and coefficients.

    DATA are read like those of the run, unless --set says otherwise. Every state of a sample is
    moved, and targets where they transform. Without --augment all samples move by exp(Σ t_i L_i),
    after the matrix of a component where there are several.
    Trajectories are cut into windows of as many states as in the run; with --set data.window=N, N
    the number of all their states, they stay whole.
    """
    _check_flags(t, component, augment, scale, seed)
    if out.suffix != ".npz":
        raise OptionError(f"--out {out} must end in .npz, the form that is written")
    coefficients = None if t is None else _numbers(t)

    from symdisc.applying import move_alike, move_at_random, read_like
    from symdisc.cli.discover import parse_assignments
    from symdisc.registry import default_host
    from symdisc.result import load

    result = load(run)
    samples = read_like(default_host(), result, data, parse_assignments(assignments or []))
    if augment:
        moved = move_at_random(result, samples, 1.0 if scale is None else scale, seed or 0)
    else:
        moved = move_alike(result, samples, coefficients, component)
    moved.write(out)
    typer.echo(f"{out}: {len(samples):,} samples of {data}, moved by {result.group}")


def _check_flags(
    t: str | None, component: int | None, augment: bool, scale: float | None, seed: int | None
) -> None:
    for name, value in (("t", t), ("component", component)):
        if augment and value is not None:
            raise OptionError(
                f"--{name} {value} moves all samples alike and --augment each at random; give one "
                "of them"
            )
    idle = [f"--{name}" for name, value in (("scale", scale), ("seed", seed)) if value is not None]
    if idle and not augment:
        raise OptionError(f"{' and '.join(idle)} set random group elements; add --augment")


def _numbers(text: str) -> float | list[float]:
    import yaml

    try:
        value: Any = yaml.safe_load(text)
        return [float(v) for v in value] if isinstance(value, list) else float(value)
    except (yaml.YAMLError, TypeError, ValueError):
        raise OptionError(
            f"--t {text!r} must be a number or a list of numbers, for instance --t 0.3 or "
            "--t '[0.1, 0.2]'"
        ) from None
