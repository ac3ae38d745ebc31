"""The discrete part of a result in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from symdisc.cosets.discrete_part import DiscretePart
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.element_tests import ElementTests
from symdisc.verify.verdict import Verdict

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult


def discrete_summary(result: SymmetryResult) -> str:
    """One sentence on a result without generators: the group, and whether it holds.

    What is called found are the elements that the test confirmed, which may be fewer.
    """
    part = result.discrete
    if part is None or len(part) == 1:
        return "no symmetry found: neither generators nor discrete elements"
    name = f"{result.group}, {_counted(len(part), 'element')}"
    if part.tests is None:
        reason = f" ({result.interrupted})" if result.interrupted else ""
        return f"candidate: {name}, not tested on held-out rows{reason}{_agreeing(result)}"
    held = part.held
    rest = f"; {_others(part)}" if len(held) < len(part) else ""
    if len(held) == 1:
        open_ = all(v.word == "untestable here" for v in part.tests.verdicts)
        nothing = "no symmetry shown" if open_ else "no symmetry found"
        return f"{nothing}; the candidate {name}, is {verdicts_text(part).removeprefix('all ')}"
    where = result.group.partition(" on ")[2]
    shown = f"{held.group} on {where}, {_counted(len(held), 'element')}"
    return f"{shown}, {_confirmed(held)}{rest}{_agreeing(result)}"


def discrete_line(result: SymmetryResult) -> str:
    """The components of the group in one line; ``""`` where none were looked for."""
    part = result.discrete
    if part is None:
        return ""
    if len(part) == 1 or part.tests is None:
        return part.text()
    return f"{part.text()}: {verdicts_text(part)}"


def verdicts_text(part: DiscretePart) -> str:
    """Which elements are confirmed, which are not, for instance "parity confirmed"."""
    if part.tests is None:
        return "not tested on held-out rows"
    words: dict[str, list[str]] = {}
    for name, verdict in zip(part.names[1:], part.tests.verdicts, strict=True):
        words.setdefault(verdict.word, []).append(name)
    if len(words) == 1 and len(part) > 2:
        return f"all {next(iter(words))}"
    return "; ".join(f"{_listed(names)} {word}" for word, names in words.items())


def element_text(part: DiscretePart) -> str:
    """Every element but the identity: its name, verdict and matrix."""
    texts = []
    for number in range(1, len(part)):
        tested = "" if part.tests is None else f", {part.tests.verdicts[number - 1].word}"
        order = f", order {part.orders[number]}" if part.orders[number] else ""
        rows = part.representatives[number].tolist()
        width = max(len(cell(value)) for row in rows for value in row)
        lines = ["  " + " ".join(f"{cell(value):>{width}}" for value in row) for row in rows]
        texts.append("\n".join([f"h_{number + 1} = {part.names[number]}{order}{tested}", *lines]))
    return "\n\n".join(texts)


def element_verdicts(part: DiscretePart) -> list[tuple[str, Verdict, RelativeDefect]]:
    """Name, verdict and relative defect of each tested element."""
    tests: ElementTests | None = part.tests
    if tests is None:
        return []
    return list(zip(part.names[1:], tests.verdicts, tests.defects, strict=True))


def _confirmed(held: DiscretePart) -> str:
    tests = held.tests
    if tests is None:
        raise ValueError("only tested elements can hold")
    worst, word = tests.worst, tests.overall.word
    if word == "confirmed":
        numbers = f"{worst.value:.2f} ({worst.confidence} ≤ {worst.high:.2f})"
    else:
        numbers = str(worst)
    which = "relative defect" if len(held) == 2 else "largest relative defect"
    return f"{word}: {which} {numbers}, {worst.n_rows:,} {tests.rows}"


def _others(part: DiscretePart) -> str:
    """What is not among the elements that hold."""
    words: dict[str, list[str]] = {}
    for number, (name, verdict, _) in enumerate(element_verdicts(part), 1):
        if number not in part.held_numbers:
            words.setdefault(verdict.word, []).append(name)
    return "; ".join(f"{_listed(names)} {word}" for word, names in words.items())


def _listed(names: Sequence[str]) -> str:
    """``"reflection, half turn"``, equal names counted."""
    counts = {name: names.count(name) for name in dict.fromkeys(names)}
    return ", ".join(name if count == 1 else f"{count} × {name}" for name, count in counts.items())


def _agreeing(result: SymmetryResult) -> str:
    if len(result.seeds) == 1:
        return "; 1 seed, so agreement is unknown"
    return f"; found by {result.agreement:.0%} of {len(result.seeds)} seeds"


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def cell(value: float) -> str:
    """An entry of a matrix; what rounds to 0 has no sign."""
    text = f"{value + 0.0:.2f}"
    return "0.00" if text == "-0.00" else text
