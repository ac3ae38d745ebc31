"""Sparse regression by pysindy, in units in which every column counts alike."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import torch
from torch import Tensor

from symdisc.errors import DataError

RIDGE = 1e-9
"""Weight that keeps columns which are nearly the same apart [1]."""

NOTHING = 1e-4
"""Share of the velocity below which a term comes from errors of the generators, and goes [1]."""


def pysindy() -> Any:
    """The package, which is optional.

    Raises:
        DataError: It is not installed; says how to install it.
    """
    try:
        return importlib.import_module("pysindy")
    except ImportError as error:
        raise DataError(
            f"equations of motion need pysindy, which cannot be imported ({error}); install it "
            "with pip install 'symdisc[equations]'"
        ) from error


def sparse_coefficients(columns: Tensor, target: Tensor, threshold: float) -> Tensor:
    """Few coefficients c with columns · c ≈ target, by thresholded least squares.

    Args:
        columns: ``(N, p)`` float64.
        target: ``(N,)`` float64.
        threshold: Terms whose root mean square is below this share of the target's are left out,
            again and again until none is [1].

    Returns:
        ``(p,)`` float64; those that are not zero are what least squares gives for them alone.

    Raises:
        DataError: pysindy is not installed.

    Reference:
        Brunton, Proctor, Kutz: Discovering governing equations from data by sparse identification
        of nonlinear dynamical systems, PNAS 113 (2016), arXiv:1509.03580.
    """
    sizes = columns.square().mean(0).sqrt()
    size = float(target.square().mean().sqrt())
    usable = sizes > 0
    found = torch.zeros(columns.shape[1], dtype=torch.float64)
    if size == 0 or not bool(usable.any()):
        return found
    fit = pysindy().STLSQ(threshold=threshold, alpha=RIDGE * len(target))
    with warnings.catch_warnings():
        # That nothing is left is a result like others, and so is the last of many rounds.
        warnings.simplefilter("ignore")
        fit.fit((columns / sizes)[:, usable].numpy(), (target / size)[:, None].numpy())
    found[usable] = torch.from_numpy(fit.coef_[0].copy()).double()
    return torch.where(usable, found * size / torch.where(usable, sizes, 1.0), 0.0)
