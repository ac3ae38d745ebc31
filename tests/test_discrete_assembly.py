"""From matrices of many seeds to a discrete part, and a whole run."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from elements_toy import MIRROR, TURN, elements_host, turn
from torch import Tensor

import symdisc
from symdisc import discover
from symdisc.cli import main
from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.data.splits import Split, split
from symdisc.discrete_assembly import assemble_discrete, with_discrete
from symdisc.discrete_text import discrete_line
from symdisc.interfaces import Discovery
from symdisc.result import SymmetryResult
from symdisc.verify.conditional import Conditional
from symdisc.verify.defect_options import DefectOptions

QUICK = DefectOptions(steps=60, n_references=6, draws=2, resamples=400, max_rows=1500)
SETTINGS = {f"verify.{name}": value for name, value in QUICK.model_dump(exclude_unset=True).items()}
SQUARE = torch.stack([turn(math.pi / 2), MIRROR, turn(math.pi)])


def rows(n: int = 6000, seed: int = 0) -> tuple[Any, Any]:
    """Points of a plane and a function that has the symmetry of a square."""
    x = np.random.default_rng(seed).standard_normal((n, 2))
    angle = np.arctan2(x[:, 1], x[:, 0])
    return x, ((x**2).sum(1) * np.cos(4 * angle))[:, None]


@pytest.fixture(scope="module")
def parts() -> Split:
    return split(prepare(*rows()), seed=0)


def seeds(count: int, noise: float = 0.01, matrices: Tensor = SQUARE) -> Tensor:
    rng = torch.Generator().manual_seed(1)
    each = matrices.expand(count, *matrices.shape)
    return each + noise * torch.randn(each.shape, generator=rng).double()


def assembled(representatives: Tensor, parts: Split) -> SymmetryResult:
    e = len(representatives)
    found = Discovery(torch.zeros(e, 0, 2, 2), torch.ones(2, 2), representatives=representatives)
    bare = assemble_discrete(found, tuple(range(e)), parts.held_out, {"method": "toy"})
    return added(bare, representatives, parts.train)


def added(result: SymmetryResult, representatives: Tensor, samples: Samples) -> SymmetryResult:
    return with_discrete(result, representatives, samples, Conditional(), seed=0, options=QUICK)


def test_seeds_that_agree_make_a_group(parts: Split) -> None:
    result = assembled(seeds(3), parts)
    part = result.discrete
    assert part is not None
    assert (part.group, len(part)) == ("D_4", 8)
    assert result.group == "D_4 on vectors of dimension 2"
    assert "8 elements, 1 of order 1, 5 of order 2, 2 of order 4" in result.evidence
    assert result.generators.shape == (0, 2, 2)
    assert (result.agreement, result.in_consensus) == (1.0, (True, True, True))
    assert "4 components are only products of those that were found." in result.notes
    assert part.tests is None
    assert not result.holds


def test_what_few_seeds_found_is_left_out(parts: Split) -> None:
    claims = seeds(4)
    claims[1:, 1] = torch.nan  # the reflection is claimed by one seed of four
    claims[3, 0] = torch.nan
    result = assembled(claims, parts)
    assert result.discrete is not None
    assert result.discrete.group == "C_4"
    assert result.agreement == 0.75
    assert "1 further components were found by fewer than half" in result.notes[0]


def test_what_rows_contradict_is_left_out(parts: Split) -> None:
    wrong = torch.cat([SQUARE, turn(1.0)[None]])
    result = assembled(seeds(2, matrices=wrong), parts)
    assert result.discrete is not None
    assert result.discrete.group == "D_4"
    assert "1 components that the seeds found were left out, since rows" in result.notes[0]


def test_nothing_claimed_and_singular_matrices(parts: Split) -> None:
    claims = seeds(2, noise=0.0, matrices=torch.zeros(2, 2, 2).double())
    claims[:, 1] = torch.inf
    result = assembled(claims, parts)
    assert result.discrete is not None
    assert len(result.discrete) == 1
    assert result.group == "trivial on vectors of dimension 2"
    assert result.summary() == "no symmetry found: neither generators nor discrete elements"


def test_a_whole_run_of_a_discrete_group(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    host = elements_host()
    options = {"method.representatives": SQUARE[:2].tolist(), "run.seeds": 3, **SETTINGS}
    x, y = rows()
    out = tmp_path / "run"
    result = discover(x, y, method="given", options=options, host=host, out=out)
    assert result.summary().startswith("D_4 on vectors of dimension 2, 8 elements, confirmed: ")
    assert result.summary().endswith("found by 100% of 3 seeds")
    assert result.holds
    assert result.verification is None
    loaded = symdisc.load(out)
    assert loaded.summary() == result.summary()
    page = (out / "report.html").read_text()
    assert "<h2>Discrete elements</h2>" in page
    assert "<h2>Group</h2>" in page
    assert "Is it real" not in page
    assert main(["report", str(out)]) == 0
    assert result.summary() in capsys.readouterr().out
    monkeypatch.setattr("symdisc.registry.default_host", lambda: host)
    np.savez(tmp_path / "new.npz", x=x[:1500], y=y[:1500])
    assert main(["verify", str(out), "--data", str(tmp_path / "new.npz")]) == 0
    assert "half turn: confirmed: with a confidence of 95 %" in capsys.readouterr().out


def test_a_whole_run_with_a_continuous_part() -> None:
    x = np.random.default_rng(2).standard_normal((6000, 4))
    y = (x[:, :2] * x[:, 2:]).sum(1, keepdims=True)
    options = {
        "method.representatives": [(turn(0.4) @ MIRROR).tolist(), turn(2.0).tolist()],
        "method.generators": TURN[None].tolist(),
        "data.standardise": "scale",
        "run.seeds": 2,
        **SETTINGS,
    }
    how: dict[str, Any] = {"method": "given", "host": elements_host()}
    result = discover(x, y, representation="2*V2", options=options, **how)
    assert result.summary().startswith("SO(2) on 2 vectors of dimension 2, 1 generator, confirmed")
    assert discrete_line(result) == "Z2, 2 components: identity, reflection: reflection confirmed"
    assert result.discrete is not None
    assert result.discrete.tests is not None
    assert result.discrete.tests.verdicts[0].word == "confirmed"
    # In the units of the data: S h S⁻¹.
    assert torch.allclose(result.discrete.representatives[1], MIRROR, atol=0.05)


def test_of_the_identity_alone_it_is_said_that_nothing_was_found(parts: Split) -> None:
    result = assembled(torch.full((3, 2, 2, 2), torch.nan), parts)
    assert result.evidence == "no element but the identity was found by most seeds"
