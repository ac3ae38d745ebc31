"""The test of a result on held-out rows, whatever its generators act on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symdisc.data.pairs import Pairs
from symdisc.data.samples import Samples
from symdisc.fields.vector_fields import VectorFields
from symdisc.interfaces import FieldClaim, Verifier
from symdisc.registry import PluginHost
from symdisc.verify.choice import AUTOMATIC, choose_verifier
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.field_defect import verify_fields
from symdisc.verify.latent_verifying import latent_rows, verify_latent
from symdisc.verify.support_range import support_range
from symdisc.verify.two_statements import together
from symdisc.verify.verification import Verification
from symdisc.verify.verifying import verify

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

CONDITIONAL = "conditional"
"""The statement on targets, which a function of the states is about as well."""


def verify_result(
    result: SymmetryResult,
    held_out: Samples,
    verifier: Verifier,
    *,
    seed: int,
    options: DefectOptions,
    claim: FieldClaim | None = None,
    doubt: str = "",
) -> Verification | None:
    """Test the generators of a result and random elements of their span, and judge them.

    Args:
        result: What was found; without generators there is nothing to test.
        held_out: Rows that took no part in training, on the CPU, in the units of the result.
        verifier: What is tested, from :func:`verifier_for`.
        seed: Seed of all that is random here.
        options: Settings of the test and limits of the verdicts.
        claim: That a function stays the same along fields, where this is claimed.
        doubt: Why the method itself claims nothing, in words; ``""``: it does.
    """
    if len(result.generators) == 0:
        return None
    if claim is not None:
        tested = _both(result, held_out, verifier, claim, seed, options)
    elif result.latent is not None:
        tested = verify_latent(held_out, result, verifier, seed=seed, options=options)
    else:
        tested = _by_generators(result, held_out, verifier, seed, options)
    return tested.doubted(doubt)


def _by_generators(
    result: SymmetryResult, rows: Samples, verifier: Verifier, seed: int, options: DefectOptions
) -> Verification:
    return verify(
        rows,
        result.generators,
        result.mask,
        result.blocks,
        verifier,
        seed=seed,
        options=options,
        order=result.order,
    )


def _both(
    result: SymmetryResult,
    rows: Samples,
    verifier: Verifier,
    claim: FieldClaim,
    seed: int,
    options: DefectOptions,
) -> Verification:
    """Statement (F) and, of generators that say everything, what else is said of targets.

    That a function stays the same says nothing about the law of the states, so that the
    distributional statement is tested only where it is asked for by name.
    """
    if result.fields is None:
        claim = replace(claim, fields=matrix_fields(result))
    function = verify_fields(claim, Pairs.of(rows), seed=seed, options=options)
    wanted = verifier.statement == CONDITIONAL or options.verifier != AUTOMATIC
    if result.fields is not None or not wanted:
        return function
    data = _by_generators(result, rows, verifier, seed, options)
    return together(function, data, refitted=claim.oracle.quick)


def matrix_fields(result: SymmetryResult) -> VectorFields:
    """The generators as linear fields on one vector, or affine ones on the plane of images."""
    matrices, homogeneous = result.generators, result.representation.grid is not None
    if homogeneous and not bool(result.mask[:-1, -1].any()):
        return VectorFields.of_matrices(matrices[:, :-1, :-1])
    return VectorFields.of_matrices(matrices, homogeneous=homogeneous)


def with_support(result: SymmetryResult, rows: Samples, *, seed: int) -> SymmetryResult:
    """The result with the range over which data extend along its orbits, where there is one.

    A range is no test of the generator, so that rows of the training may tell it as well.

    Args:
        result: What was found.
        rows: Rows on the CPU, in the units of the result.
        seed: Seed of all that is random here.
    """
    if not result.has_consensus or result.order is not None or result.fields is not None:
        return result
    if len(result.generators) == 0:
        return result
    seen = rows if result.latent is None else latent_rows(rows, result.latent)
    found = support_range(seen, result.generators, result.blocks, seed=seed)
    return replace(result, support=found)


def verifier_for(
    host: PluginHost, name: str, result: SymmetryResult, samples: Samples
) -> tuple[Verifier, tuple[str, ...]]:
    """Find the verifier for a result, and notes on why it is not the one that was named.

    What a method learns is known only in the end, and hours of training are not given up for a
    setting: a verifier that tests other actions than those found is replaced.

    Args:
        host: The plugins to choose from.
        name: ``verify.verifier``.
        result: What was found.
        samples: The data.

    Raises:
        OptionError: The verifier that was named cannot test these data.
        UnknownComponentError: There is none of that name.
    """
    latent = result.latent is not None
    if name != AUTOMATIC and host.get("verifier", name).latent != latent:
        acts = "in learned coordinates" if latent else "on the data themselves"
        verifier = choose_verifier(host, AUTOMATIC, samples, latent=latent)
        note = (
            f"verify.verifier = {name!r} does not test actions {acts}; the automatic choice, the "
            f"{verifier.statement} statement, was tested in its place."
        )
        return verifier, (note,)
    return choose_verifier(host, name, samples, latent=latent), ()
