"""The test of a whole span of generators on held-out rows."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.algebra.spans import orthonormal_basis, unit_scaled
from symdisc.data.samples import Samples
from symdisc.interfaces import Verifier, View
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.relative_defect import relative_defects
from symdisc.verify.verification import Verification
from symdisc_kernels import Blocks


def verify(
    held_out: Samples,
    generators: Tensor,
    mask: Tensor,
    blocks: Blocks | None,
    verifier: Verifier,
    *,
    seed: int,
    options: DefectOptions,
    order: int | None = None,
    view: View | None = None,
) -> Verification:
    """Test generators and random elements of their span, and judge them.

    Args:
        held_out: Rows that took no part in training, on the CPU.
        generators: ``(k, n, n)`` float64, zero outside the mask.
        mask: Entries of a generator that could differ from zero, ``(n, n)``.
        blocks: Index groups between which generators vanish, or ``None``.
        verifier: What is tested.
        seed: Seed of all that is random here.
        options: Settings of the test and limits of the verdicts.
        order: Order of the finite group that is claimed, or ``None``.
        view: What is seen of the rows where these are latent points; else ``None``.
    """
    k = len(generators)
    elements = random_elements(generators, options.n_elements if k > 1 else 0, seed)
    compared = relative_defects(
        held_out,
        torch.cat([generators.double(), elements]),
        mask,
        blocks,
        verifier,
        seed=seed,
        options=options,
        order=order,
        view=view,
    )
    return Verification.of(
        compared.defects[:k],
        options,
        elements=compared.defects[k:],
        references=compared.references,
    )


def random_elements(generators: Tensor, count: int, seed: int) -> Tensor:
    """Elements of a span, evenly distributed in direction: ``(count, n, n)`` of norm 1.

    Args:
        generators: ``(k, n, n)``.
        count: How many to draw.
        seed: Seed of the draw.
    """
    basis = orthonormal_basis(generators.double())
    rng = torch.Generator().manual_seed(seed)
    weights = torch.randn(count, len(basis), generator=rng, dtype=torch.float64)
    return unit_scaled(torch.einsum("ck,kij->cij", weights, basis))
