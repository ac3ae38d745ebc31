"""Results on standardised data, in the data's own units."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from symdisc import discover, load
from symdisc.algebra.spans import cosine
from symdisc.data.samples import Samples
from symdisc.data.standardise import How, Standardisation
from symdisc.errors import DataError
from symdisc.own_units import in_alike_units, in_own_units
from symdisc.representations import Representation
from symdisc.result import SymmetryResult

UNITS = np.array([1.0, 1e4])
TURN = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]], dtype=torch.float64)


def samples() -> Samples:
    states = np.random.default_rng(0).normal(size=(400, 1, 2)) * UNITS + UNITS * [3, -2]
    form = Representation.vector(2)
    return Samples(
        torch.from_numpy(states).float(), torch.arange(400), form, names=("q", "p"), units=("m", "")
    )


def found(data: Samples) -> SymmetryResult:
    return SymmetryResult(
        generators=TURN,
        seed_generators=TURN.expand(2, 1, 2, 2),
        seeds=(0, 1),
        in_consensus=(True, True),
        agreement=1.0,
        has_consensus=True,
        group="SO(2) on vectors of dimension 2",
        evidence="eigenvalues ±1.00i",
        mask=torch.ones(2, 2).double(),
        representation=data.representation,
        preview=data.states[:5],
        names=data.names,
        units=data.units,
        truth=TURN,
    )


def test_nothing_changes_without_standardisation() -> None:
    data = samples()
    result = found(data)
    assert in_own_units(result, Standardisation.of(data, "none")) is result


@pytest.mark.parametrize("how", ["scale", "centre"])
def test_everything_with_units_is_converted(how: How) -> None:
    data = samples()
    standard = Standardisation.of(data, how)
    result = in_own_units(found(standard.apply(data)), standard)
    ratio = float(standard.vector[1] / standard.vector[0])
    expected = torch.tensor([[[0.0, -1 / ratio], [ratio, 0.0]]], dtype=torch.float64)
    assert torch.allclose(result.generators, expected, rtol=1e-12)
    assert torch.allclose(result.seed_generators, expected.expand(2, 1, 2, 2), rtol=1e-12)
    assert result.truth is not None
    assert torch.allclose(result.truth, expected, rtol=1e-12)
    assert torch.allclose(result.preview, data.states[:5], rtol=1e-4)
    assert (result.centre is None) == (how == "scale")


def test_what_is_moved_in_own_units_is_moved_in_standard_units() -> None:
    data = samples()
    standard = Standardisation.of(data, "centre")
    inside = standard.apply(data)
    result = in_own_units(found(inside), standard)
    expected = found(inside).transform(inside.states[:, 0].double(), 0.7)
    moved = result.transform(data.states[:, 0].double(), 0.7)
    assert torch.allclose((moved - standard.mean) / standard.states, expected, atol=1e-5)


@pytest.mark.parametrize("how", ["scale", "centre"])
def test_there_and_back(how: How) -> None:
    data = samples()
    standard = Standardisation.of(data, how)
    inside = found(standard.apply(data))
    result = in_own_units(inside, standard)
    back = in_alike_units(result)
    for name in ("generators", "seed_generators", "truth"):
        assert torch.allclose(getattr(back, name), getattr(inside, name), rtol=1e-12)
    offset = torch.zeros(2).double() if back.centre is None else back.centre
    assert torch.allclose(back.preview - offset, inside.preview.double(), atol=1e-4)
    q, p = standard.vector.tolist()
    assert back.units == (f"{q:.3g} m", f"{p:.3g}")
    assert in_alike_units(back) is back
    x = data.states[:4, 0].double()
    moved = back.transform(x / standard.states, 0.7) * standard.states
    assert torch.allclose(moved, result.transform(x, 0.7))


def test_scalars_keep_their_units() -> None:
    form = Representation(2, 1, 1)
    result = replace(
        found(samples()),
        generators=torch.ones(1, 1, 1).double(),
        seed_generators=torch.ones(2, 1, 1, 1).double(),
        truth=None,
        representation=form,
        preview=torch.full((1, 1, 3), 10.0),
        names=("a", "b", "c"),
        units=("m", "m", "s"),
        scales=torch.tensor([5.0]).double(),
    )
    alike = in_alike_units(result)
    assert alike.units == ("5 m", "5 m", "s")
    assert alike.preview.tolist() == [[[2, 2, 10]]]


def test_what_is_measured_does_not_depend_on_units() -> None:
    """In the data's units the generators of a rotation and of a shear have cosine 1."""
    data = samples()
    standard = Standardisation.of(data, "scale")
    shear = torch.tensor([[[0.0, -1.0], [0.0, 0.0]]], dtype=torch.float64)
    right = in_own_units(found(data), standard)
    wrong = replace(right, generators=standard.generators_restored(shear))
    assert right.cosine_to_truth() == pytest.approx(1)
    assert right.angle_to_truth() == pytest.approx(0, abs=1e-5)
    assert wrong.cosine_to_truth() == pytest.approx(0.5**0.5)
    assert wrong.angle_to_truth() == pytest.approx(45)


def test_an_orbit_in_unlike_units_closes() -> None:
    data = samples()
    standard = Standardisation.of(data, "centre")
    result = in_own_units(found(data), standard)
    start = data.states[0, 0].double()
    orbit = result.orbit(start)
    assert torch.allclose(orbit[-1], start)
    far = (orbit - start) / standard.states
    radius = ((start - standard.mean) / standard.states).norm()
    assert far.norm(dim=1).max() == pytest.approx(float(2 * radius), rel=1e-3)


def test_the_kept_form_is_that_of_the_ellipses() -> None:
    data = samples()
    standard = Standardisation.of(data, "scale")
    form = in_own_units(found(data), standard).invariant_form()
    assert form.n_keeping == 1
    assert form.condition == pytest.approx(1)
    expected = torch.diag(standard.vector**-2)
    assert torch.allclose(form.matrix, expected / expected.norm(), rtol=1e-6, atol=1e-20)
    generator = in_own_units(found(data), standard).generators[0]
    change = generator.T @ form.matrix + form.matrix @ generator
    assert change.abs().max() < 1e-12


def test_scales_of_a_wrong_size_are_damage(tmp_path: Path) -> None:
    bad = replace(found(samples()), scales=torch.ones(3, dtype=torch.float64))
    bad.save(tmp_path / "bad")
    with pytest.raises(DataError, match="the shapes of its tensors contradict each other"):
        load(tmp_path / "bad")


def test_the_notes_state_scales_and_centre() -> None:
    data = samples()
    standard = Standardisation.of(data, "centre")
    scales, centre = in_own_units(found(data), standard).notes
    q, p = standard.states.tolist()
    assert f"(q {q:.4g} m, p {p:.4g})" in scales
    assert scales.endswith(
        "Generators are in the units of the data, pictures in those of the scales."
    )
    q, p = standard.mean.tolist()
    assert centre == (
        "The group acts about a centre c, the mean of the training part: x' = g(x − c) + c with "
        f"c = (q {q:.4g} m, p {p:.4g})."
    )
    assert len(in_own_units(found(data), Standardisation.of(data, "scale")).notes) == 1


QUICK: dict[str, Any] = {"seeds": 2, "steps": 400, "n_generators": 1, "device": "cpu"}


@pytest.mark.parametrize(("how", "offset"), [("scale", 0.0), ("centre", np.array([3.0, -2.0]))])
def test_a_rotation_in_unlike_units_is_found(how: str, offset: Any, tmp_path: Path) -> None:
    """Circles in coordinates whose units differ by ten thousand are ellipses."""
    round_ = np.random.default_rng(0).normal(size=(1500, 2))
    x, y = (round_ + offset) * UNITS, np.sin((round_**2).sum(1))
    result = discover(x, y, standardise=how, out=tmp_path / "run", **QUICK)
    assert result.has_consensus
    assert result.group == "SO(2) on vectors of dimension 2"
    in_like_units = result.generators[0] / torch.from_numpy(UNITS[:, None] / UNITS[None])
    assert cosine(in_like_units, TURN[0]) > 0.98
    moved = result.transform(x, 0.5) / UNITS - offset
    assert (moved**2).sum(1) == pytest.approx((round_**2).sum(1), rel=0.15, abs=0.1)
    assert result.transform(result.transform(x, 0.5), -0.5) / UNITS == pytest.approx(x / UNITS)
    again = load(tmp_path / "run")
    assert again.transform(x, 0.5) == pytest.approx(result.transform(x, 0.5))
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert ("The group acts about a centre c" in page) == (how == "centre")
    assert ("exp(t L) (x − c) + c about a centre c" in page) == (how == "centre")
    assert "2 positive: a positive definite form, the square of a length" in page
    assert "Units in which the coordinates are alike: x1 in " in page
    assert again.scales is not None
    assert float(again.scales[1] / again.scales[0]) == pytest.approx(1e4, rel=0.1)


def test_large_and_small_entries_are_both_legible() -> None:
    result = discover(samples().states[:60, 0].numpy(), standardise="scale", seeds=2, steps=5)
    text = result.generator_text()
    assert "e+0" in text
    assert " 0.00 " not in text


def test_images_are_refused() -> None:
    x = np.random.default_rng(0).random((40, 16))
    with pytest.raises(DataError, match="images are not standardised"):
        discover(x, representation="G4x4", standardise="scale")
