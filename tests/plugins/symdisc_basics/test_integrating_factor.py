"""Steps in time: exact without a reaction, of order 4 with one."""

from __future__ import annotations

import numpy as np
import pytest

from symdisc_basics.datasets.integrating_factor import Spectrum, runge_kutta

RATES = np.array([0.0, 1.0, 40.0, 5000.0])


def after(n: int, rate: complex) -> Spectrum:
    """What dy/dt = (rate − RATES) y makes of 1 within a time of 1, in n steps."""
    spectrum, half = np.ones(4, complex), np.exp(-RATES / n / 2)
    for _ in range(n):
        spectrum = runge_kutta(spectrum, half, 1 / n, lambda y: rate * y)
    return spectrum


def test_diffusion_alone_is_exact_in_one_step() -> None:
    assert np.allclose(after(1, 0), np.exp(-RATES), rtol=1e-12, atol=0)


def test_it_is_of_order_four() -> None:
    rate = 0.5 + 2j
    exact = np.exp(rate - RATES[:2])
    coarse, fine = (np.abs(after(n, rate)[:2] - exact).max() for n in (8, 16))
    assert coarse / fine == pytest.approx(16, rel=0.15)
    assert fine < 1e-4
