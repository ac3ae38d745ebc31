from __future__ import annotations

import pytest
import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc_liegan.whitening import FLOOR, Whitening

N = 2000


def samples(deviations: list[float], targets: Tensor | None = None, steps: int = 1) -> Samples:
    rng = torch.Generator().manual_seed(0)
    size = len(deviations) // steps
    rows = torch.randn(N, len(deviations), generator=rng) * torch.tensor(deviations) + 5
    turn = torch.linalg.qr(torch.randn(len(deviations), len(deviations), generator=rng))[0]
    form = (
        Representation.scalars(targets.shape[1])
        if targets is not None and targets.ndim == 2
        else None
    )
    states = (rows @ turn).reshape(N, steps, size)
    return Samples(
        states, torch.arange(N), Representation.vector(size), targets, target_representation=form
    )


def covariance(rows: Tensor) -> Tensor:
    return torch.cov(rows.double().T).reshape(rows.shape[-1], rows.shape[-1])


@pytest.mark.parametrize("steps", [1, 2])
def test_states_get_unit_covariance_and_mean_zero(steps: int) -> None:
    data = samples([3.0, 2.0, 1.0, 1.5], steps=steps)
    seen, targets = Whitening.fit(data)(data.states[None], None)
    assert targets is None
    assert seen.shape == (1, *data.states.shape)
    rows = seen[0].flatten(1)
    assert torch.allclose(covariance(rows), torch.eye(4).double(), atol=1e-3)
    assert rows.mean(0).abs().max() < 1e-4


def test_thin_directions_are_stretched_only_so_far() -> None:
    data = samples([2.0, 1.0, 0.001, 0.0])
    seen, _ = Whitening.fit(data)(data.states[None], None)
    found = torch.linalg.eigvalsh(covariance(seen[0].flatten(1))).sqrt()
    assert found[3].item() == pytest.approx(1.0, abs=1e-3)
    assert found[2].item() == pytest.approx(1.0, abs=1e-3)
    assert found[1].item() == pytest.approx(0.001 / (2.0 * FLOOR), rel=0.1)
    assert found[0].item() == pytest.approx(0.0, abs=1e-3)


def test_targets_are_whitened_like_states() -> None:
    targets = torch.randn(N, 2, generator=torch.Generator().manual_seed(1)) * 7 - 3
    data = samples([1.0, 1.0], targets)
    _, seen = Whitening.fit(data)(data.states[None], targets[None])
    assert seen is not None
    assert torch.allclose(covariance(seen[0]), torch.eye(2).double(), atol=1e-3)


def test_labels_stay_as_they_are() -> None:
    labels = torch.arange(N) % 3
    data = samples([1.0, 1.0], labels)
    _, seen = Whitening.fit(data)(data.states[None], labels[None])
    assert seen is not None
    assert torch.equal(seen[0], labels)


def test_constant_targets_become_zeros() -> None:
    targets = torch.full((N, 1), 0.3)
    data = samples([1.0, 1.0], targets)
    _, seen = Whitening.fit(data)(data.states[None], targets[None])
    assert seen is not None
    assert seen.abs().max() < 1e-5


def test_without_a_fit_nothing_changes() -> None:
    x, y = torch.randn(2, 5, 1, 3), torch.randn(2, 5, 2)
    seen = Whitening()(x, y)
    assert seen[0] is x
    assert seen[1] is y


def test_it_can_be_undone_so_nothing_is_hidden_from_the_discriminator() -> None:
    data = samples([3.0, 1.0, 0.01])
    whitening = Whitening.fit(data)
    assert whitening.states is not None
    assert torch.linalg.matrix_rank(whitening.states.matrix) == 3
