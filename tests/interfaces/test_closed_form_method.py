"""A method without training: symmetries of y = f(x) from the gradient of a fitted quadratic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest
import torch
from torch import Tensor

from symdisc.algebra.spans import largest_angle
from symdisc.component_check import interface_problems
from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext
from symdisc.engine.loop import run_stages
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.progress import Silent
from symdisc.interfaces import (
    Artifacts,
    ClosedFormStage,
    Discovery,
    Method,
    Stage,
    StageContext,
)
from symdisc.options import Field, Options
from symdisc.representations import Representation


class InvariantQuadraticOptions(Options):
    """Options of the toy method."""

    threshold: float = Field(0.05, gt=0, description="Largest relative singular value [1]")


class NullSpace(ClosedFormStage):
    """All L with ∇f(x)·L x = 0 for every x, where f(x) = xᵀ Q x + bᵀ x + c is fitted to y."""

    name: ClassVar[str] = "null-space"

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold

    def solve(self, context: StageContext, artifacts: Artifacts) -> Artifacts:
        x = context.samples.states[:, 0].double()
        y = context.samples.targets
        assert y is not None
        gradient = self._gradient(x, y[:, :1].double())
        conditions = torch.einsum("bi,bj->bij", gradient, x).flatten(1)
        _, values, directions = torch.linalg.svd(conditions, full_matrices=False)
        kept = directions[values < self._threshold * values[0]]
        return {"generators": kept.reshape(1, -1, x.shape[1], x.shape[1])}

    def _gradient(self, x: Tensor, y: Tensor) -> Tensor:
        n = x.shape[1]
        i, j = torch.triu_indices(n, n)
        features = torch.cat([x[:, i] * x[:, j], x, torch.ones(len(x), 1).double()], dim=1)
        fitted = torch.linalg.lstsq(features, y).solution[:, 0]
        q = torch.zeros(n, n).double()
        q[i, j] = fitted[: len(i)]
        gradient: Tensor = x @ (q + q.T) + fitted[len(i) : len(i) + n]
        return gradient


class InvariantQuadratic(Method):
    """A whole method in one closed-form stage."""

    Options: ClassVar[type[Options]] = InvariantQuadraticOptions
    uses: ClassVar[Mapping[str, str]] = {}
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"default": {}}

    def __init__(self, options: InvariantQuadraticOptions) -> None:
        self._options = options

    def stages(self) -> Sequence[Stage]:
        return [NullSpace(self._options.threshold)]

    def discovery(self, artifacts: Artifacts) -> Discovery:
        n = artifacts["generators"].shape[-1]
        notes = ("Found by a null space; nothing was trained.",)
        return Discovery(artifacts["generators"], torch.ones(n, n), notes=notes)


def discover(form: Tensor, noise: float = 0.02) -> Tensor:
    """Generators found in data with the target xᵀ ``form`` x and some noise."""
    rng = torch.Generator().manual_seed(0)
    x = torch.randn(2000, len(form), generator=rng)
    y = torch.einsum("bi,ij,bj->b", x, form, x) + noise * torch.randn(2000, generator=rng)
    samples = Samples(
        x[:, None],
        torch.arange(2000),
        Representation.vector(len(form)),
        y[:, None],
        Representation.scalars(1),
    )
    run = RunContext(samples, (0,), torch.device("cpu"), rng, {})
    method = InvariantQuadratic(InvariantQuadraticOptions())
    outcome = run_stages(method.stages(), run, MetricsFiles(None, (0,)), Silent())
    found = method.discovery(outcome.artifacts)
    assert found.notes
    assert outcome.interrupted == ""
    return found.generators[0]


def invariance_algebra(form: Tensor) -> Tensor:
    """The true generators of xᵀ ``form`` x: form⁻¹ times a skew matrix."""
    n = len(form)
    i, j = torch.triu_indices(n, n, 1)
    skew = torch.zeros(len(i), n, n).double()
    skew[torch.arange(len(i)), i, j] = 1
    inverse: Tensor = torch.linalg.inv(form.double())
    return inverse @ (skew - skew.mT)


@pytest.mark.parametrize(
    "diagonal", [[1.0, 1.0], [1.0, -1.0], [1.0, 1.0, 1.0], [1.0, 2.0, 4.0], [1.0, -1.0, -1.0, -1.0]]
)
def test_it_finds_the_orthogonal_group_of_the_form(diagonal: list[float]) -> None:
    form = torch.diag(torch.tensor(diagonal))
    found, truth = discover(form), invariance_algebra(form)
    assert found.shape == truth.shape
    assert largest_angle(truth, found) < 1.0


def test_the_class_is_a_method() -> None:
    assert interface_problems("method", InvariantQuadratic) == []
