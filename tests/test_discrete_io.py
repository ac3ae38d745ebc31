from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from made_elements import DEFECT, discrete_result, judged_as, mirrored, square

from symdisc.cosets.discrete_part import DiscretePart, discrete_part
from symdisc.discrete_io import discrete_content, discrete_tensors, read_discrete
from symdisc.errors import DataError
from symdisc.result import load
from symdisc.verify.element_tests import ElementTests
from symdisc.verify.verdict import Verdict


def same(a: DiscretePart | None, b: DiscretePart | None) -> bool:
    """Equal, nan being equal to nan."""
    return repr(a) == repr(b)


def unfinished() -> DiscretePart:
    """Products that do not close, and a test without a number."""
    part = discrete_part(torch.diag(torch.tensor([1.5, 1 / 1.5]))[None], torch.zeros(0, 2, 2))
    untested = replace(DEFECT, value=math.nan, reason="no rows")
    return part.tested(ElementTests((untested,), (Verdict("untestable here", "no rows", 9),)))


@pytest.mark.parametrize(
    "part", [square(), mirrored().tested(judged_as("confirmed")), unfinished()]
)
def test_everything_comes_back(part: DiscretePart, tmp_path: Path) -> None:
    saved = discrete_result(part)
    assert same(load(saved.save(tmp_path / "r")).discrete, part)


def test_no_discrete_part() -> None:
    assert discrete_content(None) is None
    assert discrete_tensors(None) == {}
    assert read_discrete(None, {}) is None


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    part = square()
    content, tensors = discrete_content(part), discrete_tensors(part)
    assert content is not None
    with pytest.raises(ValueError, match="another number of names than of matrices"):
        read_discrete({**content, "names": ["identity"]}, tensors)
    with pytest.raises(ValueError, match="the multiplication table does not fit"):
        read_discrete({**content, "table": [[0]]}, tensors)
    with pytest.raises(KeyError):
        read_discrete(content, {})
    folder = discrete_result().save(tmp_path / "r")
    damaged = json.loads((folder / "result.json").read_text())
    damaged["discrete"]["names"].pop()
    (folder / "result.json").write_text(json.dumps(damaged))
    with pytest.raises(DataError, match="is damaged"):
        load(folder)
