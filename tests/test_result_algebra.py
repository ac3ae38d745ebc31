"""The algebra and the vector fields of a result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch

from symdisc.algebra.known import known_algebra
from symdisc.errors import DataError
from symdisc.representations import Representation
from symdisc.result import SymmetryResult
from symdisc.result_text import algebra_line

TURN = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=torch.float64)


def make(generators: torch.Tensor = TURN[None], **changes: Any) -> SymmetryResult:
    n = generators.shape[-1]
    values: dict[str, Any] = {
        "generators": generators,
        "seed_generators": generators[None],
        "seeds": (0,),
        "in_consensus": (True,),
        "agreement": 1.0,
        "has_consensus": True,
        "group": "a group",
        "evidence": "a reason",
        "mask": torch.ones(n, n, dtype=torch.float64),
        "representation": Representation.vector(n),
        "preview": torch.zeros(3, 1, n),
    }
    return SymmetryResult(**(values | changes))


def rotations() -> torch.Tensor:
    return torch.tensor(known_algebra("so(3)"))


def test_algebra_of_the_generators() -> None:
    found = make(rotations()).algebra
    assert str(found) == "so(3) ≅ su(2)"
    assert found.dimension == 3


def test_spread_of_the_seeds_counts_as_noise() -> None:
    rng = torch.Generator().manual_seed(0)
    noise = torch.randn(3, 3, 3, generator=rng, dtype=torch.float64)
    noise *= 0.09 * 2**0.5 / torch.linalg.matrix_norm(noise)[:, None, None]
    found = rotations() + noise
    alone = make(found)
    assert alone.algebra.name == "unidentified, dimension 3"
    apart = torch.stack([rotations() - 2 * noise, rotations() + 4 * noise])
    spread = make(found, seed_generators=apart, seeds=(0, 1), in_consensus=(True, True))
    assert spread.algebra.name == "so(3)"


def test_algebra_in_units_in_which_coordinates_are_alike() -> None:
    scales = torch.tensor([1.0, 8.0, 1.0], dtype=torch.float64)
    stretched = rotations() * scales[:, None] / scales
    plain = make(stretched)
    assert plain.algebra.name == "unidentified, dimension 3"
    assert make(stretched, scales=scales).algebra.name == "so(3)"


def test_vector_fields_of_sympy() -> None:
    named = make(representation=Representation.vector(2), names=("q", "p"), units=("", ""))
    assert [str(field) for field in named.vector_field()] == ["q*e_p - p*e_q"]
    centred = replace(named, centre=torch.tensor([0.0, 2.0], dtype=torch.float64))
    assert str(centred.vector_field()[0]) == "(2 - p)*e_q + q*e_p"


def test_vector_fields_of_images_move_points_of_the_plane() -> None:
    shift = torch.zeros(1, 3, 3, dtype=torch.float64)
    shift[0, 0, 2] = 1
    images = make(shift, representation=Representation.image(4, 4))
    assert [str(field) for field in images.vector_field()] == ["e_x"]


def test_messages_about_algebras_and_fields() -> None:
    finite = make(order=7)
    with pytest.raises(DataError, match="the finite group C_7; it has no Lie algebra"):
        _ = finite.algebra
    with pytest.raises(DataError, match="the finite group C_7; it has no vector field"):
        finite.vector_field()
    for digits in (-1, 16, 1.5):
        with pytest.raises(DataError, match="digits must be a whole number from 0 to 15; got "):
            make().vector_field(digits)  # type: ignore[arg-type]


def test_the_algebra_of_several_generators_is_told() -> None:
    several = make(rotations())
    assert algebra_line(several) == "so(3) ≅ su(2)"
    assert "so(3) ≅ su(2)" in several._repr_html_()
    assert algebra_line(make()) == ""
    assert "Lie algebra" not in make()._repr_html_()
    assert algebra_line(replace(several, has_consensus=False)) == ""
