from __future__ import annotations

import pytest
import torch

from symdisc.algebra.known import known_algebra
from symdisc.engine.module_state import put_tensors, tensors_of
from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes
from symdisc.options import parse_options
from symdisc.representations import Representation
from symdisc.testing import check_group
from symdisc_basics.direct_sum import DirectSum, DirectSumOptions

V6 = DataShapes(1, Representation.vector(6))
IMAGE = DataShapes(1, Representation.image(8, 8))


def direct_sum(parts: str, shapes: DataShapes = V6) -> DirectSum:
    return DirectSum(DirectSumOptions(parts=parts), shapes)


@pytest.mark.parametrize(
    "parts", ["learned(2)", "so(2)", "so(2) + learned(2, 2)", "scaling(1); learned(1)"]
)
def test_it_passes_the_suite(parts: str) -> None:
    check_group(DirectSum, {"parts": parts}, shapes=[V6, DataShapes(2, Representation(3, 2, 1))])


def test_it_passes_the_suite_on_images() -> None:
    check_group(DirectSum, {"parts": "se(2) + learned(3)"}, shapes=[IMAGE])


def test_parts_stand_one_after_the_other() -> None:
    group = direct_sum("so(2); trivial(1); so(1,2)")
    generators = group.generators()
    assert generators.shape == (4, 6, 6)
    assert group.blocks == ((0, 1), (3, 4, 5))
    expected = torch.zeros(4, 6, 6)
    expected[0, :2, :2] = torch.tensor(known_algebra("so(2)")[0])
    expected[1:, 3:, 3:] = torch.tensor(known_algebra("so(1,2)"))
    assert torch.equal(generators, expected)
    assert list(group.parameters()) == []


def test_learned_generators_have_entries_of_their_own_block_only() -> None:
    group = direct_sum("so(2); learned(3, 2)")
    learned = group.generators()[1:].detach()
    assert bool((learned[:, 2:5, 2:5] != 0).all())
    learned[:, 2:5, 2:5] = 0
    assert not learned.any()
    assert not torch.allclose(*group.generators()[1:, 2:5, 2:5].detach())


def test_sums_share_their_coordinates_and_keep_the_order() -> None:
    group = direct_sum("learned(3) + so(3); scaling(2)")
    assert group.blocks == ((0, 1, 2), (3, 4))
    assert group.n_generators == 5
    assert torch.equal(
        group.generators()[1:4, :3, :3], torch.tensor(known_algebra("so(3)")).float()
    )
    assert torch.equal(group.generators()[4, 3:5, 3:5], torch.eye(2))


def test_members_of_an_ensemble_differ_in_what_is_learned_alone() -> None:
    torch.manual_seed(0)
    members = [direct_sum("so(2); learned(2)") for _ in range(3)]
    stacked = DirectSum.stack(members).generators()
    assert stacked.shape == (3, 2, 6, 6)
    for member, generators in zip(members, stacked, strict=True):
        assert torch.equal(generators, member.generators())
    assert DirectSum.stack([direct_sum("so(3)")] * 2).generators().shape == (2, 3, 6, 6)


@pytest.mark.parametrize("parts", ["so(3)", "so(2); learned(2)"])
def test_a_state_can_be_put_back(parts: str) -> None:
    stacked = DirectSum.stack([direct_sum(parts) for _ in range(2)])
    before = {name: tensor.clone() for name, tensor in tensors_of(stacked).items()}
    put_tensors(stacked, {name: 2 * tensor for name, tensor in before.items()})
    for name, tensor in tensors_of(stacked).items():
        assert torch.equal(tensor, 2 * before[name])


def test_learned_matrices_of_images_are_affine() -> None:
    generators = direct_sum("learned(3, 2)", IMAGE).generators()
    assert not generators[:, 2].any()
    assert bool((generators[:, :2] != 0).all())


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ("so(9)", r"group\.parts: they need 9 coordinates, but the vectors have 6"),
        ("gl(99999)", r"group\.parts: 'gl\(99999\)' is too large: the vectors have 6 coordinates"),
        ("so(2); learned(3, 0)", r"'learned\(3, 0\)' must look like"),
        ("trivial(2)", r"group\.parts: nothing moves: add a known algebra or learned\(n\)"),
        ("so(2) + so(3)", r"'so\(2\) \+ so\(3\)' adds algebras of different sizes \[2, 3\]"),
        ("learned(2, 5)", r"'learned\(2, 5\)' must look like learned\(n\), learned\(n, k\) or tri"),
        ("trivial(2, 1)", r"'trivial\(2, 1\)' must look like"),
        ("learned(0)", r"'learned\(0\)' must look like"),
        ("su(2)", r"'su\(2\)' is no known Lie algebra; known: .*and learned\(n\), learned\(n, k\)"),
        ("", r"'' is no known Lie algebra"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts: str, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        direct_sum(parts)


def test_all_problems_are_listed() -> None:
    with pytest.raises(OptionError, match=r"(?s)'su\(2\)'.*\n.*'sp\(3\)'"):
        direct_sum("su(2); sp(3)")


def test_algebras_that_do_not_act_on_images_are_refused() -> None:
    with pytest.raises(OptionError, match=r"'so\(3\)' does not act on images: .* use se\(2\)"):
        direct_sum("so(3)", IMAGE)
    assert direct_sum("so(2)", IMAGE).n_generators == 1


def test_parts_are_required() -> None:
    with pytest.raises(OptionError, match=r"option 'group\.parts' .*Field required"):
        parse_options(DirectSumOptions, {}, "group")
