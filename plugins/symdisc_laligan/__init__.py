"""LaLiGAN: discovery of nonlinear symmetries as linear ones of learned coordinates.

This module only lists the method; it stays free of torch.
"""

from __future__ import annotations

from symdisc import API_VERSION, Component, hookimpl

SYMDISC_API_VERSION = API_VERSION


@hookimpl
def symdisc_methods() -> list[Component]:
    """List the method."""
    return [
        Component(
            "laligan",
            "symdisc_laligan.method:LaLiGAN",
            "Discovery of coordinates in which a nonlinear symmetry is linear.",
            "Yang, Dehmamy, Walters, Yu: Latent Space Symmetry Discovery, ICML 2024, "
            "arXiv:2310.00105.",
        )
    ]
