from __future__ import annotations

import pytest
import torch

from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc_liegan.criterion import EnergyCriterion
from symdisc_liegan.image_view import ImageView, fitted_view, small_shifts
from symdisc_liegan.whitening import Whitening

FORM = Representation(2, 3, 1, (5, 6))


def samples(targets: torch.Tensor | None = None) -> Samples:
    states = 4 + 3 * torch.randn(200, 2, FORM.size, generator=torch.Generator().manual_seed(0))
    form = None if targets is None else Representation.scalars(2)
    return Samples(states, torch.arange(200), FORM, targets, form)


def test_without_blur_pixels_are_brought_to_one_scale() -> None:
    data = samples()
    seen, _ = ImageView.fit(data, 0.0)(data.states[None], None)
    pixels = data.states[..., :-1]
    expected = (pixels - pixels.mean()) / pixels.std(correction=0)
    torch.testing.assert_close(seen[0, ..., :-1], expected)
    assert torch.equal(seen[0, ..., -1], data.states[..., -1])


def test_blur_spreads_one_pixel_over_its_neighbours_and_keeps_flat_images() -> None:
    view = ImageView.fit(samples(), 0.7)
    flat = torch.full((1, 1, 1, FORM.size), 2.0)
    even, _ = view(flat, None)
    assert even[..., :-1].std() < 1e-6
    point = flat.clone()
    point[..., 2 * 6 + 3] += 1
    spread = (view(point, None)[0] - even)[0, 0, 0, :30].reshape(5, 6) * view.scale
    ratio = float(torch.exp(torch.tensor(-0.5 / 0.7**2)))
    assert float(spread[2, 4] / spread[2, 3]) == pytest.approx(ratio, rel=0.02)
    assert float(spread[1, 2] / spread[2, 3]) == pytest.approx(ratio**2, rel=0.02)
    assert (view(point, None)[0] - even)[..., 30:].abs().max() < 1e-6  # the other channel


def test_targets_are_whitened_and_labels_stay() -> None:
    targets = torch.randn(200, 2, generator=torch.Generator().manual_seed(1)) * 7
    data = samples(targets)
    view = ImageView.fit(data, 0.7)
    _, seen = view(data.states[None], targets[None])
    assert seen is not None
    torch.testing.assert_close(torch.cov(seen[0].T), torch.eye(2), atol=1e-3, rtol=0)
    labels = torch.arange(200)[None]
    assert ImageView.fit(samples(), 0.7)(data.states[None], labels)[1] is labels


def test_images_that_are_all_the_same_do_not_divide_by_zero() -> None:
    states = torch.ones(10, 1, 16)
    view = ImageView.fit(Samples(states, torch.arange(10), Representation.image(4, 4)), 0.5)
    assert bool(view(states[None], None)[0].isfinite().all())


def test_what_is_no_image_is_whitened() -> None:
    states = torch.randn(50, 1, 4, generator=torch.Generator().manual_seed(2))
    data = Samples(states, torch.arange(50), Representation.vector(4))
    assert isinstance(fitted_view(data, 0.7), Whitening)
    assert isinstance(fitted_view(samples(), 0.7), ImageView)


def test_pixels_have_no_principal_components(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time for them would grow with the cube of the number of pixels."""
    sizes = []
    eigh = torch.linalg.eigh

    def counted(matrix: torch.Tensor) -> object:
        sizes.append(len(matrix))
        return eigh(matrix)

    monkeypatch.setattr(torch.linalg, "eigh", counted)
    targets = torch.randn(200, 2, generator=torch.Generator().manual_seed(3))
    fitted_view(samples(targets), 0.7)
    EnergyCriterion.fit(samples(targets), None)
    assert sizes == [2, 2]


def test_shifts_are_uniform_up_to_their_size_in_pixels() -> None:
    rng = torch.Generator().manual_seed(0)
    shifts = small_shifts((40, 50), 0.5, Representation.image(8, 4), rng)
    assert shifts.shape == (40, 50, 3, 3)
    offsets = shifts[..., :2, 2] * 8 / 2  # in pixels of the longer side
    assert 0.49 < float(offsets.abs().max()) <= 0.5
    assert float(offsets.mean()) == pytest.approx(0, abs=0.02)
    shifts[..., :2, 2] = 0
    assert torch.equal(shifts, torch.eye(3).expand(40, 50, 3, 3))


def test_both_are_for_images() -> None:
    vectors = Representation.vector(4)
    data = Samples(torch.randn(10, 1, 4), torch.arange(10), vectors)
    with pytest.raises(ValueError, match="'V4' holds no images"):
        ImageView.fit(data, 0.5)
    with pytest.raises(ValueError, match="'V4' holds no images"):
        small_shifts((2,), 0.5, vectors, torch.Generator())
