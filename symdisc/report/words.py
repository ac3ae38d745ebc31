"""The sentences of the report, for a scientist who has never seen the program."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from symdisc.algebra.consensus import LINKAGE_ANGLE
from symdisc.discrete_text import discrete_summary
from symdisc.errors import DataError
from symdisc.result_text import counted, nat, rows_text
from symdisc.verify.defect import FIELD, RelativeDefect
from symdisc.verify.power import LIKELY, visible
from symdisc.verify.verdict import Word

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

STATEMENTS = {
    "conditional": "whether the targets follow the moved states as they follow the real ones, "
    "p(y'|x') = p(y|x)",
    "distributional": "whether the moved states are distributed like the real ones",
    "latent": "whether states that were moved in learned coordinates and decoded go on as the real "
    "ones do, after these were encoded and decoded as well",
}
GAINS = {
    "conditional": "knowing the targets helped it by",
    "latent": "knowing how they go on helped it by",
}
VERDICTS: dict[Word, str] = {
    "confirmed": "It is a symmetry of the data, as exactly as these rows can tell",
    "approximate": "It is a symmetry of the data, but only approximately",
    "untestable here": "Whether it is a symmetry cannot be decided with these data",
    "trivial": "It is no symmetry worth the name, since it leaves the data where they are",
    "not supported": "The data do not have this symmetry",
}


def finding(result: SymmetryResult) -> str:
    """One sentence in plain words: what was found, by how many seeds, how well it holds."""
    if len(result.generators) == 0:
        return f"{discrete_summary(result)[:1].upper()}{discrete_summary(result)[1:]}."
    seeds = counted(len(result.seeds), "independently trained seed")
    agreeing = sum(result.in_consensus)
    if not result.has_consensus:
        return (
            f"The seeds do not agree: the largest group that found the same has {agreeing} of "
            f"{seeds}, and half of them would be needed, so nothing is claimed."
        )
    family = f"family of transformations with {counted(len(result.generators), 'parameter')}"
    if len(result.seeds) == 1:
        who = f"One trained seed found a {family}"
    else:
        who = f"{agreeing} of {seeds} found the same {family}"
    return f"{who}, {result.group}; {_how_well(result)}."


def defect_explained(defect: RelativeDefect) -> str:
    """What the numbers of one relative defect mean."""
    if not defect.testable:
        return f"How well the generator holds could not be tested: {defect.reason}."
    if defect.statement == FIELD:
        return _field_explained(defect)
    gain = GAINS.get(defect.statement, "it gained")
    asked = STATEMENTS.get(defect.statement, f"the {defect.statement} statement")
    return (
        f"The test asks {asked}. Held-out rows "
        f"({defect.n_rows:,} of them, never used for training) were moved by "
        f"{defect.displacement:.2f} of the data's spread, and a classifier tried to tell moved "
        f"from real; {gain} {nat(defect.statistic)} nat. After moves of the same size by "
        f"{counted(defect.n_references, 'random generator')} of the same kind, {gain} "
        f"{nat(defect.reference)} nat (median). The relative defect is the square root of the "
        f"ratio of the two: 0 means that moved data cannot be told from real data, 1 that the "
        f"generator does no better than a random one. {_limits(defect)}{_support(defect)}"
    )


def verdict_explained(result: SymmetryResult) -> str:
    """The verdict in words that need no statistics; ``""`` where nothing was tested."""
    tested = result.verification
    if tested is None:
        return ""
    verdict = tested.overall
    rows = rows_text(verdict)
    more = f" {rows[0].upper()}{rows[1:]}." if rows else ""
    parts = ""
    if tested.elements:
        parts = (
            f" Since the choice of {counted(len(tested.defects), 'generator')} of one family is "
            f"arbitrary, {counted(len(tested.elements), 'random element')} of it were tested as "
            "well, and the verdict is the worst of all."
        )
    head = VERDICTS[verdict.word]
    return f"Verdict: {verdict.word}. {head}: {verdict.why}.{more}{parts}"


def beside_explained(result: SymmetryResult) -> str:
    """What the other test of the same generators says; ``""`` where there is none."""
    tested = result.verification
    if tested is None or tested.beside is None:
        return ""
    other, functions = tested.beside.overall, tested.beside.defects[0].statement == FIELD
    asked = "the fitted function" if functions else "the data themselves"
    return (
        f"A test of {asked} was made as well. Its verdict is: {other.word}, since {other.why}. "
        "What either test can decide counts, and the worse of the two is the verdict above; but "
        "that one function, fitted once to other rows, has a symmetry does not say that the data "
        "have it."
    )


def has_power(result: SymmetryResult) -> bool:
    """Whether it can be told which defects would have been seen: where classifiers tested."""
    tested = result.verification
    return tested is not None and tested.worst.testable and tested.worst.statement != FIELD


def power_explained(result: SymmetryResult) -> str:
    """Which defects would have been seen; ``""`` where nothing could be tested."""
    tested = result.verification
    if tested is None or not has_power(result):
        return ""
    worst = tested.worst
    return (
        f"With {worst.n_rows:,} rows a relative defect of {visible(worst):.2f} would have been "
        f"seen with a probability of {100 * LIKELY:.0f} %. Smaller ones may have gone unseen."
    )


def seeds_explained(result: SymmetryResult) -> str:
    """How the seeds agree."""
    total, agreeing = len(result.seeds), sum(result.in_consensus)
    if len(result.generators) == 0:
        return (
            f"Each discrete element was found by {result.agreement:.0%} of {counted(total, 'seed')}"
            " at least, or is a product of such elements."
        )
    differing = total - agreeing - len(result.failed)
    parts = [f"{agreeing} of {counted(total, 'seed')} form the consensus"]
    if differing:
        parts.append(f"{differing} found something else")
    if result.failed:
        parts.append(f"{len(result.failed)} left out")
    return (
        f"{', '.join(parts)}. Two seeds agree if the spans of their generators are at most "
        f"{LINKAGE_ANGLE:.0f} degrees apart, directly or through others."
    )


def range_explained(result: SymmetryResult) -> str:
    """Over which part of the orbits the data extend; ``""`` where it was not estimated."""
    support = result.support
    if support is None:
        return ""
    if support.reason:
        return f"The data do not lie on one range of the orbits: {support.reason}."
    if support.is_whole:
        return (
            "The data extend over the whole orbit: however far a state had been moved, it could "
            f"not be told from the moved state ({counted(support.n_rows, 'row')})."
        )
    return (
        f"Along the orbits the data extend over {support} of the parameter t, as if they were "
        f"spread evenly over that range ({counted(support.n_rows, 'row')}; its middle "
        "is not known). Nothing is known about larger moves than across this range: they lead "
        "to where there are no data."
    )


def truth_compared(result: SymmetryResult) -> str:
    """How close the result is to the known truth; ``""`` where it is unknown."""
    if result.truth is None:
        return ""
    try:
        angle = result.angle_to_truth()
    except DataError as error:
        return f"The truth is known, but cannot be compared: {error}."
    sentence = (
        "The maker of these data knows the true generators. The largest angle between the true "
        f"span and the one found is {angle:.2f} degrees"
    )
    if len(result.truth) == len(result.generators) == 1:
        return f"{sentence} (|cosine| {result.cosine_to_truth():.4f})."
    return f"{sentence}."


def _field_explained(defect: RelativeDefect) -> str:
    return (
        "The test asks whether the function F that was fitted to the data stays the same along "
        f"the fields, X(F) = 0. On {defect.n_rows:,} held-out rows the mean square of X(F) is "
        f"T = {nat(defect.statistic)}, where X moves the rows by their spread and F is in units of "
        f"how far that changes it at most. For {counted(defect.n_references, 'random field')} in "
        f"the same functions it is {nat(defect.reference)} (median). The relative defect is the "
        "square root of the ratio of the two: 0 means that F stays the same, 1 that the field does "
        "no better than a random one. Where F is quickly fitted, it was fitted again to these "
        "rows alone, which count by how certain F is there; what noise adds to T was subtracted, "
        "and the interval says what other rows of this number and other random fields could have "
        "given. Else the interval is that for this one F."
    )


def _limits(defect: RelativeDefect) -> str:
    return (
        "Noise was added to real and moved rows alike, so that fine differences are hidden: here, "
        f"relative defects below about {defect.resolution:.2f} cannot be seen at all. The interval "
        "says what other rows of this number and other random generators could have given; its "
        "upper end allows for what a classifier cannot learn from so few rows. The training "
        "of the classifiers was not repeated, and would change the numbers a little."
    )


def _support(defect: RelativeDefect) -> str:
    if math.isnan(defect.support):
        return ""
    return f" {100 * defect.support:.0f} % of the moved rows stayed where there are data."


def _how_well(result: SymmetryResult) -> str:
    tested = result.verification
    if tested is None:
        reason = f" ({result.interrupted})" if result.interrupted else ""
        return f"it was not tested on held-out rows{reason}"
    worst = tested.worst
    rows = f"{worst.n_rows:,} {tested.rows}"
    verdict = tested.overall
    said = result.latent is None or verdict.holds or verdict.why == worst.reason
    why = "" if said else f" since {verdict.why}"
    if not worst.testable:
        untested = f"on {rows} it could not be tested how well this holds: {worst.reason}"
        return f"{untested}; the verdict is: {verdict.word}{why}" if why else untested
    whose = "its relative defect" if len(result.generators) == 1 else "its largest relative defect"
    return (
        f"{whose} on {rows} is {worst}, where 0 is an exact symmetry of the data and 1 is a "
        f"transformation picked at random; the verdict is: {verdict.word}{why}"
    )
