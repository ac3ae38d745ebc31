from __future__ import annotations

import math
from dataclasses import replace

import torch
from latent_toy import found_in, trajectories

from symdisc.report.words import (
    defect_explained,
    finding,
    power_explained,
    range_explained,
    seeds_explained,
    truth_compared,
    verdict_explained,
)
from symdisc.result import SymmetryResult
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.support_range import SupportRange
from symdisc.verify.verdict import Verdict
from symdisc.verify.verification import Verification


def judged(*defects: RelativeDefect) -> Verification:
    return Verification.of(defects, DefectOptions())


def test_finding(result: SymmetryResult) -> None:
    assert finding(result) == (
        "4 of 6 independently trained seeds found the same family of transformations with "
        "1 parameter, SO(2) on 2 vectors of dimension 2; its relative defect on 2,900 held-out "
        "rows is 0.04 (95 %: 0.00 to 0.11), where 0 is an exact symmetry of the data and 1 is a "
        "transformation picked at random; the verdict is: confirmed."
    )


def test_finding_of_several_generators_names_the_largest_defect(
    full_algebra: SymmetryResult, result: SymmetryResult
) -> None:
    defects = (result.defects[0], replace(result.defects[0], value=0.3, high=0.4))
    text = finding(replace(full_algebra, verification=judged(*defects)))
    assert text.startswith("One trained seed found a family of transformations with 3 parameters")
    assert "its largest relative defect on 2,900 held-out rows is 0.30" in text


def test_finding_without_consensus_claims_nothing(result: SymmetryResult) -> None:
    torn = replace(result, has_consensus=False, in_consensus=(True, True, *[False] * 4))
    assert finding(torn) == (
        "The seeds do not agree: the largest group that found the same has 2 of 6 independently "
        "trained seeds, and half of them would be needed, so nothing is claimed."
    )


def test_finding_without_test(result: SymmetryResult) -> None:
    untested = replace(result, verification=None, interrupted="liegan stopped")
    assert finding(untested).endswith("not tested on held-out rows (liegan stopped).")
    unknown = replace(result.defects[0], value=math.nan, reason="too few rows")
    assert finding(replace(result, verification=judged(unknown))).endswith(
        "on 2,900 held-out rows it could not be tested how well this holds: too few rows."
    )


def test_a_reason_is_given_once(result: SymmetryResult) -> None:
    latent = found_in(trajectories(), "by seed", seeds=4)[0]
    unknown = replace(result.defects[0], value=math.nan, reason="too few rows")
    text = finding(replace(latent, verification=judged(unknown)))
    assert text.endswith("how well this holds: too few rows.")
    lost = replace(judged(unknown), overall=Verdict("not supported", "too much is lost"))
    text = finding(replace(latent, verification=lost))
    assert text.endswith("too few rows; the verdict is: not supported since too much is lost.")


def test_defect_explained(result: SymmetryResult) -> None:
    text = defect_explained(result.defects[0])
    assert "whether the moved states are distributed like the real ones" in text
    assert "it gained 0.0008 nat. After moves of the same size by 20 random generators" in text
    assert "of the same kind, it gained 0.4100 nat (median)" in text
    assert text.endswith("98 % of the moved rows stayed where there are data.")
    assert "relative defects below about 0.04 cannot be seen" in text
    assert "The training of the classifiers was not repeated" in text
    assert "it gained 0.0000 nat" in defect_explained(replace(result.defects[0], statistic=-2e-5))
    unmeasured = defect_explained(replace(result.defects[0], support=math.nan))
    assert unmeasured.endswith("would change the numbers a little.")
    conditional = defect_explained(replace(result.defects[0], statement="conditional"))
    assert "p(y'|x') = p(y|x)" in conditional
    assert "knowing the targets helped it by 0.0008 nat" in conditional
    unknown = replace(result.defects[0], value=math.nan, reason="too few rows")
    assert defect_explained(unknown).endswith("could not be tested: too few rows.")


def test_verdict_explained(result: SymmetryResult) -> None:
    assert verdict_explained(replace(result, verification=None)) == ""
    assert verdict_explained(result) == (
        "Verdict: confirmed. It is a symmetry of the data, as exactly as these rows can tell: with "
        "a confidence of 95 % the relative defect is below 0.2."
    )
    defect = result.defects[0]
    wide = replace(result, verification=judged(replace(defect, high=0.4)))
    assert verdict_explained(wide).endswith(
        "be anything from 0 to 0.40. About 11,600 rows to test on would do."
    )
    several = Verification.of([defect, defect], DefectOptions(), elements=[defect] * 3)
    assert verdict_explained(replace(result, verification=several)).endswith(
        "Since the choice of 2 generators of one family is arbitrary, 3 random elements of it were "
        "tested as well, and the verdict is the worst of all."
    )
    words = {
        "only approximately": replace(defect, value=0.3, low=0.2, high=0.4),
        "do not have this symmetry": replace(defect, value=0.9, low=0.8, high=1.0),
        "leaves the data where they are": replace(defect, displacement=0.0),
        "cannot be decided": replace(defect, value=math.nan, reason="too few rows"),
    }
    for expected, other in words.items():
        assert expected in verdict_explained(replace(result, verification=judged(other)))


def test_power_explained(result: SymmetryResult) -> None:
    assert power_explained(result) == (
        "With 2,900 rows a relative defect of 0.10 would have been seen with a probability of "
        "90 %. Smaller ones may have gone unseen."
    )
    unknown = replace(result.defects[0], value=math.nan, reason="too few rows")
    assert power_explained(replace(result, verification=judged(unknown))) == ""
    assert power_explained(replace(result, verification=None)) == ""


def test_seeds_explained(result: SymmetryResult) -> None:
    assert seeds_explained(result).startswith(
        "4 of 6 seeds form the consensus, 1 found something else, 1 left out. Two seeds agree if"
    )


def test_truth_compared(result: SymmetryResult, full_algebra: SymmetryResult) -> None:
    text = truth_compared(result)
    assert f"is {result.angle_to_truth():.2f} degrees (|cosine| 0.99" in text
    assert truth_compared(replace(result, truth=None)) == ""
    other = replace(result, truth=torch.ones(1, 3, 3))
    assert "cannot be compared: the true generators have shape (1, 3, 3)" in truth_compared(other)
    several = replace(full_algebra, truth=full_algebra.generators)
    assert truth_compared(several).endswith("is 0.00 degrees.")


def test_the_range_of_the_data(result: SymmetryResult) -> None:
    def words(value: float, low: float, high: float, reason: str = "") -> str:
        support = SupportRange(value, low, high, 2 * math.pi, 900, reason)
        return range_explained(replace(result, support=support))

    assert range_explained(result) == ""
    partly = words(math.pi / 4, 0.7, 0.8)
    assert "the data extend over ±45° (95 %: 40° to 46°) of the parameter t" in partly
    assert "(900 rows; its middle" in partly
    assert words(math.pi, 3.0, math.pi).startswith("The data extend over the whole orbit")
    assert words(math.nan, math.nan, math.nan, reason="two parts").endswith(
        "do not lie on one range of the orbits: two parts."
    )
