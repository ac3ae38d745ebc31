"""Conformance suite of verifiers."""

from __future__ import annotations

import torch
from torch import Tensor

from symdisc.component_check import interface_problems
from symdisc.data.samples import Samples
from symdisc.interfaces import Gains, Question, Verifier
from symdisc.representations import Representation
from symdisc.testing.conformance import attempting, require, require_finite
from symdisc.verify.block_scales import mask_blocks, state_scales
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.displacement import Points, matched_family
from symdisc.verify.references import random_references

N_ROWS = 1200
N_RANDOM = 5
LARGEST_RATIO = 0.25
"""T of the true generator over the median T of random ones, at most [1]: ρ is 0.5."""


def check_verifier(
    component: type[Verifier], samples: Samples | None = None, true: Tensor | None = None
) -> None:
    """Check that a verifier tells a true symmetry from random generators, and keeps its promises.

    Args:
        component: The verifier.
        samples: Rows that it suits, each a trajectory of its own; by default points of a plane,
            distributed alike in all directions, with their squared distance from the origin.
        true: A true generator of these rows, ``(n, n)``; by default the turn of the plane.

    Raises:
        ConformanceError: Shapes or values are wrong, the same seed does not give the same, the
            global random state or the rows are changed, or the truth is not recognised.
    """
    problems = interface_problems("verifier", component)
    require(not problems, f"{component.__name__} is no verifier: " + "; ".join(problems))
    samples = _turning() if samples is None else samples
    true = torch.tensor([[0.0, 1.0], [-1.0, 0.0]]).double() if true is None else true.double()
    what = component.__name__
    with attempting(f"{what}.unsuited"):
        reason = component.unsuited(samples)
    require(reason == "", f"{what}.unsuited must give '' for rows that it suits; got {reason!r}")
    require(0 <= component.apart < 1, f"{what}.apart must be in [0, 1); got {component.apart}")
    require(bool(component.statement), f"{what}.statement must not be empty")
    question = _question(component, samples, true)
    gains = _asked(component, question)
    _check_shapes(gains, question, what)
    _check_repeated(component, question, gains)
    _check_truth(gains, what)


def _turning() -> Samples:
    states = torch.randn(N_ROWS, 1, 2, generator=torch.Generator().manual_seed(7))
    return Samples(
        states,
        torch.arange(N_ROWS),
        Representation.vector(2),
        states.square().sum((1, 2))[:, None],
        Representation.scalars(1),
    )


def _question(component: type[Verifier], samples: Samples, true: Tensor) -> Question:
    n_apart = round(component.apart * len(samples))
    tested = samples.rows(torch.arange(n_apart, len(samples)))
    mask = torch.ones_like(true)
    scales = state_scales(tested, mask_blocks(mask))
    points = Points.of(tested.states, scales, tested.representation)
    others = random_references(mask, true[None], N_RANDOM, torch.Generator().manual_seed(8))
    return Question(
        tested,
        torch.arange(len(tested)),
        samples.rows(torch.arange(n_apart)) if n_apart else None,
        samples.n_classes,
        matched_family(torch.cat([true[None], others]), points, None, 0.5),
        scales,
        mask_blocks(mask),
        DefectOptions(),
    )


def _asked(component: type[Verifier], question: Question) -> Gains:
    what = component.__name__
    before, state = question.tested.states.clone(), torch.get_rng_state()
    with attempting(f"{what}: gains"):
        gains = component().gains(question, torch.Generator().manual_seed(9))
    require(
        torch.equal(torch.get_rng_state(), state), f"{what}: gains uses the global random state"
    )
    same = torch.equal(question.tested.states, before)
    require(same, f"{what}: gains changes the rows that it is given")
    return gains


def _check_shapes(gains: Gains, question: Question, what: str) -> None:
    n, s = len(question.tested), len(question.family)
    require_finite(gains.rows, (n, s), f"{what}: gains.rows")
    require_finite(gains.by_share, (len(gains.by_share), n, s), f"{what}: gains.by_share")
    require(
        tuple(gains.support.shape) == (s,),
        f"{what}: gains.support must have shape ({s},); got {tuple(gains.support.shape)}",
    )


def _check_repeated(component: type[Verifier], question: Question, gains: Gains) -> None:
    again = _asked(component, question)
    require(
        torch.equal(again.rows, gains.rows),
        f"{component.__name__}: the same seed gives other gains the second time",
    )


def _check_truth(gains: Gains, what: str) -> None:
    mean = gains.rows.double().mean(0)
    truth, random = float(mean[0]), float(mean[1:].median())
    require(random > 0, f"{what}: random generators are not recognised, T = {random:.3g} nat")
    require(
        truth <= LARGEST_RATIO * random,
        f"{what}: T of a true generator is {truth:.3g} nat, that of random ones {random:.3g}; "
        f"at most {LARGEST_RATIO:g} times as much is allowed",
    )
