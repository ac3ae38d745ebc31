"""Standardisation: coordinates of unlike units made comparable, in a way that can be undone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.errors import DataError
from symdisc.representations import Representation

How: TypeAlias = Literal["none", "scale", "centre"]


@dataclass(frozen=True, eq=False)
class Standardisation:
    """A change of units, z = (x − centre) / scale, under which generators stay matrices.

    Coordinate j of all vectors of a representation has the same scale, since one generator moves
    them all; vectors of a target have the scales of the states, scalars their own. A generator L'
    of z is the generator S L' S⁻¹ of x, with S = diag(scale of a vector), acting about the centre.

    Attributes:
        how: ``"none"`` leaves everything as it is; ``"scale"`` divides by the root mean square;
            ``"centre"`` subtracts the mean of the states first.
        vector: Scales of the coordinates of a vector ``(n,)`` float64, in their units.
        states: Scales of a state ``(size,)`` float64, in the units of its coordinates.
        targets: Scales of number targets ``(m,)`` float64, or ``None``.
        mean: What is subtracted from a state, ``(size,)`` float64.
    """

    how: How
    vector: Tensor
    states: Tensor
    targets: Tensor | None
    mean: Tensor

    @classmethod
    def of(cls, samples: Samples, how: How) -> Standardisation:
        """Scales and centre of these samples; what is zero throughout has scale 1.

        Targets are never centred: a target vector, such as a force, has an origin of its own.

        Raises:
            DataError: Images are to be standardised.
        """
        form = samples.representation
        _check_no_images(samples, how)
        states = samples.states.flatten(0, 1).double()
        mean = states.mean(0) if how == "centre" else torch.zeros(samples.size).double()
        square = (states - mean).square().mean(0)
        n = form.dimension
        vector = _root(square[: form.n_vectors * n].reshape(form.n_vectors, n).mean(0))
        scalars = _root(square[form.n_vectors * n :])
        of_states = torch.cat([vector.repeat(form.n_vectors), scalars])
        if how == "none":
            vector, of_states = torch.ones_like(vector), torch.ones_like(of_states)
        return cls(how, vector, of_states, _target_scales(samples, vector, how), mean)

    @property
    def changes(self) -> bool:
        """Whether anything is changed."""
        return self.how != "none"

    def centre(self, representation: Representation) -> Tensor | None:
        """The point ``(size,)`` about which the group acts, 0 for scalars; ``None``: the origin."""
        if self.how != "centre":
            return None
        centre = self.mean.clone()
        centre[representation.n_moving :] = 0
        return centre

    def apply(self, samples: Samples) -> Samples:
        """The samples in these units; names and units of the coordinates stay."""
        if not self.changes:
            return samples
        states = ((samples.states.double() - self.mean) / self.states).float()
        targets = samples.targets
        if self.targets is not None and targets is not None:
            targets = (targets.double() / self.targets).float()
        truth = None if samples.truth is None else rescaled(samples.truth, 1 / self.vector)
        return replace(samples, states=states, targets=targets, truth=truth)

    def states_restored(self, states: Tensor) -> Tensor:
        """States ``(..., size)`` in the units of the data."""
        return (states.double() * self.states + self.mean).to(states.dtype)

    def generators_restored(self, generators: Tensor) -> Tensor:
        """Generators ``(..., n, n)`` of the data, S L' S⁻¹."""
        return rescaled(generators, self.vector)


def rescaled(generators: Tensor, scales: Tensor) -> Tensor:
    """Generators S L S⁻¹ ``(..., n, n)`` of coordinates that are multiplied by ``(n,)`` scales."""
    return generators * (scales[:, None] / scales[None, :])


def _check_no_images(samples: Samples, how: How) -> None:
    forms = (samples.representation, samples.target_representation)
    if how != "none" and any(form is not None and form.grid is not None for form in forms):
        raise DataError(
            "images are not standardised: their pixels share one scale; leave standardise out, or "
            "write --set data.standardise=none"
        )


def _target_scales(samples: Samples, vector: Tensor, how: How) -> Tensor | None:
    values, form = samples.float_targets, samples.target_representation
    if values is None or form is None or how == "none":
        return None
    scalars = _root(values[:, form.n_moving :].double().square().mean(0))
    return torch.cat([vector.repeat(form.n_vectors), scalars])


def _root(square: Tensor) -> Tensor:
    return torch.where(square > 0, square.sqrt(), 1.0)
