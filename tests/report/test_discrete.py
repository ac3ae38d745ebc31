from __future__ import annotations

from dataclasses import replace

import torch
from elements_toy import TURN
from made_elements import discrete_result, judged_as, mirrored, square
from made_results import make

from symdisc.cosets.discrete_part import discrete_part
from symdisc.report.discrete import discrete_text


def test_nothing_was_looked_for() -> None:
    assert discrete_text(make()) == ""


def test_one_component() -> None:
    one = discrete_part(torch.zeros(0, 2, 2), TURN[None])
    text = discrete_text(make(discrete=one))
    assert "no discrete part: one component only." in text
    assert "<table" not in text


def test_elements_tests_and_products() -> None:
    text = discrete_text(discrete_result(square().tested(judged_as(*["confirmed"] * 7))))
    assert "The group is discrete" in text
    assert text.count("<td>confirmed</td>") == 7
    assert "<td>rotation by 2π/4</td><td>4</td><td>100% of the seeds</td>" in text
    assert text.count("<td>products</td>") == 5
    assert "untestable here does not speak against them" in text
    # Elements, seven matrices, products.
    assert text.count("<table") == 9
    assert "<td>h1</td><td>h1</td><td>h2</td>" in text


def test_without_tests() -> None:
    text = discrete_text(make(discrete=mirrored()))
    assert "Beside what generators reach there may be other components" in text
    assert "verdict" not in text


def test_large_groups_and_open_products() -> None:
    part = square()
    many = replace(
        part,
        names=part.names * 2,
        orders=part.orders * 2,
        found=part.found * 2,
        shares=part.shares * 2,
        representatives=part.representatives.repeat(2, 1, 1),
    )
    text = discrete_text(discrete_result(many))
    assert text.count("<table") == 1
    growing = discrete_part(torch.diag(torch.tensor([1.5, 1 / 1.5]))[None], torch.zeros(0, 2, 2))
    text = discrete_text(discrete_result(growing))
    assert "do not close: they form no finite group" in text
    assert "<td>h2</td><td>element</td><td>–</td>" in text
