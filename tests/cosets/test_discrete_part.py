from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from finite_groups import GENERATORS, MIRROR, permutation, turn
from torch import Tensor

from symdisc.algebra.known import known_algebra
from symdisc.cosets.discrete_part import DiscretePart, discrete_part
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.element_tests import ElementTests
from symdisc.verify.verdict import Verdict, Word

TURN = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]]).double()
NONE = torch.zeros(0, 2, 2)
LORENTZ = torch.tensor(known_algebra("so(1,3)"))
METRIC = torch.diag(torch.tensor([1.0, -1.0, -1.0, -1.0])).double()


def stacked(*matrices: object) -> Tensor:
    return torch.stack([torch.as_tensor(matrix).double() for matrix in matrices])


def judged(part: DiscretePart, *words: Word) -> DiscretePart:
    defect = RelativeDefect("conditional", 0.0, 0.0, 0.1, 0.0, 0.3, 1.0, 1.0, 2000, 20)
    verdicts = tuple(Verdict(word, "for a reason") for word in words)
    return part.tested(ElementTests((defect,) * len(words), verdicts))


def square() -> DiscretePart:
    return discrete_part(stacked(turn(4), MIRROR), NONE)


def test_orthogonal_group_of_the_plane() -> None:
    candidates = stacked(*(turn(n) @ MIRROR for n in (3, 5, 11)), turn(9))
    part = discrete_part(candidates, TURN)
    assert part.group == "Z2"
    assert part.names == ("identity", "reflection")
    assert torch.allclose(part.representatives, stacked(torch.eye(2), MIRROR))
    assert part.found == (True, True)
    assert part.text() == "Z2, 2 components: identity, reflection"


def test_lorentz_group_has_four_components() -> None:
    part = discrete_part(stacked(METRIC, -METRIC), LORENTZ)
    assert part.group == "V4"
    assert part.orders == (1, 2, 2, 2)
    assert part.inverses == (0, 1, 2, 3)
    assert part.names == ("identity", "parity", "time reversal", "parity and time reversal")
    assert part.found == (True, True, True, False)
    assert part.text().endswith("time reversal, parity and time reversal (product)")


def test_fifths_of_a_turn_beside_scaling() -> None:
    part = discrete_part(1.3 * stacked(turn(5, 2)), torch.eye(2)[None])
    assert part.group == "C_5"
    assert part.orders == (1, 5, 5, 5, 5)
    assert torch.allclose(torch.linalg.det(part.representatives), torch.ones(5).double())


def test_permutations() -> None:
    part = discrete_part(stacked(permutation(1, 2, 0), permutation(1, 0, 2)), torch.zeros(0, 3, 3))
    assert part.group == "D_3 ≅ S_3"
    assert part.names[1:3] == ("permutation (1 2 3)", "permutation (1 2)")


def test_shares_of_seeds_stay_with_their_elements() -> None:
    part = discrete_part(stacked(turn(4), MIRROR), NONE, shares=(0.5, 0.75))
    assert part.shares == (1.0, 0.5, 0.75, *(0.0,) * 5)
    assert part.found == (True, True, True, *(False,) * 5)


def test_nothing_but_the_identity_component() -> None:
    for candidates in (stacked(turn(3)), torch.zeros(0, 2, 2)):
        part = discrete_part(candidates, TURN)
        assert (len(part), part.group, part.holds) == (1, "trivial", False)
        assert part.text() == "no discrete part: one component only"


def test_what_does_not_close_is_unidentified() -> None:
    part = discrete_part(stacked(torch.diag(torch.tensor([1.5, 1 / 1.5]))), NONE)
    assert (part.group, part.table, part.inverses) == ("unidentified", None, None)
    assert part.orders == (0, 0)
    assert part.closure == math.inf
    assert part.text() == "2 components whose products do not close: identity, element"
    assert not judged(part, "confirmed").holds


def test_all_elements_hold() -> None:
    part = judged(square(), *("confirmed",) * 7)
    assert part.held.group == "D_4"
    assert part.holds
    assert not square().holds


def test_the_largest_group_of_elements_that_hold() -> None:
    part = square()
    words: list[Word] = [
        "confirmed" if name in ("half turn", "rotation by 2π/4") else "not supported"
        for name in part.names[1:]
    ]
    held = judged(part, *words).held
    assert (held.group, len(held)) == ("C_4", 4)
    assert held.tests is not None
    assert {verdict.word for verdict in held.tests.verdicts} == {"confirmed"}
    # Quarter turns without the half turn are no group: what is left is the identity.
    words = ["confirmed" if "2π/4" in name else "not supported" for name in part.names[1:]]
    assert len(judged(part, *words).held) == 1
    assert not judged(part, *words).holds


@pytest.mark.parametrize("missed", range(1, 8))
def test_a_test_that_missed_one_element_leaves_a_subgroup(missed: int) -> None:
    words: list[Word] = ["confirmed"] * 7
    words[missed - 1] = "approximate"
    assert judged(square(), *words).held.group == "D_4"
    words[missed - 1] = "untestable here"
    held = judged(square(), *words).held
    assert len(held) in (2, 4)
    assert held.holds


def test_units() -> None:
    scales = torch.tensor([2.0, 0.5]).double()
    part = square()
    moved = part.in_units(scales)
    assert moved.names == part.names
    expected = torch.diag(scales) @ part.representatives[1] @ torch.diag(1 / scales)
    assert torch.allclose(moved.representatives[1], expected)
    again = moved.in_units(1 / scales).representatives
    assert torch.allclose(again, part.representatives)


def test_noise_is_averaged_out() -> None:
    rng = torch.Generator().manual_seed(0)
    exact = discrete_part(stacked(*GENERATORS["D_4"][1]), NONE).representatives
    noisy = exact[1:] + 0.03 * torch.randn(7, 2, 2, generator=rng).double()
    part = replace(discrete_part(noisy, NONE), tests=None)
    assert part.group == "D_4"
    assert 0.01 < part.closure < 0.15
    assert torch.allclose(torch.linalg.det(part.representatives).abs(), torch.ones(8).double())


@pytest.mark.parametrize("seed", range(3))
def test_generators_and_matrices_with_noise(seed: int) -> None:
    """As training leaves them: every entry with an error, in a frame that moves."""
    rng = torch.Generator().manual_seed(seed)
    noise = [0.02 * torch.randn(n, 4, 4, generator=rng).double() for n in (6, 4)]
    z = 0.3 * torch.randn(4, 6, generator=rng).double()
    moved = torch.linalg.matrix_exp(torch.einsum("mk,kij->mij", z, LORENTZ))
    candidates = moved @ stacked(METRIC, -METRIC, torch.eye(4), METRIC) + noise[1]
    part = discrete_part(candidates, LORENTZ + noise[0])
    assert part.group == "V4"
    assert part.names == ("identity", "parity", "time reversal", "parity and time reversal")
    assert 0 < part.moved_out < 0.2
