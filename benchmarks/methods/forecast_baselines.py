"""What forecasts in learned coordinates are compared with: other ways to tell the same data."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from symdisc.fields.reading import library
from symdisc.use.cartesian import Cartesian, fit_cartesian
from symdisc.use.recordings import Recordings
from symdisc.use.velocities import velocities

THRESHOLD = 0.05
STEPPER_STEPS, STEPPER_BATCH = 6000, 512


def sindy(data: Recordings, functions: str) -> Cartesian:
    """Sparse regression of raw states, without any symmetry.

    Args:
        data: Trajectories.
        functions: Its library, for instance ``"polynomial(2)"``.
    """
    points, speeds = velocities(data.train, data.time_step)
    size = points.shape[1]
    names = tuple(f"x{i + 1}" for i in range(size))
    nowhere = torch.zeros(size, dtype=torch.float64)
    return fit_cartesian(points, speeds, library(functions, size), THRESHOLD, names, nowhere, None)


class Stepper(nn.Module):
    """x at the next step from x, by two hidden layers with about ``parameters`` numbers.

    Args:
        states: ``(N, d)`` states, for their mean and scales.
        changes: ``(N, d)`` from each to the next.
        parameters: How many numbers are trained.
    """

    def __init__(self, states: Tensor, changes: Tensor, parameters: int) -> None:
        super().__init__()
        d = states.shape[1]
        # 2 d w + w² + 2 w + d numbers with width w
        width = round(math.sqrt((d + 1) ** 2 + parameters - d) - (d + 1))
        self.network = nn.Sequential(
            nn.Linear(d, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, d)
        )
        for name, values in (("states", states), ("changes", changes)):
            self.register_buffer(f"{name}_mean", values.mean(0).float())
            self.register_buffer(f"{name}_scale", values.std(0).float())

    def change(self, x: Tensor) -> Tensor:
        """Change until the next step, in units of its standard deviation."""
        found: Tensor = self.network((x - self.states_mean) / self.states_scale)
        return found

    def forward(self, x: Tensor) -> Tensor:
        """The next states ``(N, d)``."""
        return x + self.change(x) * self.changes_scale + self.changes_mean

    @torch.no_grad()
    def forecast(self, starts: Tensor, steps: int) -> Tensor:
        """States ``(R, steps + 1, d)`` float64 from ``starts`` on."""
        states = [starts.float()]
        for _ in range(steps):
            states.append(self(states[-1]))
        return torch.stack(states, dim=1).double()

    states_mean: Tensor
    states_scale: Tensor
    changes_mean: Tensor
    changes_scale: Tensor


def trained_stepper(data: Recordings, parameters: int, seed: int) -> Stepper:
    """A stepper trained on all steps of the training trajectories.

    Args:
        data: Trajectories.
        parameters: How many numbers are trained, about.
        seed: Of its start and of its batches.
    """
    torch.manual_seed(seed)
    states = torch.cat([path[:-1] for path in data.train])
    changes = torch.cat([path.diff(dim=0) for path in data.train])
    stepper = Stepper(states, changes, parameters)
    wanted = ((changes - stepper.changes_mean) / stepper.changes_scale).float()
    optimizer = torch.optim.Adam(stepper.parameters(), 2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPPER_STEPS)
    for _ in range(STEPPER_STEPS):
        rows = torch.randint(len(states), (STEPPER_BATCH,))
        loss = (stepper.change(states[rows].float()) - wanted[rows]).square().mean()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        schedule.step()
    return stepper
