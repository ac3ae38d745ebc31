"""The learned coordinates of a result on disk: tensors by name, everything else as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from symdisc.interfaces import DataShapes
from symdisc.latent_space import LatentSpace
from symdisc.registry import PluginHost
from symdisc.representations import Representation

PREFIX = "latent."
"""What the names of tensors begin with."""

_OWN = ("centre", "codes", "trajectories", "mean", "scales")
_NETWORK = f"{PREFIX}encoder."


def latent_tensors(latent: LatentSpace | None) -> dict[str, Tensor]:
    """All its tensors, by the names they are saved under; copies that share no memory."""
    if latent is None:
        return {}
    tensors = {f"{PREFIX}{name}": getattr(latent, name) for name in _OWN}
    tensors |= {f"{_NETWORK}{name}": value for name, value in latent.tensors.items()}
    return {
        name: value.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, value in tensors.items()
    }


def latent_content(latent: LatentSpace | None) -> dict[str, Any] | None:
    """All that is no tensor, for JSON; ``None`` where there are no learned coordinates."""
    if latent is None:
        return None
    shapes, target = latent.shapes, latent.shapes.target_representation
    return {
        "component": latent.component,
        "origin": latent.origin,
        "options": dict(latent.options),
        "shapes": {
            "steps": shapes.steps,
            "representation": str(shapes.representation),
            "target_representation": None if target is None else str(target),
            "n_classes": shapes.n_classes,
        },
        "representation": str(latent.representation),
        "seed": latent.seed,
    }


def read_latent(
    content: Mapping[str, Any] | None, tensors: Mapping[str, Tensor], host: PluginHost | None
) -> LatentSpace | None:
    """Learned coordinates from what was saved; no component is looked up yet.

    Args:
        content: As from :func:`latent_content`.
        tensors: Among others those of :func:`latent_tensors`.
        host: Where the encoder is looked up once it is needed.

    Raises:
        KeyError: Something is missing.
        ValueError: Shapes contradict each other.
    """
    if content is None:
        return None
    representation = Representation.parse(content["representation"])
    own = {name: tensors[f"{PREFIX}{name}"] for name in _OWN}
    shapes = _shapes(content["shapes"])
    fits = (
        own["centre"].shape == (representation.size,)
        and own["codes"].shape[2:] == (representation.size,)
        and own["trajectories"].shape[2:] == (representation.size,)
        and own["mean"].shape == own["scales"].shape == (shapes.size,)
    )
    if not fits:
        raise ValueError("the shapes of its latent tensors contradict each other")
    return LatentSpace(
        content["component"],
        content["origin"],
        content["options"],
        shapes,
        {
            name.removeprefix(_NETWORK): value
            for name, value in tensors.items()
            if name.startswith(_NETWORK)
        },
        representation,
        seed=int(content["seed"]),
        host=host,
        **own,
    )


def _shapes(content: Mapping[str, Any]) -> DataShapes:
    target = content["target_representation"]
    return DataShapes(
        int(content["steps"]),
        Representation.parse(content["representation"]),
        None if target is None else Representation.parse(target),
        int(content["n_classes"]),
    )
