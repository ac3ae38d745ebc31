"""The test of generators that act in learned coordinates, on held-out rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from symdisc.data.samples import Samples
from symdisc.interfaces import Verifier
from symdisc.latent_space import LatentSpace, latent_names
from symdisc.representations import Representation
from symdisc.verify.block_scales import unit_scales
from symdisc.verify.decoded_points import MOST_SEEN, DecodedView
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.latent_figures import reconstruction_error
from symdisc.verify.verdict import Verdict
from symdisc.verify.verification import Verification
from symdisc.verify.verifying import verify

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

MOST_WIDE_ROWS = 1000
"""Rows under test where states have many coordinates, since every move of a row is decoded."""


def verify_latent(
    held_out: Samples,
    result: SymmetryResult,
    verifier: Verifier,
    *,
    seed: int,
    options: DefectOptions,
) -> Verification:
    """Test generators of learned coordinates, and judge them together with the coordinates.

    Coordinates that lose more of the data than is allowed make every verdict "not supported": a
    group that acts well on what is left says nothing about the data.

    Args:
        held_out: Rows that took no part in training, on the CPU, in the units of the result.
        result: What was found, with ``latent``.
        verifier: What is tested; one for learned coordinates.
        seed: Seed of all that is random here.
        options: Settings of the test and limits of the verdicts.
    """
    latent = result.latent
    if latent is None:
        raise ValueError("the generators of this result do not act in learned coordinates")
    rows = latent_rows(held_out, latent)
    reason = type(verifier).unsuited(rows)
    if reason:
        defect = RelativeDefect.untested(
            verifier.statement, reason, n_rows=len(rows), alpha=options.alpha
        )
        tested = Verification.of([defect] * len(result.generators), options)
    else:
        if held_out.size > MOST_SEEN:
            most = min(options.max_rows, MOST_WIDE_ROWS)
            options = options.model_copy(update={"max_rows": most})
        scales = unit_scales(held_out)
        view = DecodedView.of(latent.decode, latent.centre, scales, rows.states[:, 0])
        tested = verify(
            rows,
            result.generators,
            result.mask,
            result.blocks,
            verifier,
            seed=seed,
            options=options,
            order=result.order,
            view=view,
        )
    return _judged(tested, _lost(held_out, latent, options.max_rows), options)


def latent_rows(rows: Samples, latent: LatentSpace) -> Samples:
    """The rows as latent points about the centre; their targets are taken as unchanging.

    Args:
        rows: Rows in the units of the latent space, on the CPU.
        latent: Their coordinates.
    """
    codes = latent.encode(rows.states) - latent.centre
    targets = rows.float_targets
    return replace(
        rows,
        states=codes.float(),
        representation=latent.representation,
        target_representation=None if targets is None else Representation.scalars(targets.shape[1]),
        names=latent_names(latent.representation),
        units=(),
        truth=None,
    )


def _lost(held_out: Samples, latent: LatentSpace, most: int) -> float:
    rows = held_out.rows(torch.linspace(0, len(held_out) - 1, min(most, len(held_out))).long())
    codes = latent.encode(rows.states)
    return reconstruction_error(rows, latent.decode(codes).float())


def _judged(tested: Verification, lost: float, options: DefectOptions) -> Verification:
    limit = options.max_reconstruction
    if lost <= limit:
        return tested
    verdict = Verdict(
        "not supported",
        f"encoding and decoding loses {lost:.2g} of the data's variance, at most {limit:g} is "
        "allowed",
    )
    verdicts = (verdict,) * len(tested.verdicts)
    return replace(tested, verdicts=verdicts, overall=verdict)
