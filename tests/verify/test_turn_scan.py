"""Which turns the targets tell apart."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.representations import Representation
from symdisc.verify.turn_scan import N_ANGLES, TurnScan, turn_scan
from symdisc_kernels import selection, use_backend
from symdisc_kernels.group_action.reference import ReferenceBackend

TURN = torch.tensor([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]).double()


def rows(n: int, seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal((n, 3))


def teeth(x: NDArray[np.float64], order: int) -> NDArray[np.float64]:
    angle = np.arctan2(x[:, 1], x[:, 0])
    values: NDArray[np.float64] = x[:, 2] / (1 + np.mod(angle, 2 * np.pi / order))
    return values


def scan_of(kind: str, order: int = 1) -> TurnScan:
    def make(n: int, seed: int) -> Samples:
        x = rows(n, seed)
        noise = np.random.default_rng(seed + 100).standard_normal(n)
        angle = np.arctan2(x[:, 1], x[:, 0])
        targets = {
            "teeth": teeth(x, order)[:, None],
            "labels": (np.cos(order * angle) > 0).astype(np.int64),
            "radius": (np.hypot(x[:, 0], x[:, 1]) + 0.1 * noise)[:, None],
            "one direction": (x[:, 0] + x[:, 2] ** 2)[:, None],
            "noise": noise[:, None],
        }[kind]
        return prepare(x, targets)

    scan = turn_scan(make(14_000, 1), make(1000, 2), TURN)
    assert scan is not None
    return scan


@pytest.mark.parametrize("order", [2, 3, 7, 12])
def test_the_order_of_a_function_that_repeats_itself(order: int) -> None:
    scan = scan_of("teeth", order)
    assert scan.order == order
    assert scan.largest < 0.3 * scan.level + 0.02
    assert scan.largest == scan.excess[[round(k * N_ANGLES / order) for k in range(1, order)]].max()
    assert scan.angles.shape == scan.excess.shape == (N_ANGLES,)
    assert scan.excess[0] == 0


def test_the_order_of_labels() -> None:
    assert scan_of("labels", 5).order == 5


@pytest.mark.parametrize("kind", ["radius", "noise"])
def test_no_turn_matters(kind: str) -> None:
    assert scan_of(kind).order is None


def test_every_turn_matters() -> None:
    scan = scan_of("one direction")
    assert scan.order == 1
    assert scan.largest == 0


def test_targets_that_turn_with_the_rows() -> None:
    def make(n: int, seed: int) -> Samples:
        x = rows(n, seed)
        force = -x / (1 + np.sum(x**2, axis=1, keepdims=True))
        return prepare(x, force, target_representation="V3")

    scan = turn_scan(make(8000, 1), make(500, 2), TURN)
    assert scan is not None
    assert scan.order is None


def test_turns_keep_distances_whatever_the_units() -> None:
    def make(n: int, seed: int) -> Samples:
        x = rows(n, seed)
        y = teeth(x, 3)[:, None]
        return prepare(x * [1e3, 1e3, 1e-3], y)

    scan = turn_scan(make(8000, 1), make(500, 2), TURN)
    assert scan is not None
    assert scan.order == 3


def test_what_is_not_scanned() -> None:
    plain = prepare(rows(100, 0))
    assert turn_scan(plain, plain, TURN) is None
    wide = prepare(np.random.default_rng(0).standard_normal((50, 13)), np.arange(50.0))
    assert turn_scan(wide, wide, torch.zeros(13, 13)) is None
    images = Samples(
        torch.rand(20, 1, 9),
        torch.arange(20),
        Representation.image(3, 3),
        torch.arange(20) % 2,
    )
    assert turn_scan(images, images, math.pi * TURN) is None


class Elsewhere(ReferenceBackend):
    """The backend of a run on a device on which these rows are not."""

    device_types: ClassVar[frozenset[str] | None] = frozenset({"cuda"})


def test_the_backend_of_the_run_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(selection._BACKENDS, "elsewhere", Elsewhere())
    rows_with_targets = prepare(rows(300, 0), np.arange(300.0))
    with use_backend("elsewhere"):
        assert turn_scan(rows_with_targets, rows_with_targets, TURN) is not None
