from __future__ import annotations

import torch

from symdisc.representations import Representation
from symdisc_atlasd.metric import Metric


def of(scales: list[float]) -> Metric:
    rng = torch.Generator().manual_seed(0)
    points = torch.randn(4000, len(scales), generator=rng) * torch.tensor(scales)
    return Metric.of(points, Representation.vector(len(scales)))


def test_the_norm_is_how_far_inputs_move_over_their_size() -> None:
    rng = torch.Generator().manual_seed(1)
    points = torch.randn(500, 6, generator=rng)
    metric = Metric.of(points, Representation.parse("2*V3"))
    generator = torch.randn(3, 3, generator=rng)
    vectors = points.reshape(-1, 3)
    expected = (vectors @ generator.T).square().sum() / vectors.square().sum()
    found = metric.products(generator, generator)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=0)


def test_unit_generators_have_norm_one() -> None:
    unit = of([1.0, 3.0]).unit(torch.randn(4, 5, 2, 2))
    torch.testing.assert_close(of([1.0, 3.0]).products(unit, unit), torch.ones(4, 5))


def test_they_are_made_orthonormal_and_the_first_keeps_its_direction() -> None:
    metric, drawn = of([1.0, 2.0, 0.5]), torch.randn(2, 4, 3, 3)
    made = metric(drawn)
    gram = torch.stack(
        [metric.products(made, made[:, i : i + 1].expand_as(made)) for i in range(4)], dim=-1
    )
    torch.testing.assert_close(gram, torch.eye(4).expand(2, 4, 4), rtol=0, atol=1e-4)
    torch.testing.assert_close(made[:, 0], metric.unit(drawn[:, 0]))


def test_a_generator_gives_no_gradient_to_those_before_it() -> None:
    drawn = torch.randn(1, 2, 2, 2, requires_grad=True)
    (gradient,) = torch.autograd.grad(of([1.0, 1.0])(drawn)[:, 1].sum(), drawn)
    assert gradient[:, 0].abs().max() == 0
    assert gradient[:, 1].abs().max() > 0


def test_what_moves_nothing_stays_finite() -> None:
    metric = of([1.0, 0.0])
    still = torch.tensor([[0.0, 1.0], [0.0, 1.0]])
    assert metric.unit(still).isfinite().all()
    assert metric(torch.zeros(1, 2, 2, 2)).isfinite().all()


def test_the_span_of_the_inputs_is_where_there_are_some() -> None:
    torch.testing.assert_close(of([1.0, 0.1]).span(), torch.eye(2))
    along = torch.tensor([[1.0, -1.0], [-1.0, 1.0]]) / 2
    points = torch.randn(50, 1) * torch.tensor([1.0, -1.0])
    torch.testing.assert_close(Metric.of(points, Representation.vector(2)).span(), along)
