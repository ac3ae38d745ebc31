"""LaLiGAN (Yang, Dehmamy, Walters, Yu: arXiv:2310.00105): the method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, final

from symdisc.interfaces import Artifacts, Discovery, Latent, Method, Stage
from symdisc.options import Options
from symdisc_laligan.options import PAPER, LaLiGANOptions
from symdisc_laligan.stage import LatentStage


@final
class LaLiGAN(Method):
    """An encoder φ, a decoder ψ and generators L: x' = ψ(g φ(x)) with g = exp(Σ z_i L_i).

    With the preset ``paper``, L and φ play against a discriminator that tells moved latent
    windows from real ones (arXiv:2310.00105, eq. 3). By default they serve one predictor that
    tells the next latent point of real and of moved points: g has to commute with the steps.
    """

    Options: ClassVar[type[Options]] = LaLiGANOptions
    uses: ClassVar[Mapping[str, str]] = {
        "encoder": "mlp",
        "group": "lie-algebra",
        "coefficients": "normal",
        "discriminator": "mlp",
    }
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "default": {
            "run.seeds": 8,
            "run.evaluate_every": 250,
            "run.keep": "best",
            "encoder.width": 64,
            "encoder.activation": "silu",
        },
        "paper": PAPER,
    }
    short_names: ClassVar[Mapping[str, str]] = {
        "n_generators": "group.n_generators",
        "latent_dim": "encoder.latent_dim",
        "steps": "method.steps",
    }
    citation: ClassVar[str] = """@inproceedings{yang2024latent,
  title     = {Latent Space Symmetry Discovery},
  author    = {Yang, Jianke and Dehmamy, Nima and Walters, Robin and Yu, Rose},
  booktitle = {International Conference on Machine Learning},
  year      = {2024},
  eprint    = {2310.00105},
  archiveprefix = {arXiv}
}"""

    def __init__(self, options: LaLiGANOptions) -> None:
        self._options = options

    def stages(self) -> Sequence[Stage]:
        """One stage in which everything is trained."""
        return [LatentStage(self._options)]

    def discovery(self, artifacts: Artifacts) -> Discovery:
        """The generators of every seed, in the coordinates of its own encoder."""
        return Discovery(
            generators=artifacts["generators"],
            mask=artifacts["mask"],
            blocks=artifacts["blocks"],
            notes=tuple(artifacts["notes"]),
            discrete=artifacts["discrete"],
            surplus=artifacts["surplus"],
            latent=Latent(artifacts["encoders"], artifacts["representation"], artifacts["centres"]),
        )
