"""Equations of motion of a result: which coordinates, which form, and how they are learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import torch
from torch import Tensor

from symdisc.algebra.invariant_form import invariant_form
from symdisc.errors import DataError, OptionError
from symdisc.fields.reading import library
from symdisc.latent_space import in_latent_coordinates
from symdisc.options import Field, Options
from symdisc.result_action import ArrayT, like, to_tensor
from symdisc.result_invariants import state_fields
from symdisc.use.cartesian import Cartesian, fit_cartesian
from symdisc.use.polar import (
    Polar,
    fit_polar,
    measured_rates,
    polar_error,
    polar_steps,
    turned_plane,
)
from symdisc.use.recordings import Recordings
from symdisc.use.soft import apart, fit_soft
from symdisc.use.velocities import Derivative, velocities
from symdisc.verify.within_total import kept_radius_form

if TYPE_CHECKING:
    import sympy

    from symdisc.result import SymmetryResult

CARTESIAN_DEGREE, POLAR_DEGREE = 3, 4
"""Degrees where none is given: of the polynomials, and of ω in r²."""


class MotionOptions(Options):
    """How equations of motion are looked for."""

    space: Literal["data", "latent"] | None = Field(
        None, description="Coordinates of the equations; null: those in which the group acts"
    )
    form: Literal["cartesian", "polar"] | None = Field(
        None, description="null: polar where the group turns a plane, else cartesian"
    )
    degree: int | None = Field(
        None, ge=0, le=12, description="Degree of the polynomials; null: 3, or of r² in polar 4 [1]"
    )
    library: str | None = Field(
        None,
        description="Functions of a cartesian equation, e.g. 'polynomial(2) + exponential'; null: "
        "polynomials of that degree",
    )
    threshold: float = Field(
        0.05,
        ge=0,
        lt=1,
        description="Terms of less than this share of the velocity are left out [1]",
    )
    symmetry: Literal["exact", "soft", "none"] | None = Field(
        None,
        description="exact: equations commute with the group; soft: as nearly as data let them; "
        "none: plain sparse regression; null: exact where the group acts, else none",
    )
    derivative: Derivative | None = Field(
        None, description="Latent velocities: jacobian, dz = J dx, or differences; null: jacobian"
    )


@dataclass(frozen=True, eq=False)
class Motion:
    """Equations of motion, how well they tell velocities that they were not learned from.

    Attributes:
        system: The equations.
        space: The coordinates they are in: ``"data"`` or ``"latent"``.
        error: Root mean square error of held-out velocities over their root mean square [1].
        time_step: Time between two states that they were learned from.
        group: The group that they commute with; ``""`` where none was asked for.
        nearly: Whether they commute only as nearly as the data let them.
        rates: Radii and angular velocities of held-out steps, ``(B, 2)``, in polar form.
    """

    system: Cartesian | Polar
    space: Literal["data", "latent"]
    error: float
    time_step: float
    group: str
    nearly: bool = False
    rates: Tensor | None = None

    def __call__(self, points: ArrayT) -> ArrayT:
        """Velocities at points ``(..., d)``, numpy or torch, in their kind and type."""
        return like(self.system.velocity(to_tensor(points, "points")), points)

    def equations(self, digits: int = 3) -> list[sympy.Eq]:
        """The equations of sympy, in functions of t."""
        return self.system.equations(digits)

    def latex(self, digits: int = 3) -> list[str]:
        """The equations as LaTeX."""
        import sympy

        return [sympy.latex(equation) for equation in self.equations(digits)]

    def text(self, digits: int = 3) -> str:
        """The equations, what their symbols mean and how good they are."""
        where = "learned coordinates" if self.space == "latent" else "the data's coordinates"
        held = "nearly taken" if self.nearly else "taken"
        which = f", {held} to themselves by {self.group}" if self.group else ""
        head = f"Equations of motion in {where}{which}:"
        error = f"error of held-out velocities: {100 * self.error:.2g} %"
        lines = [*self.system.lines(digits), *self.system.definitions(), error]
        return "\n".join([head, *(f"  {line}" for line in lines)])


def equations_of_motion(
    result: SymmetryResult, recordings: Recordings, options: MotionOptions | None = None
) -> Motion:
    """Learn equations of motion from trajectories.

    Args:
        result: What was found.
        recordings: Trajectories of the data.
        options: How they are looked for.

    Raises:
        DataError: The result has no such coordinates, no plane that turns, or no group to hold
            the equations to; or pysindy is not installed.
        OptionError: Options contradict each other, or the library is none.
    """
    choice = _resolved(result, options or MotionOptions())
    if choice.form == "polar":
        return _polar(result, recordings, choice)
    return _cartesian(result, recordings, choice)


def acting(result: SymmetryResult) -> Literal["data", "latent"]:
    """The coordinates in which the group acts."""
    return "data" if result.latent is None else "latent"


def _resolved(result: SymmetryResult, options: MotionOptions) -> MotionOptions:
    """The options with what was left open; what is wrong with them is listed."""
    space = options.space or acting(result)
    if space == "latent" and result.latent is None:
        raise DataError(
            "there are no learned coordinates: these generators act on the data themselves; ask "
            "for --in data"
        )
    away = space != acting(result)
    cartesian = options.library or options.symmetry in ("soft", "none") or away
    open_form = "polar" if not cartesian and _turns(result) else ""
    form: Literal["cartesian", "polar"] = options.form or ("polar" if open_form else "cartesian")
    problems = [text for wrong, text in _contradictions(options, form, away) if wrong]
    if problems:
        raise OptionError("\n".join(problems))
    degree = options.degree
    if degree is None:
        degree = POLAR_DEGREE if form == "polar" else CARTESIAN_DEGREE
    symmetry = options.symmetry or ("none" if away else "exact")
    if symmetry != "none":
        _check_group(result)
    return options.model_copy(
        update={"space": space, "form": form, "degree": degree, "symmetry": symmetry}
    )


def _contradictions(options: MotionOptions, form: str, away: bool) -> list[tuple[bool, str]]:
    polar = form == "polar"
    return [
        (
            polar and options.symmetry in ("soft", "none"),
            f"--form polar is for an exact symmetry, which --symmetry {options.symmetry} gives up; "
            "give one of them",
        ),
        (
            away and options.symmetry in ("exact", "soft"),
            f"--symmetry {options.symmetry} needs the coordinates in which the group acts; leave "
            "out --in data",
        ),
        (
            polar and away,
            "--form polar needs the coordinates in which the group acts; leave out --in data",
        ),
        (
            polar and options.library is not None,
            f"--library {options.library!r} is for --form cartesian; polar equations are "
            "polynomials in r², --degree says of which degree",
        ),
        (
            polar and options.derivative is not None,
            f"--derivative {options.derivative} is for --form cartesian; polar equations are "
            "learned from angles between states",
        ),
        (
            options.library is not None and options.degree is not None,
            f"--library {options.library!r} and --degree {options.degree} both choose the "
            "functions; give one of them",
        ),
    ]


def _turns(result: SymmetryResult) -> bool:
    """Whether polar equations can be asked for."""
    shown = in_latent_coordinates(result)
    form = shown.representation
    alone = (form.n_vectors, form.n_scalars, form.dimension, form.grid) == (1, 0, 2, None)
    usable = result.has_consensus and result.order is None and result.fields is None
    if not (alone and usable and len(result.generators) == 1):
        return False
    return kept_radius_form(result.generators[0]) is not None


def _check_group(result: SymmetryResult) -> None:
    """Raise if there is no group that equations could be held to."""
    if not result.has_consensus:
        raise DataError(
            "the seeds do not agree on a group, so that there is none to hold the equations to; "
            "--symmetry none leaves the symmetry out"
        )
    finite = result.order is not None or len(result.generators) == 0
    if finite or in_latent_coordinates(result).representation.grid is not None:
        raise DataError(
            "equations are held to continuous groups that act on coordinates, not to finite groups "
            "or moves of pictures; --symmetry none leaves the symmetry out"
        )


def _polar(result: SymmetryResult, recordings: Recordings, choice: MotionOptions) -> Motion:
    shown = in_latent_coordinates(result)
    if len(result.generators) != 1 or shown.representation.size != 2 or result.fields is not None:
        raise DataError(
            f"polar coordinates are those of one generator that turns a plane; here are "
            f"{len(result.generators)} generators on '{shown.representation}'. Ask for --form "
            "cartesian"
        )
    frame, centre = turned_plane(result.generators[0]), _centre(shown)
    parts = [
        polar_steps([_seen(result, path) for path in paths], frame, centre, recordings.time_step)
        for paths in (recordings.train, recordings.held_out)
    ]
    system = fit_polar(parts[0], frame, centre, choice.degree or 0, choice.threshold)
    error = polar_error(system, parts[1])
    return Motion(
        system,
        acting(result),
        error,
        recordings.time_step,
        _name(result),
        rates=measured_rates(parts[1]),
    )


def _cartesian(result: SymmetryResult, recordings: Recordings, choice: MotionOptions) -> Motion:
    latent = result.latent if choice.space == "latent" else None
    shown = result if latent is None else in_latent_coordinates(result)
    size = shown.representation.size
    names = shown.names or tuple(f"x{i + 1}" for i in range(size))
    functions = library(choice.library or f"polynomial({choice.degree})", size)

    def pairs(paths: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        return velocities(paths, recordings.time_step, latent, choice.derivative or "jacobian")

    if choice.symmetry == "none":
        centre, train = torch.zeros(size, dtype=torch.float64), pairs(recordings.train)
        system = fit_cartesian(*train, functions, choice.threshold, names, centre, None)
    else:
        bare, centre = _without_trace(shown), _centre(shown)
        group = state_fields(replace(bare, centre=None))
        if choice.symmetry == "soft":
            train, choosing = map(pairs, apart(recordings.train))
            system = fit_soft(train, choosing, functions, names, centre, group, _frame(bare))
        else:
            train, frame = pairs(recordings.train), _frame(bare)
            system = fit_cartesian(*train, functions, choice.threshold, names, centre, group, frame)
    error = _missed(system, *pairs(recordings.held_out))
    space: Literal["data", "latent"] = "data" if latent is None else "latent"
    group_name = "" if choice.symmetry == "none" else _name(result)
    soft = choice.symmetry == "soft"
    return Motion(system, space, error, recordings.time_step, group_name, soft)


def _missed(system: Cartesian, points: Tensor, speeds: Tensor) -> float:
    """Error of velocities over their size, both as root mean squares [1]."""
    missed = (system.velocity(points) - speeds).square().mean().sqrt()
    return float(missed / speeds.square().mean().sqrt())


def _name(result: SymmetryResult) -> str:
    """The group without what it acts on."""
    return result.group.partition(" on ")[0]


def _centre(shown: SymmetryResult) -> Tensor:
    """From where the group counts coordinates, ``(size,)``."""
    size = shown.representation.size
    if shown.centre is None:
        return torch.zeros(size, dtype=torch.float64)
    return shown.centre.double().cpu()


def _without_trace(shown: SymmetryResult) -> SymmetryResult:
    """The result with rotations as such: one found from data has a trace that is nearly zero.

    What a rotation commutes with is more than what a spiral does.
    """
    if shown.fields is not None:
        return shown
    matrices = shown.generators
    traces = matrices.diagonal(dim1=-2, dim2=-1).mean(-1)
    bare = matrices - traces[:, None, None] * torch.eye(matrices.shape[-1], dtype=matrices.dtype)
    turns = torch.tensor([kept_radius_form(matrix) is not None for matrix in matrices])
    return replace(shown, generators=torch.where(turns[:, None, None], bare, matrices))


def _frame(shown: SymmetryResult) -> Tensor | None:
    """Coordinates ``(size, size)`` of a state in which rotations turn circles."""
    form = None if shown.fields is not None else invariant_form(shown.generators, shown.blocks)
    n, size = shown.representation.dimension, shown.representation.size
    if form is None or not form.is_kept or form.signature != (n, 0):
        return None
    one = torch.linalg.cholesky(form.matrix * n**0.5).mT
    frame = torch.eye(size, dtype=torch.float64)
    for start in range(0, shown.representation.n_moving, n):
        frame[start : start + n, start : start + n] = one
    return frame


def _seen(result: SymmetryResult, path: Tensor) -> Tensor:
    return path if result.latent is None else result.latent.encode(path)
