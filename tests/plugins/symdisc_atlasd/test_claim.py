from __future__ import annotations

import torch
from torch import Tensor

from symdisc_atlasd.claim import MOST, Claim

GENERATORS = torch.arange(6.0).reshape(2, 3, 1, 1).expand(-1, -1, 2, 2)
REPRESENTATIVES = torch.stack([torch.eye(2), torch.tensor([[0.0, 1.0], [1.0, 0.0]])]).expand(
    2, -1, -1, -1
)
REPRESENTATIVE_ERRORS = torch.tensor([[0.01, 0.5], [0.02, 0.1]])


def claim(
    errors: list[list[float]], cosets: bool = True, unexplained: list[float] | None = None
) -> Claim:
    given: tuple[Tensor | None, Tensor | None] = (REPRESENTATIVES, REPRESENTATIVE_ERRORS)
    missed = None if unexplained is None else torch.tensor(unexplained)
    found = given if cosets else (None, None)
    return Claim.of(GENERATORS, torch.tensor(errors), *found, 0.2, missed)


def test_of_every_seed_the_best_are_kept_as_many_as_most_have() -> None:
    found = claim([[0.9, 0.1, 0.05], [0.01, 0.7, 0.14]])
    assert found.generators[..., 0, 0].tolist() == [[2.0, 1.0], [3.0, 5.0]]
    assert ": 0.03, 0.12, 0.8 (medians of the seeds)" in found.notes[0]
    assert "2 of 3 are claimed, the limit is 0.2." in found.notes[0]
    assert found.doubt == ""


def test_representatives_with_large_errors_are_no_claim() -> None:
    found = claim([[0.1, 0.5, 0.5]] * 2)
    assert found.representatives is not None
    assert found.representatives.isnan().flatten(2).all(2).tolist() == [
        [False, True],
        [False, False],
    ]
    assert found.notes[1].startswith("Of the 2 matrices of each seed, these many ended with a")
    assert found.notes[1].endswith("belongs to another input: 1, 2.")


def test_without_a_symmetric_generator_the_group_is_discrete() -> None:
    assert claim([[0.5, 0.6, 0.7]] * 2).generators.shape == (2, 0, 2, 2)


def test_without_a_search_for_cosets_the_best_generator_is_shown_with_a_doubt() -> None:
    found = claim([[0.5, 0.4, 0.7]] * 2, cosets=False)
    assert found.generators[..., 0, 0].tolist() == [[1.0], [4.0]]
    assert found.representatives is None
    assert found.doubt == "no generator has a relative predictor error of at most 0.2"


def test_a_group_without_generators_says_nothing_of_them() -> None:
    nothing = torch.zeros(2, 0, 2, 2)
    found = Claim.of(nothing, torch.zeros(2, 0), REPRESENTATIVES, REPRESENTATIVE_ERRORS, 0.2)
    assert found.generators.shape == (2, 0, 2, 2)
    assert len(found.notes) == 1


def test_many_errors_are_cut_short() -> None:
    many = torch.ones(1, 9, 2, 2)
    (note,) = Claim.of(many, torch.full((1, 9), 0.1), None, None, 0.2).notes
    assert note.count("0.1,") == 8
    assert "…" in note


def test_of_representatives_that_are_alike_the_best_is_claimed() -> None:
    alike = torch.eye(2) + 0.01 * torch.arange(3.0)[:, None, None]
    found = Claim.of(GENERATORS[:1], torch.ones(1, 3), alike[None], torch.full((1, 3), 0.1), 0.2)
    assert found.representatives is not None
    assert found.representatives[0, :, 0, 0].isnan().tolist() == [False, True, True]


def test_of_a_whole_coset_some_are_claimed_of_either_sign() -> None:
    angles = torch.arange(20.0)
    turns = torch.matrix_exp(angles[:, None, None] * torch.tensor([[0.0, -1.0], [1.0, 0.0]]))
    both = torch.cat([turns, turns @ torch.diag(torch.tensor([1.0, -1.0]))])[None]
    found = Claim.of(GENERATORS[:1], torch.ones(1, 3), both, torch.full((1, 40), 0.1), 0.2)
    assert found.representatives is not None
    claimed = ~found.representatives[0, :, 0, 0].isnan()
    assert (int(claimed[:20].sum()), int(claimed[20:].sum())) == (MOST, MOST)


def test_where_most_predictors_tell_nothing_nothing_is_claimed() -> None:
    found = claim([[0.1, 0.1, 0.1]] * 2, unexplained=[0.99, 1.3])
    assert found.generators.shape == (2, 1, 2, 2)
    assert found.representatives is None
    assert found.doubt.startswith("the predictors tell no more than a constant does")
    told, why = found.notes
    assert told.endswith("on rows that they were not trained on: 0.99, 1.3.")
    assert why == f"Nothing is claimed: {found.doubt}."


def test_what_predictors_miss_is_told() -> None:
    found = claim([[0.1, 0.1, 0.1]] * 2, unexplained=[0.02, 1.3])
    assert found.doubt == ""
    assert found.representatives is not None
    assert found.notes[0].endswith(": 0.02, 1.3.")
