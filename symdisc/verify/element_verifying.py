"""The test of the discrete part of a result on held-out rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symdisc.data.samples import Samples
from symdisc.interfaces import Verifier
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.element_tests import ElementTests
from symdisc.verify.relative_defect import element_defects
from symdisc.verify.verdict import verdicts_of

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult


def with_element_tests(
    result: SymmetryResult,
    held_out: Samples,
    verifier: Verifier,
    *,
    seed: int,
    options: DefectOptions,
) -> SymmetryResult:
    """The result with a verdict on each discrete element but the identity.

    P-values of generators and elements are corrected together, after Holm, so that verdicts on
    generators may change as well.

    Args:
        result: What was found, with the test of its generators if it has any.
        held_out: Rows that took no part in training, on the CPU, in the units of the result.
        verifier: What is tested.
        seed: Seed of all that is random here.
        options: Settings of the test and limits of the verdicts.
    """
    part, tested = result.discrete, result.verification
    if part is None or len(part) == 1:
        return result
    defects = element_defects(
        held_out,
        part.representatives[1:],
        result.generators,
        result.mask,
        result.blocks,
        verifier,
        seed=seed,
        options=options,
    )
    verdicts = verdicts_of([*result.defects, *defects], options)[len(result.defects) :]
    return replace(
        result,
        discrete=part.tested(ElementTests(defects, verdicts)),
        verification=None if tested is None else tested.judged_with(defects, options),
    )
