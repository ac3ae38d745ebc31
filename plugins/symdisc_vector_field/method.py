"""Methods that solve for vector fields along which a function of the data stays the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, final

import torch
from torch import Tensor

from symdisc.fields.defect_spectrum import DefectSpectrum
from symdisc.fields.vector_fields import VectorFields
from symdisc.interfaces import Artifacts, Discovery, FieldClaim, Method, Stage
from symdisc.options import Options
from symdisc_vector_field.options import LIEGG, LIESD, LINEAR, SHAW, VectorFieldOptions
from symdisc_vector_field.stage import FieldStage, Found, notes

_USES: Mapping[str, str] = {"oracle": "polynomial"}
_SHORT: Mapping[str, str] = {
    "n_generators": "method.n_generators",
    "library": "method.library",
}
_SHAW = """@inproceedings{shaw2024symmetry,
  title     = {Symmetry Discovery Beyond Affine Transformations},
  author    = {Shaw, Ben and Magner, Abram and Moon, Kevin R.},
  booktitle = {Advances in Neural Information Processing Systems},
  year      = {2024}
}"""
_LIEGG = """@inproceedings{moskalev2022liegg,
  title     = {LieGG: Studying Learned Lie Group Generators},
  author    = {Moskalev, Artem and Sepliarskaia, Anna and Sosnovik, Ivan and Smeulders, Arnold},
  booktitle = {Advances in Neural Information Processing Systems},
  year      = {2022},
  eprint    = {2210.04345},
  archiveprefix = {arXiv}
}"""
_LIESD = """@article{hu2025symmetry,
  title   = {Symmetry discovery for different data types},
  author  = {Hu, Lexiang and Li, Yikang and Lin, Zhouchen},
  journal = {Neural Networks},
  year    = {2025},
  doi     = {10.1016/j.neunet.2025.107481}
}"""


class _FieldMethod(Method):
    """What the methods share: one stage, and how its result is handed over."""

    Options: ClassVar[type[Options]] = VectorFieldOptions
    uses: ClassVar[Mapping[str, str]] = _USES
    short_names: ClassVar[Mapping[str, str]] = _SHORT

    def __init__(self, options: VectorFieldOptions) -> None:
        self._options = options

    def stages(self) -> Sequence[Stage]:
        """One closed-form stage."""
        return [FieldStage(self._options)]

    def discovery(self, artifacts: Artifacts) -> Discovery:
        """Matrices where the fields are linear, or affine and move images; else fields."""
        found: Found = artifacts["found"]
        claim, told = found.claim, notes(found)
        matrices = plain_matrices(claim)
        if matrices is None or claim.matrices is not None:
            linear = _linear_parts(claim)[None]
            mask, by_flow = torch.ones(linear.shape[2:]), True
        else:
            linear, by_flow = matrices[None], False
            mask = torch.ones(matrices.shape[1:])
            if claim.representation.grid is not None:
                mask[-1] = 0
                if claim.fields.library.spec == LINEAR:
                    mask[:, -1] = 0
        return Discovery(
            linear,
            mask,
            notes=told,
            claim=claim,
            by_flow=by_flow,
            spectrum=DefectSpectrum(
                tuple(found.spectrum.values.tolist()), found.by_gap, found.rule
            ),
            doubt=found.doubt,
        )


@final
class VectorField(_FieldMethod):
    """Fields X with X(F) = 0, or X(F) = Y F where the targets move, by a null space.

    F is an oracle that is fitted to the data. What comes before the gap of the spectrum, is no
    copy h·X, and passes on validation rows is found.

    Reference:
        Shaw, Magner, Moon (NeurIPS 2024); Moskalev et al. (arXiv:2210.04345); Hu, Li, Lin (Neural
        Networks 2025).
    """

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "default": {},
        "affine": {"method.library": "affine"},
        "polynomial": {"method.library": "polynomial(2)"},
        "shaw": SHAW,
        "liegg": LIEGG,
        "liesd": LIESD,
    }
    citation: ClassVar[str] = _SHAW


@final
class Shaw(_FieldMethod):
    """Fields in polynomials of degree 2, by mean absolute values on the Stiefel manifold.

    Reference:
        Shaw, Magner, Moon: Symmetry Discovery Beyond Affine Transformations, NeurIPS 2024.
    """

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "default": SHAW,
        "affine": {**SHAW, "method.library": "affine"},
    }
    citation: ClassVar[str] = _SHAW


@final
class LieGG(_FieldMethod):
    """Matrices under which a trained network is invariant.

    Reference:
        Moskalev, Sepliarskaia, Sosnovik, Smeulders: LieGG, NeurIPS 2022, arXiv:2210.04345.
    """

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "default": LIEGG,
        "images": {**LIEGG, "oracle.width": 128},
    }
    citation: ClassVar[str] = _LIEGG


@final
class LieSD(_FieldMethod):
    """Pairs of matrices under which a trained network is equivariant.

    Reference:
        Hu, Li, Lin: Symmetry discovery for different data types, Neural Networks 2025.
    """

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "default": LIESD,
        "tensor": {**LIESD, "method.output": "tensor"},
    }
    citation: ClassVar[str] = _LIESD


def plain_matrices(claim: FieldClaim) -> Tensor | None:
    """Matrices ``(k, n, n)`` that move vectors, or (x, y, 1) of images, as the fields do."""
    affine = claim.fields.affine_matrices()
    if affine is None or claim.representation.grid is not None:
        return affine
    return affine[:, :-1, :-1] if claim.fields.library.spec == LINEAR else None


def _linear_parts(claim: FieldClaim) -> Tensor:
    """Linear parts ``(k, n, n)`` of fields at the origin; affine ones on the plane of images."""
    fields: VectorFields = claim.fields
    origin = torch.zeros(fields.size, dtype=torch.float64)
    linear = fields.jacobian(origin)
    if claim.representation.grid is None:
        return linear
    moved = torch.cat([linear, fields.values(origin)[..., None]], dim=-1)
    return torch.cat([moved, torch.zeros_like(moved[:, :1])], dim=1)
