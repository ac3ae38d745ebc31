from __future__ import annotations

import subprocess
import sys
import warnings

import pytest
import torch

from symdisc.derivatives import derivative_along


def test_value_and_derivative() -> None:
    x, dx = torch.tensor([1.0, 2.0]), torch.tensor([3.0, -1.0])
    value, derivative = derivative_along(torch.square, x, dx)
    assert torch.equal(value, x**2)
    assert torch.equal(derivative, 2 * x * dx)


def test_it_can_be_differentiated_further() -> None:
    weight = torch.tensor(0.5, requires_grad=True)
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    _, derivative = derivative_along(lambda p: (weight * p) ** 3, x, torch.ones(2))
    by_weight, by_x = torch.autograd.grad(derivative.sum(), [weight, x])
    assert torch.allclose(by_weight, (9 * weight**2 * x**2).sum())
    assert torch.allclose(by_x, 6 * weight**3 * x)


def test_the_first_use_does_not_warn() -> None:
    """In a process of its own: torch warns once."""
    code = (
        "import torch; from symdisc.derivatives import derivative_along; "
        "print(float(derivative_along(torch.sin, torch.zeros(()), torch.ones(()))[1]))"
    )
    command = [sys.executable, "-W", "error::DeprecationWarning:torch.jit._script", "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "1.0\n"), run.stderr


def test_other_warnings_come_through() -> None:
    def loud(x: torch.Tensor) -> torch.Tensor:
        warnings.warn("`torch.jit.script` is deprecated", DeprecationWarning, stacklevel=1)
        return x

    with pytest.warns(DeprecationWarning, match="deprecated"):
        derivative_along(loud, torch.zeros(1), torch.zeros(1))
