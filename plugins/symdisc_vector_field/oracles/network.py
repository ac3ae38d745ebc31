"""A fully connected network, trained on the data."""

from __future__ import annotations

import itertools
from typing import ClassVar, final

import torch
from torch import Tensor, nn

from symdisc.data.samples import Samples
from symdisc.fields.derivatives import automatic
from symdisc.interfaces import Oracle
from symdisc.options import Field, Options
from symdisc_vector_field.oracles.scaling import Scaling

LEAST_STEPS = 20
"""Steps of training with which a cycle of step sizes makes sense."""


class NetworkOptions(Options):
    """Options of ``network``."""

    width: int = Field(64, ge=1, description="Units of a hidden layer [1]")
    depth: int = Field(2, ge=1, description="Hidden layers [1]")
    epochs: float = Field(60, gt=0, description="Passes over the rows [1]")
    batch_size: int = Field(128, ge=1, description="Rows in a minibatch [1]")
    rate: float = Field(3e-3, gt=0, description="Adam's largest step size, which falls to 0 [1]")
    weight_decay: float = Field(0.0, ge=0, description="Decoupled weight decay [1]")


@final
class Network(Oracle):
    """Layers with the smooth activation x·sigmoid(x); of class labels, log-probabilities.

    It learns squared errors of scaled targets, or cross entropy, with one cycle of step sizes.
    """

    Options: ClassVar[type[Options]] = NetworkOptions

    def __init__(self, options: NetworkOptions) -> None:
        self._options = options

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        """See :class:`Oracle`."""
        return "" if samples.targets is not None or samples.steps > 1 else "there are no targets"

    def fit(self, x: Tensor, y: Tensor | None, rng: torch.Generator) -> None:
        """See :class:`Oracle`."""
        if y is None:
            raise ValueError("a regression needs targets")
        self._labelled = not y.is_floating_point()
        self._scaling = Scaling.of(x)
        outputs = int(y.max()) + 1 if self._labelled else y.shape[1]
        self._targets = None if self._labelled else Scaling.of(y)
        goal = y if self._targets is None else self._targets.apply(y).float()
        with torch.random.fork_rng():
            torch.manual_seed(int(torch.randint(2**31, (1,), generator=rng, device=rng.device)))
            self._net = self._built(x.shape[1], outputs).to(x.device)
        self._train(self._scaling.apply(x).float(), goal, rng)
        self._net.double().requires_grad_(False)

    def value(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        output: Tensor = self._net(self._scaling.apply(x))
        if self._targets is None:
            return output.log_softmax(-1)
        return output * self._targets.scale + self._targets.centre

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        return automatic(self.value, x)

    def _built(self, inputs: int, outputs: int) -> nn.Sequential:
        sizes = [inputs, *[self._options.width] * self._options.depth]
        layers: list[nn.Module] = []
        for fan_in, fan_out in itertools.pairwise(sizes):
            layers += [nn.Linear(fan_in, fan_out), nn.SiLU()]
        return nn.Sequential(*layers, nn.Linear(sizes[-1], outputs))

    def _train(self, x: Tensor, goal: Tensor, rng: torch.Generator) -> None:
        options = self._options
        batch = min(options.batch_size, len(x))
        steps = max(LEAST_STEPS, round(options.epochs * len(x) / batch))
        optimizer = torch.optim.AdamW(
            self._net.parameters(), options.rate, weight_decay=options.weight_decay
        )
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, options.rate, total_steps=steps, pct_start=0.1
        )
        for _ in range(steps):
            rows = torch.randint(len(x), (batch,), generator=rng, device=rng.device).to(x.device)
            output = self._net(x[rows])
            if self._labelled:
                loss = nn.functional.cross_entropy(output, goal[rows])
            else:
                loss = nn.functional.mse_loss(output, goal[rows])
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            schedule.step()
