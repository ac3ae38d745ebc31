"""The suite of discriminators, on good ones and on ones that break one promise each."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes, Discriminator
from symdisc.options import Options
from symdisc.testing import ConformanceError, check_discriminator
from symdisc_basics.discriminators import MLPDiscriminator


class Good(Discriminator):
    """Everything else in this file differs from it in one place."""

    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.n_classes = shapes.n_classes
        inputs = shapes.steps * shapes.size + shapes.n_targets + shapes.n_classes
        self.network = nn.Sequential(nn.Linear(inputs, 8), nn.Tanh(), nn.Linear(8, 1))

    def inputs(self, x: Tensor, y: Tensor | None) -> Tensor:
        if y is None:
            return x.flatten(1)
        targets = nn.functional.one_hot(y, self.n_classes) if self.n_classes else y
        return torch.cat([x.flatten(1), targets.to(x.dtype)], dim=1)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        logits: Tensor = self.network(self.inputs(x, y)).squeeze(1)
        return logits


class WithDropoutAndNormalisation(Good):
    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.network.insert(1, nn.Dropout(0.5))
        self.network.insert(1, nn.BatchNorm1d(8))


class SpectralNorm(Good):
    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        nn.utils.parametrizations.spectral_norm(self.network[0])


class ColumnOfLogits(Good):
    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        return super().forward(x, y).unsqueeze(1)


class SqueezesSingleSamples(Good):
    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        return super().forward(x, y).squeeze()


class NotFinite(Good):
    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        return super().forward(x, y) / 0


class DetachedInput(Good):
    def inputs(self, x: Tensor, y: Tensor | None) -> Tensor:
        return super().inputs(x.detach(), y)


class Detached(Good):
    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        return super().forward(x, y).detach()


class UnusedParameter(Good):
    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.spare = nn.Linear(2, 2)


class InfiniteGradient(Good):
    def inputs(self, x: Tensor, y: Tensor | None) -> Tensor:
        return super().inputs(x - (x - x.detach()).abs().sqrt(), y)


class MeanOfBatch(Good):
    def inputs(self, x: Tensor, y: Tensor | None) -> Tensor:
        return super().inputs(x - x.mean(0), y)


class WantsMoreSamples(Good):
    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        if len(x) < 2:
            raise ValueError("more than one sample, please")
        return super().forward(x, y)


class CannotBeBuilt(Good):
    def __init__(self, options: Options, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        raise KeyError("labels")


class WrongStack(Good):
    @staticmethod
    def stack(members: Any) -> nn.Module:
        class Stacked(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.network = nn.Sequential(*[nn.Module() for _ in range(3)])
                for name, parameter in members[0].named_parameters():
                    path, _, leaf = name.rpartition(".")
                    values = torch.stack([parameter.detach()] * len(members))
                    setattr(self.get_submodule(path), leaf, nn.Parameter(values))

            def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
                rows = members[0].inputs(x.flatten(0, 1), None if y is None else y.flatten(0, 1))
                layers: Any = self.network
                first, _, last = layers
                hidden = rows.reshape(*x.shape[:2], -1) @ first.weight.mT + first.bias[:, None]
                logits: Tensor = hidden.tanh() @ last.weight.mT + last.bias[:, None]
                return logits.squeeze(-1)

        return Stacked()


@pytest.mark.parametrize("component", [Good, WithDropoutAndNormalisation, SpectralNorm])
def test_ordinary_modules_pass(component: type[Any]) -> None:
    check_discriminator(component)


@pytest.mark.parametrize("options", [{}, {"width": 8, "depth": 1}])
def test_the_built_in_passes(options: dict[str, Any]) -> None:
    check_discriminator(MLPDiscriminator, options)


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (
            ColumnOfLogits,
            r"ColumnOfLogits for 1 state\(s\) of 'V4': the logits of 5 sample\(s\) "
            r"must have shape \(5,\); got \(5, 1\)",
        ),
        (SqueezesSingleSamples, r"logits of 1 sample\(s\) must have shape \(1,\); got \(\)"),
        (NotFinite, "the logits of 5 sample.s. must be finite"),
        (DetachedInput, "no gradient reaches input 'x'"),
        (Detached, "the result is cut off from the gradients"),
        (UnusedParameter, "no gradient reaches parameter 'spare.weight', parameter 'spare.bias'"),
        (InfiniteGradient, "gradients that are not finite at input 'x'"),
        (MeanOfBatch, "logits of samples in a batch against each sample by itself: they differ by"),
        (WantsMoreSamples, "forward raised ValueError: more than one sample, please"),
        (CannotBeBuilt, r"building CannotBeBuilt for 1 state\(s\) of 'V4' raised KeyError"),
        (WrongStack, r"WrongStack.forward of an ensemble \(stacked\) against member 1 alone"),
        (nn.Linear, "Linear is no discriminator: it must be a subclass of symdisc.interfaces"),
        (3, "3 is no discriminator: it must be a class, got int"),
    ],
)
def test_broken_promises_are_named(component: Any, message: str) -> None:
    with pytest.raises(ConformanceError, match=message):
        check_discriminator(component)


def test_labels_and_targets_are_described() -> None:
    class NoLabels(Good):
        def inputs(self, x: Tensor, y: Tensor | None) -> Tensor:
            return super().inputs(x, y) if y is None or not self.n_classes else x / 0

    with pytest.raises(ConformanceError, match=r"of 'V4', 3 classes: forward raised RuntimeError"):
        check_discriminator(NoLabels)


def test_targets_without_effect_are_noticed() -> None:
    class IgnoresTargets(Good):
        def inputs(self, x: Tensor, y: Tensor | None) -> Tensor:
            return super().inputs(x, None if y is None else torch.zeros_like(y))

    with pytest.raises(ConformanceError, match=r"targets 'V3 \+ S': no gradient reaches input 'y'"):
        check_discriminator(IgnoresTargets)


def test_wrong_options_are_refused() -> None:
    with pytest.raises(OptionError, match=r"unknown option 'discriminator.widht'"):
        check_discriminator(MLPDiscriminator, {"widht": 3})
