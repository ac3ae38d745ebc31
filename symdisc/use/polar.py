"""Equations of motion in the polar coordinates of a rotation: dr/dt = r ρ(r²), dθ/dt = ω(r²)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from symdisc.errors import DataError
from symdisc.use.regression import NOTHING
from symdisc.use.significant import combination
from symdisc.verify.within_total import kept_radius_form

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, eq=False)
class Polar:
    """The equations that commute with a rotation of a plane, which are all of this form.

    Attributes:
        frame: S, ``(2, 2)`` float64 with determinant ±1: in w = S (z − c) the group turns circles,
            r = |w|, and θ grows as the group turns.
        centre: c, ``(2,)`` float64.
        omega: Coefficients of 1, r², r⁴, … in the angular velocity ω [rad over unit of time].
        rho: Those of the rate ρ at which r grows; all zero where trajectories keep r.
        radii: Smallest and largest r that the equations were learned from.
    """

    frame: Tensor
    centre: Tensor
    omega: Tensor
    rho: Tensor
    radii: tuple[float, float]

    def velocity(self, points: Tensor) -> Tensor:
        """dz/dt at points ``(..., 2)`` float64: ``(..., 2)``."""
        plane = (points - self.centre) @ self.frame.T
        square = plane.square().sum(-1, keepdim=True)
        turned = torch.stack([-plane[..., 1], plane[..., 0]], dim=-1)
        speed = _powers(square, self.rho) * plane + _powers(square, self.omega) * turned
        velocity: Tensor = torch.linalg.solve(self.frame, speed[..., None])[..., 0]
        return velocity

    def radius(self, points: Tensor) -> Tensor:
        """Radii r of points ``(..., 2)``: ``(...)``."""
        found: Tensor = torch.linalg.vector_norm((points - self.centre) @ self.frame.T, dim=-1)
        return found

    def frequency(self, radius: Tensor) -> Tensor:
        """ω at radii ``(...)`` [rad over unit of time]."""
        return _powers(radius.double().square()[..., None], self.omega)[..., 0]

    def equations(self, digits: int = 3) -> list[sympy.Eq]:
        """The equations of r and θ, in functions of t.

        Args:
            digits: Digits of each coefficient.
        """
        import sympy

        time = sympy.Symbol("t", real=True)
        r, theta = (sympy.Function(name, real=True)(time) for name in ("r", "theta"))
        growth, turn = self._sides(r, digits)
        return [
            sympy.Eq(sympy.Derivative(r, time), growth, evaluate=False),
            sympy.Eq(sympy.Derivative(theta, time), turn, evaluate=False),
        ]

    def lines(self, digits: int = 3) -> list[str]:
        """The equations as plain text."""
        import sympy

        sides = self._sides(sympy.Symbol("r", positive=True), digits)
        growth, turn = (sympy.sstr(side, full_prec=False) for side in sides)
        return [f"dr/dt = {growth}", f"dtheta/dt = {turn}"]

    def definitions(self) -> list[str]:
        """What r and θ are."""
        form = self.frame.T @ self.frame
        rows = "; ".join(", ".join(f"{value:.4g}" for value in row) for row in form.tolist())
        centre = ", ".join(f"{value:.4g}" for value in self.centre.tolist())
        return [
            f"r² = (z - c)ᵀ Q (z - c) with Q = [{rows}] and c = ({centre})",
            f"theta grows as the group turns; learned from r = {self.radii[0]:.4g} to "
            f"{self.radii[1]:.4g}",
        ]

    def _sides(self, r: sympy.Symbol, digits: int) -> tuple[sympy.Expr, sympy.Expr]:
        import sympy

        powers = [r ** (2 * j) for j in range(len(self.omega))]
        growth = combination(self.rho.tolist(), powers, digits)
        turn = combination(self.omega.tolist(), powers, digits)
        return sympy.expand(r * growth), turn


def turned_plane(generator: Tensor) -> Tensor:
    """S with which S L S⁻¹ is a multiple of the turn of a plane, ``(2, 2)`` of determinant ±1.

    Args:
        generator: L, ``(2, 2)``; its trace is left out.

    Raises:
        DataError: It turns no plane.
    """
    form = kept_radius_form(generator) if generator.shape == (2, 2) else None
    if form is None:
        raise DataError(
            "polar coordinates are those of one generator that turns a plane; this one, of shape "
            f"{tuple(generator.shape)}, does not. Ask for --form cartesian"
        )
    frame: Tensor = torch.linalg.cholesky(form / torch.linalg.det(form).sqrt()).mT
    turn = frame @ generator.double() @ torch.linalg.inv(frame)
    if turn[1, 0] < turn[0, 1]:
        frame = torch.diag(torch.tensor([1.0, -1.0], dtype=torch.float64)) @ frame
    return frame


@dataclass(frozen=True, eq=False)
class Steps:
    """Steps of trajectories in polar coordinates.

    Attributes:
        square: Mean r² of both ends, ``(P,)``.
        turn: Change of θ over time, ``(P,)``; exact where r is kept, for steps below half a turn.
        growth: Change of log r over time, ``(P,)``.
    """

    square: Tensor
    turn: Tensor
    growth: Tensor


def polar_steps(paths: Sequence[Tensor], frame: Tensor, centre: Tensor, time_step: float) -> Steps:
    """Steps of trajectories ``(T_i, 2)`` of points."""
    starts = torch.cat([path[:-1] for path in paths]) - centre
    ends = torch.cat([path[1:] for path in paths]) - centre
    a, b = starts @ frame.T, ends @ frame.T
    squares = torch.stack([a.square().sum(-1), b.square().sum(-1)]).clamp_min(1e-300)
    angle = torch.atan2(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], (a * b).sum(-1))
    growth = (squares[1] / squares[0]).log() / 2
    return Steps(squares.mean(0), angle / time_step, growth / time_step)


def fit_polar(steps: Steps, frame: Tensor, centre: Tensor, degree: int, threshold: float) -> Polar:
    """Learn ω and ρ by least squares of velocities.

    Args:
        steps: What is learned from.
        frame: S.
        centre: c.
        degree: Highest power of r² in ω and ρ.
        threshold: Where r grows by less than this share of the velocity, dr/dt = 0 [1].
    """
    radius = steps.square.sqrt()
    omega = _fitted(steps.square, steps.turn, degree)
    rho = _fitted(steps.square, steps.growth, degree)
    along = (radius * _powers(steps.square[:, None], omega)[:, 0]).square().mean().sqrt()
    across = (radius * _powers(steps.square[:, None], rho)[:, 0]).square().mean().sqrt()
    if across < threshold * along:
        rho = torch.zeros_like(rho)
    return Polar(frame, centre, omega, rho, (float(radius.min()), float(radius.max())))


def measured_rates(steps: Steps, count: int = 30) -> Tensor:
    """Median radius and angular velocity of steps with like radii, ``(count, 2)`` or fewer."""
    order = steps.square.argsort()
    groups = torch.tensor_split(order, min(count, len(order)))
    return torch.stack(
        [torch.stack([steps.square[g].median().sqrt(), steps.turn[g].median()]) for g in groups]
    )


def polar_error(system: Polar, steps: Steps) -> float:
    """Root mean square error of the velocities of steps, over their root mean square [1]."""
    square = steps.square[:, None]
    turn = _powers(square, system.omega)[:, 0] - steps.turn
    growth = _powers(square, system.rho)[:, 0] - steps.growth
    missed = (steps.square * (turn.square() + growth.square())).sum()
    there = (steps.square * (steps.turn.square() + steps.growth.square())).sum()
    return float((missed / there).sqrt())


def _fitted(square: Tensor, rates: Tensor, degree: int) -> Tensor:
    """Polynomial in r² of rates, weighted as velocities are: by r."""
    unit = square.max()
    columns = (square / unit)[:, None] ** torch.arange(degree + 1)
    weights = square.sqrt()[:, None]
    found = torch.linalg.lstsq(weights * columns, weights * rates[:, None], driver="gelsd").solution
    kept = found[:, 0].abs() > NOTHING * rates.abs().max()
    scaled: Tensor = kept * found[:, 0] / unit ** torch.arange(degree + 1)
    return scaled


def _powers(square: Tensor, coefficients: Tensor) -> Tensor:
    """Σ_j c_j square^j of values ``(..., 1)``: ``(..., 1)``."""
    columns = square ** torch.arange(len(coefficients), device=square.device)
    total: Tensor = (columns * coefficients).sum(-1, keepdim=True)
    return total
