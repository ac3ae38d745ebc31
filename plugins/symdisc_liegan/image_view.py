"""How the discriminator sees images: shifted a little, blurred a little, of one scale.

Moving an image interpolates between its pixels, which leaves it smoother than it was. A
discriminator that sees pictures as they are learns to look for that, and the generator learns to
move along rows or columns only, where less is interpolated, whatever the symmetry. So real and
moved images are shifted at random by a fraction of a pixel, in the same resampling as the move,
and blurred, before the discriminator sees them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.linear_action import as_vectors
from symdisc.representations import Representation
from symdisc_liegan.whitening import Whitening


@final
@dataclass(frozen=True)
class ImageView:
    """Blurs images and brings their pixels to mean 0 and variance 1.

    Attributes:
        form: Where the images are in a state.
        blurs: Matrices ``(rows, rows)`` and ``(columns, columns)``.
        mean: Mean of all pixels.
        scale: Standard deviation of all pixels.
        targets: Whitens number targets.
    """

    form: Representation
    blurs: tuple[Tensor, Tensor]
    mean: Tensor
    scale: Tensor
    targets: Whitening

    @classmethod
    def fit(cls, samples: Samples, blur: float) -> Self:
        """The view for these samples, blurred by a normal law of this width [pixel]."""
        form = samples.representation
        if form.grid is None:
            raise ValueError(f"'{form}' holds no images")
        pixels = as_vectors(samples.states, form)
        spread = pixels.std(correction=0)
        return cls(
            form,
            (_blur(form.grid[0], blur, pixels), _blur(form.grid[1], blur, pixels)),
            pixels.mean(),
            torch.where(spread > 0, spread, 1.0),
            Whitening.of_targets(samples),
        )

    def __call__(self, states: Tensor, targets: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Apply to states ``(E, B, steps, size)`` and targets ``(E, B, m)`` or labels."""
        channels = as_vectors(states, self.form)
        images = channels.reshape(*channels.shape[:-1], *(self.form.grid or ()))
        down, across = self.blurs
        seen = (down @ images @ across.mT - self.mean) / self.scale
        joined = torch.cat([seen.flatten(-3), states[..., self.form.n_moving :]], dim=-1)
        return joined, self.targets(states, targets)[1]


def fitted_view(samples: Samples, blur: float) -> Whitening | ImageView:
    """What brings these samples to one scale: images as a whole, anything else by whitening.

    Principal components of images would take the cube of the number of pixels.

    Args:
        samples: What it is fitted to.
        blur: Of images: width of the blur [pixel].
    """
    if samples.representation.grid is None:
        return Whitening.fit(samples)
    return ImageView.fit(samples, blur)


def small_shifts(
    shape: tuple[int, ...], pixels: float, form: Representation, rng: torch.Generator
) -> Tensor:
    """Matrices ``(*shape, 3, 3)`` of shifts, uniform up to ``pixels`` in both directions."""
    if form.grid is None:
        raise ValueError(f"'{form}' holds no images")
    largest = 2 * pixels / max(form.grid)
    shifts = torch.eye(3, device=rng.device).repeat(*shape, 1, 1)
    draw = torch.rand(*shape, 2, generator=rng, device=rng.device)
    shifts[..., :2, 2] = largest * (2 * draw - 1)
    return shifts


def _blur(n: int, width: float, like: Tensor) -> Tensor:
    """Rows of normal weights that add up to 1; the identity for width 0."""
    place = torch.arange(n, dtype=like.dtype, device=like.device)
    if width == 0:
        return torch.diag(torch.ones_like(place))
    weights = torch.exp(-0.5 * ((place[:, None] - place) / width).square())
    return weights / weights.sum(1, keepdim=True)
