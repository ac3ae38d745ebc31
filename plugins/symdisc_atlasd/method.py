"""AtlasD (Bhat, Park, Yang, Dehmamy, Walters, Yu: arXiv:2504.10777): the method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, final

from symdisc.data.samples import Samples
from symdisc.interfaces import Artifacts, Discovery, LocalMethod, Stage
from symdisc.options import Options
from symdisc_atlasd.algebra_stage import AlgebraStage
from symdisc_atlasd.atlas import Atlas
from symdisc_atlasd.chart_stage import ChartStage, check_fields
from symdisc_atlasd.claim import Claim
from symdisc_atlasd.coset_stage import CosetStage
from symdisc_atlasd.moments import NOTE, Moments
from symdisc_atlasd.options import DEFAULT, LOCAL, PAPER, AtlasDOptions
from symdisc_atlasd.predictor_stage import NetworkStage, OracleStage


@final
class AtlasD(LocalMethod):
    """Elements g of a linear group under which a trained predictor Φ is equivariant.

    Φ is trained first. Then generators L learn by the error |Φ(g x) − g Φ(x)| with
    g = exp(Σ z_i L_i), and representatives h of cosets by the same error with g = h, from many
    starts at once (arXiv:2504.10777, section 4).
    """

    Options: ClassVar[type[Options]] = AtlasDOptions
    uses: ClassVar[Mapping[str, str]] = {
        "group": "cosets",
        "coefficients": "normal",
        "oracle": "network",
    }
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "default": DEFAULT,
        "local": LOCAL,
        "paper": PAPER,
    }
    short_names: ClassVar[Mapping[str, str]] = {
        "n_generators": "group.n_generators",
        "predictor": "method.predictor",
    }
    citation: ClassVar[str] = """@inproceedings{bhat2025atlasd,
  title     = {AtlasD: Automatic Local Symmetry Discovery},
  author    = {Bhat, Manu and Park, Jonghyun and Yang, Jianke and Dehmamy, Nima and
               Walters, Robin and Yu, Rose},
  booktitle = {International Conference on Machine Learning},
  year      = {2025},
  eprint    = {2504.10777},
  archiveprefix = {arXiv}
}"""

    def __init__(self, options: AtlasDOptions) -> None:
        self._options = options

    def stages(self) -> Sequence[Stage]:
        """The predictor, the Lie algebra, the cosets."""
        options = self._options
        return [_first_stage(options), AlgebraStage(options), CosetStage(options)]

    def parts(self, samples: Samples) -> Samples:
        """Moments of the patches of all charts, in the local form."""
        charts, form = self._options.charts, samples.representation
        if charts is None:
            return samples
        check_fields(samples)
        return Moments(Atlas.of(charts, self._options.radius, form), form.n_vectors).of(samples)

    @property
    def parts_are(self) -> str:
        """Patches, in the local form."""
        return "" if self._options.charts is None else "patches"

    def discovery(self, artifacts: Artifacts) -> Discovery:
        """What the predictor of each seed is equivariant under."""
        claim = Claim.of(
            artifacts["generators"],
            artifacts["errors"],
            artifacts["representatives"],
            artifacts["representative_errors"],
            self._options.tolerance,
            artifacts.get("unexplained"),
        )
        return Discovery(
            generators=claim.generators,
            mask=artifacts["mask"],
            blocks=artifacts["blocks"],
            discrete=artifacts["discrete"],
            # Of several, the test on further rows leaves out those that are symmetries nearly only.
            surplus=artifacts["surplus"] and claim.generators.shape[1] > 1,
            representatives=claim.representatives,
            notes=claim.notes if self._options.charts is None else (*claim.notes, NOTE),
            doubt=claim.doubt,
        )


def _first_stage(options: AtlasDOptions) -> Stage:
    if options.charts is not None:
        return ChartStage(options)
    return OracleStage() if options.predictor == "oracle" else NetworkStage(options)
