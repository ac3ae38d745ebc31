"""Two tests of the same generators: of a fitted function (F), and of the data themselves."""

from __future__ import annotations

from dataclasses import replace

from symdisc.verify.verdict import WORDS
from symdisc.verify.verification import Verification

_UNDECIDED = "untestable here"


def together(function: Verification, data: Verification, *, refitted: bool) -> Verification:
    """One verification of both: what either can decide counts, and the worse of the two decides.

    A test that cannot decide says nothing, so the other one is left. But a function that was
    fitted once, on other rows, is no data: that it has a symmetry does not say that they have,
    only that it has none speaks against it. Each test confirms what is false with a probability
    of at most alpha / 2, so that both together do so with at most alpha.

    Args:
        function: That of the statement (F).
        data: That of another statement.
        refitted: Whether F was fitted to the held-out rows themselves.

    Returns:
        The test that decided, with the other one beside it.
    """
    undecided = [tested.overall.word == _UNDECIDED for tested in (function, data)]
    if undecided[0] != undecided[1]:
        first = data if undecided[0] or (function.holds and not refitted) else function
    else:
        first = max(function, data, key=lambda tested: WORDS.index(tested.overall.word))
    return replace(first, beside=data if first is function else function)
