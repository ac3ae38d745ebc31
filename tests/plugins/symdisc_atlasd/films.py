"""Films of heat that spreads over a small square, and runs on them."""

from __future__ import annotations

import numpy as np
import torch

from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc_basics.datasets.heat_equation import HeatEquation, HeatEquationOptions

SIZE = 32


def films(n: int = 12, size: int = SIZE) -> Samples:
    """Pairs of pictures, one after the other."""
    options = HeatEquationOptions(size=size, n_trajectories=n, n_states=6, width=1.5)
    states = torch.from_numpy(np.asarray(HeatEquation(options).make().states)).float()
    pairs = torch.stack([states[:, :-1], states[:, 1:]], dim=2)
    return Samples(
        pairs.flatten(0, 1),
        torch.arange(n).repeat_interleave(5),
        Representation.image(size, size),
    )
