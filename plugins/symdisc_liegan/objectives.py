"""What the two players optimise: four forms of the adversarial objective.

Every function takes logits ``(E, B)`` and returns one value a seed, ``(E,)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from symdisc.interfaces import Batch, EnsembleModule

Loss = Callable[[Tensor], Tensor]
Name = Literal["cross-entropy", "hinge", "least-squares", "wasserstein"]


@dataclass(frozen=True)
class Objective:
    """One form of the game.

    Attributes:
        real: What the discriminator minimises on real samples.
        fake: What it minimises on moved samples.
        generator: What the generator minimises on moved samples.
        unit: Unit of these values.
        penalised: Whether the discriminator's gradient is held at norm 1.
    """

    real: Loss
    fake: Loss
    generator: Loss
    unit: str = "1"
    penalised: bool = False


OBJECTIVES: dict[Name, Objective] = {
    # Goodfellow et al., Generative Adversarial Nets, NeurIPS 2014: the non-saturating form,
    # −E log D(x), −E log(1 − D(x')) and −E log D(x'), as in LieGAN (arXiv:2302.00236, eq. 4).
    "cross-entropy": Objective(
        real=lambda logits: softplus(-logits).mean(-1),
        fake=lambda logits: softplus(logits).mean(-1),
        generator=lambda logits: softplus(-logits).mean(-1),
        unit="nat",
    ),
    # Lim and Ye, Geometric GAN, arXiv:1705.02894.
    "hinge": Objective(
        real=lambda logits: relu(1 - logits).mean(-1),
        fake=lambda logits: relu(1 + logits).mean(-1),
        generator=lambda logits: -logits.mean(-1),
    ),
    # Mao et al., Least Squares Generative Adversarial Networks, ICCV 2017, with a = 0, b = c = 1.
    "least-squares": Objective(
        real=lambda logits: (logits - 1).square().mean(-1),
        fake=lambda logits: logits.square().mean(-1),
        generator=lambda logits: (logits - 1).square().mean(-1),
    ),
    # Gulrajani et al., Improved Training of Wasserstein GANs, NeurIPS 2017.
    "wasserstein": Objective(
        real=lambda logits: -logits.mean(-1),
        fake=lambda logits: logits.mean(-1),
        generator=lambda logits: -logits.mean(-1),
        penalised=True,
    ),
}


def gradient_penalty(
    discriminator: EnsembleModule, real: Batch, fake: Batch, rng: torch.Generator
) -> Tensor:
    """Mean of (‖∇D‖ − 1)² at random points between real samples and their moved versions.

    Gulrajani et al., Improved Training of Wasserstein GANs (NeurIPS 2017), eq. 3. Number targets
    are mixed like states; class labels stay.

    Args:
        discriminator: D, for all seeds.
        real: States ``(E, B, steps, size)`` and targets, if any.
        fake: The same samples moved.
        rng: Source of the random places.

    Returns:
        ``(E,)``, differentiable in the parameters of the discriminator.
    """
    share = torch.rand(real.states.shape[:2], generator=rng, device=rng.device)
    states = _between(real.states, fake.states, share)
    targets, inputs = real.targets, [states]
    if targets is not None and fake.targets is not None and targets.is_floating_point():
        targets = _between(targets, fake.targets, share)
        inputs.append(targets)
    logits = discriminator.forward(states, targets)
    gradients = torch.autograd.grad(logits.sum(), inputs, create_graph=True)
    squares = [gradient.flatten(2).square().sum(-1) for gradient in gradients]
    # The root has no derivative at 0, where a discriminator may well be flat.
    norms = (torch.stack(squares).sum(0) + 1e-12).sqrt()
    return (norms - 1).square().mean(-1)


def _between(real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    weight = share.reshape(*share.shape, *[1] * (real.ndim - 2))
    return torch.lerp(real, fake.detach(), weight).requires_grad_()
