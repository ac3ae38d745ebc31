"""Frames of slow features: what is found, from what, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.engine.ensemble import Ensemble
from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes, EnsembleModule
from symdisc.options import Options
from symdisc.representations import Representation
from symdisc_basics.encoders.identity import Identity
from symdisc_basics.encoders.mlp import MLPEncoder, MLPEncoderOptions
from symdisc_laligan import terms
from symdisc_laligan.frames import check_frame, find_frames, polished, slow_vectors

FRAME = Representation.parse("3*V3")


def poses(n: int = 3000, noise: float = 0.0) -> tuple[Tensor, Tensor]:
    """Poses that tumble in pairs ``(n, 2, 3, 3)``, and what mixes, shifts and blurs their numbers.

    Returns:
        The poses and windows ``(n, 2, 9)``.
    """
    rng = np.random.default_rng(0)
    start = Rotation.random(n, random_state=1)
    steps = Rotation.from_rotvec(rng.standard_normal((n, 3)) * (0.2, 0.3, 0.4))
    turned = np.stack([start.as_matrix(), (start * steps).as_matrix()], axis=1)
    mix, blur = rng.standard_normal((9, 9)), noise * rng.standard_normal((n, 2, 9))
    mixed = (turned.reshape(n, 2, 9) + blur) @ mix + rng.standard_normal(9)
    return torch.tensor(turned), torch.tensor(mixed)


def frames_of(codes: Tensor, origin: Tensor, matrix: Tensor) -> Tensor:
    """Matrices ``(B, 3, 3)`` whose columns are the vectors of the first states, 1 long."""
    return ((codes[:, 0] - origin) @ matrix).reshape(-1, 3, 3).mT / 3**0.5


def errors(frames: Tensor, turned: Tensor) -> Tensor:
    """Median size of A R B − M for the best orthogonal A and B."""
    found = []
    for start in Rotation.random(8, random_state=2).as_matrix():
        right = torch.tensor(start)
        for _ in range(50):
            left = nearest((frames @ (turned @ right).mT).mean(0))
            right = nearest(((left @ turned).mT @ frames).mean(0))
        found.append(torch.linalg.matrix_norm(left @ turned @ right - frames).median())
    return torch.stack(found).min()


def nearest(matrix: Tensor) -> Tensor:
    """The orthogonal matrix closest to one."""
    left, _, right = torch.linalg.svd(matrix)
    product: Tensor = left @ right
    return product


@pytest.mark.parametrize(("noise", "limit"), [(0.0, 0.1), (0.2, 0.65)])
def test_mixed_poses_become_poses_again(noise: float, limit: float) -> None:
    turned, mixed = poses(noise=noise)
    both = torch.stack([mixed, mixed @ torch.diag(torch.linspace(0.1, 3, 9).double())])
    origin, matrix = polished(both, slow_vectors(both, 3), 3)
    for codes, o, m in zip(both, origin, matrix, strict=True):
        frames = frames_of(codes, o, m)
        assert errors(frames, turned[:, 0]) < limit
        assert errors(frames.mT, turned[:, 0]) > 1  # transposed, they would not move as poses do
    moved = (both - origin[:, :, None]) @ matrix[:, None]
    assert (terms.crookedness(moved, 3) < 0.02 + 6 * noise**2).all()


class TestAnEncoder:
    """Whose coordinates are those of the frame once it was found."""

    def encoders(self, **options: Any) -> EnsembleModule:
        torch.manual_seed(0)
        shapes = DataShapes(2, Representation.vector(9))
        model = MLPEncoderOptions(**{"latent": "3*V3", "frame": True, "width": 16, **options})
        return Ensemble([MLPEncoder(model, shapes) for _ in range(2)])

    def samples(self) -> Samples:
        turned, mixed = poses(500)
        return Samples(mixed.float(), torch.arange(len(turned)), Representation.vector(9))

    def test_has_straighter_vectors_and_decodes_as_before(self) -> None:
        encoder, samples = self.encoders(principal=True), self.samples()
        states = samples.states.expand(2, *samples.states.shape)
        before = encoder.call("encode", states)
        decoded = encoder.call("decode", before)
        find_frames(encoder, samples, FRAME)
        after = encoder.call("encode", states)
        assert (terms.crookedness(after, 3) < 0.7 * terms.crookedness(before, 3)).all()
        torch.testing.assert_close(encoder.call("decode", after), decoded, atol=1e-3, rtol=1e-3)

    def test_must_let_its_coordinates_be_changed(self) -> None:
        with pytest.raises(OptionError, match=r"set encoder\.frame=true, or method\.frame=0"):
            check_frame(self.encoders(frame=False), FRAME, self.samples())
        fixed = Ensemble([Identity(Options(), DataShapes(2, Representation.vector(9)))])
        with pytest.raises(OptionError, match="whose latent coordinates can be changed"):
            check_frame(fixed, FRAME, self.samples())

    @pytest.mark.parametrize("latent", ["V3", "4*V3", "3*V3 + S"])
    def test_must_have_vectors_that_can_be_orthogonal(self, latent: str) -> None:
        form = Representation.parse(latent)
        with pytest.raises(OptionError, match="no scalars; latent points are"):
            check_frame(self.encoders(latent=latent), form, self.samples())

    def test_is_left_as_it_is_by_the_check(self) -> None:
        encoder, samples = self.encoders(), self.samples()
        states = samples.states.expand(2, *samples.states.shape)
        before = encoder.call("encode", states)
        check_frame(encoder, FRAME, samples)
        torch.testing.assert_close(encoder.call("encode", states), before)


@pytest.mark.parametrize("lost", [0.0, 1.0])
def test_collapsed_latent_points_give_finite_coordinates(lost: float) -> None:
    """So that one lost seed does not end a run; its figures tell of it."""
    codes = torch.randn(2, 40, 2, 9, generator=torch.Generator().manual_seed(0)).double()
    codes[1] = lost
    origin, matrix = slow_vectors(codes, 3)
    assert bool(origin.isfinite().all())
    assert bool(matrix.isfinite().all())
    assert bool(torch.linalg.inv(matrix).isfinite().all())
