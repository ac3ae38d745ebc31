"""Tolerances of the naming rules, and what every rule is told and answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tolerances:
    """The one table of tolerances; all numbers are relative [1].

    They let through generators with an error of a few percent in a basis of condition up to 3,
    and are as strict as that allows: a smaller departure than these is not seen.

    Attributes:
        real_part: |Re λ| of an eigenvalue that counts as imaginary, |Im λ| of one that counts as
            real, |λ| of one that counts as zero, over the largest |λ|.
        equal_speeds: Spread of angular speeds (or of rates ±a) that count as equal.
        ratio: Distance of a speed ratio from p/q.
        denominator: Largest q.
        scaling: ‖L − λ·1‖ over ‖L‖ of a scaling.
        nilpotent: Largest |λ| over ‖L‖ below which no eigenvalue can be told from zero.
        still: ‖block of L‖ over the largest block's below which a vector does not move.
        kept: ‖LᵀJ + JL‖ for unit ‖L‖, ‖J‖ of a form that one generator keeps.
        form: The same of the best form over that of the next best one, for several generators.
        condition: Condition number of the change of basis to the standard form.
        noise: Noise of a generator of norm 1 up to which a known action fits several of them.
        seeds: How many times the spread of seeds may be taken for noise where that is more.
        named_condition: Condition of the change of basis up to which a fitted action is named;
            above ``condition``, since a fit has errors itself.
        skew: What each fit loses for a condition above ``condition``, times the excess^1.5.
        most_skew: The most that it loses for that.
        evidence: By how much a fit has to beat that of every other algebra; a difference of log
            likelihoods, twice.
    """

    real_part: float = 0.05
    equal_speeds: float = 0.1
    ratio: float = 0.03
    denominator: int = 3
    scaling: float = 0.1
    nilpotent: float = 0.1
    still: float = 0.1
    kept: float = 0.15
    form: float = 0.3
    condition: float = 5.0
    noise: float = 0.05
    seeds: float = 3.0
    named_condition: float = 5.5
    skew: float = 4.0
    most_skew: float = 20.0
    evidence: float = 4.0


TOLERANCES = Tolerances()


@dataclass(frozen=True)
class GroupName:
    """What a group is called and why.

    Attributes:
        group: Group and what it acts on, e.g. "SO(2) on 4 vectors of dimension 2".
        evidence: The numbers behind the name, one sentence without a full stop.
    """

    group: str
    evidence: str


@dataclass(frozen=True)
class Setting:
    """What the generators act on.

    Attributes:
        groups: Coordinates of each block.
        n_vectors: How many vectors share the generators.
    """

    groups: list[list[int]]
    n_vectors: int

    @property
    def count(self) -> int:
        """Number of vectors that are moved apart from each other."""
        return self.n_vectors * len(self.groups)

    @property
    def dimension(self) -> int | None:
        """The length of the vectors, ``None`` if they differ."""
        sizes = {len(group) for group in self.groups}
        return sizes.pop() if len(sizes) == 1 else None

    @property
    def where(self) -> str:
        """For instance "4 vectors of dimension 2"."""
        sizes = sorted({len(group) for group in self.groups})
        count = "" if self.count == 1 else f"{self.count} "
        return f"{count}vectors of dimension {' and '.join(map(str, sizes))}"


def percent(share: float) -> str:
    """A share in percent, for sentences."""
    if share >= 0.995:  # two digits would be 1e+02
        return f"{100 * share:.0f} %"
    return f"{100 * share:.2g} %" if share >= 1e-4 else "0.01 %"
