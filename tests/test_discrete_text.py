from __future__ import annotations

import torch
from elements_toy import TURN
from made_elements import discrete_result, judged_as, mirrored, square
from made_results import make

from symdisc.cosets.discrete_part import discrete_part
from symdisc.discrete_text import (
    discrete_line,
    discrete_summary,
    element_text,
    element_verdicts,
    verdicts_text,
)

NAME = "D_4 on vectors of dimension 2, 8 elements"


def test_a_confirmed_group() -> None:
    result = discrete_result(square().tested(judged_as(*["confirmed"] * 7)))
    assert discrete_summary(result) == (
        f"{NAME}, confirmed: largest relative defect 0.02 (95 % ≤ 0.05), 2,900 held-out rows; "
        "found by 100% of 16 seeds"
    )
    assert result.summary() == discrete_summary(result)
    assert discrete_line(result).endswith(": all confirmed")


def test_a_subgroup_that_holds() -> None:
    part = square()
    words = ["confirmed" if name == "half turn" else "not supported" for name in part.names[1:]]
    result = discrete_result(part.tested(judged_as(*words)), seeds=(0,))
    assert discrete_summary(result) == (
        "Z2 on vectors of dimension 2, 2 elements, confirmed: relative defect 0.02 (95 % ≤ 0.05), "
        "2,900 held-out rows; 2 × rotation by 2π/4, 4 × reflection not supported; 1 seed, so "
        "agreement is unknown"
    )


def test_an_approximate_group() -> None:
    result = discrete_result(square().tested(judged_as(*["confirmed"] * 6, "approximate")))
    assert ", approximate: largest relative defect 0.02 (95 %: 0.00 to 0.05)" in result.summary()


def test_nothing_that_holds() -> None:
    result = discrete_result(square().tested(judged_as(*["not supported"] * 7)))
    assert result.summary() == f"no symmetry found; the candidate {NAME}, is not supported"
    result = discrete_result(square().tested(judged_as(*["untestable here"] * 7)))
    assert result.summary() == f"no symmetry shown; the candidate {NAME}, is untestable here"


def test_what_was_not_tested() -> None:
    assert discrete_result().summary() == (
        f"candidate: {NAME}, not tested on held-out rows; found by 100% of 16 seeds"
    )
    stopped = discrete_result(interrupted="stopped while testing")
    assert "not tested on held-out rows (stopped while testing)" in stopped.summary()
    assert verdicts_text(square()) == "not tested on held-out rows"
    assert element_verdicts(square()) == []


def test_the_line_beside_generators() -> None:
    assert discrete_line(make()) == ""
    one = discrete_part(torch.zeros(0, 2, 2), TURN[None])
    assert discrete_line(make(discrete=one)) == "no discrete part: one component only"
    result = make(discrete=mirrored().tested(judged_as("untestable here")))
    line = "Z2, 2 components: identity, reflection: reflection untestable here"
    assert discrete_line(result) == line
    assert line in result._repr_html_()
    assert discrete_line(make(discrete=mirrored())) == line.partition(": reflection")[0]


def test_elements_as_text() -> None:
    part = mirrored().tested(judged_as("confirmed"))
    assert element_text(part) == (
        "h_2 = reflection, order 2, confirmed\n   1.00  0.00\n   0.00 -1.00"
    )
    ((name, verdict, defect),) = element_verdicts(part)
    assert (name, verdict.word, defect.n_rows) == ("reflection", "confirmed", 2900)
    growing = discrete_part(torch.diag(torch.tensor([1.5, 1 / 1.5]))[None], torch.zeros(0, 2, 2))
    assert element_text(growing).startswith("h_2 = element\n")
