"""LieGAN (Yang, Walters, Dehmamy, Yu: arXiv:2302.00236): the method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, final

from symdisc.interfaces import Artifacts, Discovery, Method, Stage
from symdisc.options import Options
from symdisc_liegan.options import DISCRETE, PAPER, SEVERAL, LieGANOptions
from symdisc_liegan.stage import AdversarialStage

_GIVEN = "Every generator was given, so nothing was trained: this run only tests them on the data."


@final
class LieGAN(Method):
    """Generators of the linear group under which the joint law of the data is invariant.

    Generators L and a discriminator D play min_L max_D E log D(x, y) + E log(1 − D(x', y'))
    with x' = exp(Σ z_i L_i) x and random z (arXiv:2302.00236, eq. 4).
    """

    Options: ClassVar[type[Options]] = LieGANOptions
    uses: ClassVar[Mapping[str, str]] = {
        "encoder": "identity",
        "group": "lie-algebra",
        "coefficients": "normal",
        "discriminator": "mlp",
    }
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "default": {},
        "discrete": DISCRETE,
        "several": SEVERAL,
        "paper": PAPER,
    }
    short_names: ClassVar[Mapping[str, str]] = {
        "n_generators": "group.n_generators",
        "steps": "method.steps",
    }
    citation: ClassVar[str] = """@inproceedings{yang2023generative,
  title     = {Generative Adversarial Symmetry Discovery},
  author    = {Yang, Jianke and Walters, Robin and Dehmamy, Nima and Yu, Rose},
  booktitle = {International Conference on Machine Learning},
  year      = {2023},
  eprint    = {2302.00236},
  archiveprefix = {arXiv}
}"""

    def __init__(self, options: LieGANOptions) -> None:
        self._options = options

    def stages(self) -> Sequence[Stage]:
        """One adversarial stage."""
        return [AdversarialStage(self._options)]

    def discovery(self, artifacts: Artifacts) -> Discovery:
        """The generators of every seed; of one, where all of them were given."""
        learned = artifacts["learned"]
        return Discovery(
            generators=artifacts["generators"][: None if learned else 1],
            mask=artifacts["mask"],
            blocks=artifacts["blocks"],
            discrete=artifacts["discrete"],
            surplus=artifacts["surplus"],
            representatives=artifacts["representatives"],
            notes=() if learned else (_GIVEN,),
        )
