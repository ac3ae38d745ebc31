"""How exact numbers have to be: the one table of the conformance suites and the tests."""

from __future__ import annotations

import torch

ENSEMBLE = 1e-5
"""Largest difference between one member and the same member of an ensemble, relative to the
largest value compared (at least 1)."""

KERNEL = {
    torch.float16: 1e-2,
    torch.bfloat16: 8e-2,
    torch.float32: 1e-6,
    torch.float64: 1e-12,
}
"""Largest error of a kernel's result, relative to the largest entry (at least 1); times the norm
of the exponent where that is above 1."""

KERNEL_GRADIENT = {torch.float32: 2e-5, torch.float64: 1e-10}
"""The same for gradients, which sum over a batch."""

STANDARD_ERRORS = 6.0
"""How far a sample mean may lie from what it estimates, in its standard errors."""
