from __future__ import annotations

import torch
from torch import Tensor, nn

from symdisc_atlasd.atlas import Atlas
from symdisc_atlasd.chart_judge import ChartJudge
from symdisc_atlasd.chart_networks import LAYERS, PatchPredictor
from symdisc_atlasd.judge import evenly
from tests.plugins.symdisc_atlasd.films import films


class Inner(nn.Module):
    """Gives back the inner part of a patch: equivariant under everything."""

    def forward(self, patches: Tensor) -> Tensor:
        return patches[..., LAYERS:-LAYERS, LAYERS:-LAYERS]


class Slope(nn.Module):
    """How a field falls along rows: only reflections of the columns leave it as it is."""

    def forward(self, patches: Tensor) -> Tensor:
        inner = slice(LAYERS, -LAYERS)
        return patches[..., inner, LAYERS + 1 : -LAYERS + 1] - patches[..., inner, inner]


def judge(network: nn.Module) -> ChartJudge:
    samples = films()
    one = torch.ones(1, 1, 1)
    predictor = PatchPredictor(network, 0 * one, one, one)  # type: ignore[arg-type]
    return ChartJudge.on(predictor, Atlas.of(2, 7, samples.representation))


def test_elements_are_judged_on_the_patches_of_all_charts() -> None:
    samples = films()
    # What becomes of a picture is the picture itself: nothing changes but by its own amount.
    same = samples.states[:, :1].expand(-1, 2, -1) * torch.tensor([1.0, 2.0])[:, None]
    still = type(samples)(same, samples.trajectory, samples.representation)
    batch = evenly(still, 2)
    elements = torch.randn(2, 3, 1, 2, 2) / 3 + torch.eye(2)
    errors = judge(Inner()).errors(elements, batch)
    assert errors.shape == (2, 3, 60)
    assert errors.max() < 1e-4


def test_a_predictor_that_singles_out_a_direction_is_told() -> None:
    samples = films()
    fields = samples.states[:, 0].reshape(-1, 32, 32)
    slope = (fields.roll(-1, -1) - fields).flatten(1)
    moving = torch.stack([samples.states[:, 0], samples.states[:, 0] + slope], dim=1)
    batch = evenly(type(samples)(moving, samples.trajectory, samples.representation), 1)
    flip, turn = torch.diag(torch.tensor([1.0, -1.0])), torch.tensor([[0.0, -1.0], [1.0, 0.0]])
    found = judge(Slope()).relative(torch.stack([torch.eye(2), flip, turn])[None], batch)
    assert found[0, :2].abs().max() < 1e-3
    assert found[0, 2] > 0.1


def test_each_row_may_have_an_element_of_its_own() -> None:
    batch = evenly(films(), 1)
    rows = batch.states.shape[1]
    elements = torch.randn(1, 1, rows, 2, 2) / 3 + torch.eye(2)
    every = judge(Inner()).errors(elements, batch)
    alike = judge(Inner()).errors(elements[:, :, 4:5], batch)
    # Rows are dealt to four charts in turn; the fifth row is the second one of the first chart.
    torch.testing.assert_close(every[0, 0, 4], alike[0, 0, 4])


def test_the_level_is_that_of_other_rows_of_a_chart() -> None:
    level = judge(Inner()).level(evenly(films(), 2))
    assert level.shape == (2,)
    assert (level > 0).all()
    assert level[0] == level[1]
