"""Discrete elements on data of which the truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from elements_toy import MIRROR, TURN, turn
from made_elements import discrete_result, mirrored
from made_results import make
from numpy.typing import NDArray
from torch import Tensor

from symdisc.cosets.discrete_part import DiscretePart, discrete_part
from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.interfaces import Verifier
from symdisc.result import SymmetryResult
from symdisc.verify.conditional import Conditional
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.distributional import Distributional
from symdisc.verify.element_tests import ElementTests
from symdisc.verify.element_verifying import with_element_tests
from symdisc.verify.result_verifying import verify_result
from symdisc_basics.datasets.lorentz import Lorentz, LorentzOptions

OPTIONS = DefectOptions(n_references=8, max_rows=2000)
PARITY = torch.diag(torch.tensor([1.0, -1.0, -1.0, -1.0])).double()
C = Conditional()


def checked(
    result: SymmetryResult,
    samples: Samples,
    verifier: Verifier = C,
    options: DefectOptions = OPTIONS,
) -> ElementTests:
    tested = with_element_tests(result, samples, verifier, seed=0, options=options)
    assert tested.discrete is not None
    assert tested.discrete.tests is not None
    return tested.discrete.tests


def normal(seed: int, *shape: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(shape)


def inner(odd: float) -> Samples:
    """Two vectors, their inner product, and a term that reflections change."""
    x = normal(0, 5000, 4)
    y = x[:, 0] * x[:, 2] + x[:, 1] * x[:, 3] + odd * (x[:, 0] * x[:, 3] - x[:, 1] * x[:, 2])
    return prepare(x, y[:, None], representation="2*V2")


def test_a_reflection_of_an_invariant_function_is_confirmed() -> None:
    result = make(discrete=mirrored(), representation=inner(0).representation)
    found = checked(result, inner(0.0))
    assert found.verdicts[0].word == "confirmed"
    (defect,) = found.defects
    assert defect.high < 0.15
    assert defect.statement == "conditional"
    assert defect.support > 0.9
    assert 0.5 < defect.displacement < 1.5
    assert defect.n_references == 8


def test_a_term_that_reflections_change_is_noticed() -> None:
    result = make(discrete=mirrored(), representation=inner(0).representation)
    slightly = checked(result, inner(0.1)).defects[0]
    assert slightly.low > 0
    found = checked(result, inner(0.4))
    assert found.verdicts[0].word == "not supported"
    assert found.defects[0].value > slightly.value


def test_turns_of_a_square_and_others() -> None:
    x = normal(1, 5000, 2)
    y = (x**2).sum(1) * np.cos(4 * np.arctan2(x[:, 1], x[:, 0]))
    group = discrete_part(torch.stack([turn(np.pi / 2), MIRROR]), torch.zeros(0, 2, 2))
    right = group.restricted((0, group.names.index("half turn")))
    wrong = replace(right, representatives=torch.stack([torch.eye(2).double(), turn(0.9)]))
    samples = prepare(x, y[:, None])
    assert checked(discrete_result(right), samples).verdicts[0].word == "confirmed"
    assert checked(discrete_result(wrong), samples).verdicts[0].word == "not supported"


def test_parity_and_time_reversal_where_energies_are_positive() -> None:
    samples = prepare(Lorentz(LorentzOptions(n_events=12_000, seed=1)).make())
    assert samples.truth is not None
    part = discrete_part(torch.stack([PARITY, -PARITY]), samples.truth)
    result = make(
        samples.truth.double(),
        discrete=part,
        verification=None,
        representation=samples.representation,
    )
    found = checked(result, samples)
    words = dict(zip(part.names[1:], [v.word for v in found.verdicts], strict=True))
    assert words == {
        "parity": "confirmed",
        "time reversal": "untestable here",
        "parity and time reversal": "untestable here",
    }
    assert "of the moved rows stay where the data are" in found.verdicts[1].why
    assert found.defects[1].support < 0.05
    assert part.tested(found).held.names == ("identity", "parity")


def test_the_law_of_the_states() -> None:
    samples = prepare(normal(2, 4000, 2) * [1.0, 1.0])
    assert (
        checked(make(discrete=mirrored()), samples, Distributional()).verdicts[0].word
        == "confirmed"
    )
    skew = prepare(np.abs(normal(2, 4000, 2)))
    found = checked(make(discrete=mirrored()), skew, Distributional())
    assert found.verdicts[0].word == "not supported"


def test_mirrors_of_images() -> None:
    """Bumps that lie left as often as right, but more often below than above."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(0, 0.4, (800, 1, 1)), rng.normal(0.3, 0.2, (800, 1, 1))
    down, right = np.mgrid[-1:1:8j, -1:1:8j]
    bumps = np.exp(-((right - x) ** 2 + (down - y) ** 2) / 0.1)
    samples = prepare(bumps.reshape(800, 64), representation="G8x8")
    flips = torch.stack([torch.diag(torch.tensor(d)) for d in ([-1.0, 1, 1], [1.0, -1, 1])])
    part = discrete_part(flips, torch.zeros(0, 3, 3))
    mask = torch.ones(3, 3).double()
    mask[2] = 0
    form = samples.representation
    result = discrete_result(part, representation=form, mask=mask)
    result = replace(result, generators=torch.zeros(0, 3, 3).double())
    quick = OPTIONS.model_copy(update={"n_references": 5, "max_rows": 600})
    found = checked(result, samples, Distributional(), quick)
    words = [verdict.word for verdict in found.verdicts]
    assert words[0] == "confirmed"
    assert words[1:] == ["not supported"] * 2


def test_noise_is_untestable() -> None:
    samples = prepare(normal(3, 4000, 2), normal(4, 4000, 1))
    found = checked(make(discrete=mirrored()), samples)
    assert found.verdicts[0].word == "untestable here"
    assert found.verdicts[0].why.startswith("random generators pass as well")


def almost(matrix: Tensor) -> DiscretePart:
    return replace(mirrored(), representatives=torch.stack([torch.eye(2).double(), matrix]))


def test_what_hardly_moves_and_too_few_rows() -> None:
    samples = prepare(normal(5, 600, 2), normal(6, 600, 1))
    found = checked(make(discrete=almost(turn(0.01))), samples)
    assert found.verdicts[0].word == "trivial"
    assert found.verdicts[0].why.startswith("the element hardly moves the data: by 0.0")
    few = samples.rows(torch.arange(40))
    found = checked(make(discrete=mirrored()), few)
    assert found.verdicts[0].word == "untestable here"
    assert "held-out rows to test on, at least 100 are needed" in found.verdicts[0].why
    still = np.concatenate([np.ones((400, 2)), normal(6, 400, 1)], axis=1)
    still_samples = prepare(still, normal(7, 400, 1), representation="V2 + S")
    result = make(discrete=mirrored(), representation=still_samples.representation)
    assert checked(result, still_samples).verdicts[0].word == "trivial"


def test_nothing_to_compare_with() -> None:
    """All matrices of the class are in the identity component."""
    every = torch.eye(4).double().reshape(4, 2, 2)
    part = replace(discrete_part(MIRROR[None], every), moved_out=0.0)
    result = make(every, discrete=part, verification=None)
    found = checked(result, prepare(normal(7, 600, 2), normal(8, 600, 1)))
    assert found.verdicts[0].word == "untestable here"
    assert "nothing to compare with" in found.verdicts[0].why


def test_generators_and_elements_are_corrected_together() -> None:
    samples = inner(0.0)
    result = make(TURN[None], representation=samples.representation, discrete=mirrored())
    alone = verify_result(result, samples, C, seed=0, options=OPTIONS)
    assert alone is not None
    assert alone.verdicts[0].word == "confirmed"
    # Two tests of which one fails by a p-value that was just small enough for one.
    defect = replace(alone.defects[0], p_value=0.02)
    assert alone.judged_with([], OPTIONS).verdicts[0].word == "confirmed"
    barely = replace(alone, defects=(defect,))
    assert barely.judged_with([], OPTIONS).overall.word == "confirmed"
    assert barely.judged_with([defect], OPTIONS).overall.word != "confirmed"
    doubted = alone.doubted("the method itself doubts it")
    assert doubted.judged_with([defect], OPTIONS).overall == doubted.overall


def test_nothing_to_test() -> None:
    samples = prepare(normal(9, 300, 2))
    for result in (make(), make(discrete=discrete_part(torch.zeros(0, 2, 2), TURN[None]))):
        assert with_element_tests(result, samples, C, seed=0, options=OPTIONS) is result


@pytest.mark.parametrize("most", [400, 2000])
def test_the_same_seed_gives_the_same(most: int) -> None:
    options = OPTIONS.model_copy(update={"max_rows": most, "steps": 20})
    state = torch.get_rng_state()
    samples = inner(0.0)
    result = make(discrete=mirrored(), representation=samples.representation)
    first, second = (checked(result, samples, options=options) for _ in range(2))
    assert first == second
    assert torch.equal(state, torch.get_rng_state())
