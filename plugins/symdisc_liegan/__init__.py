"""LieGAN: generative adversarial symmetry discovery with linear group actions.

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
            "liegan",
            "symdisc_liegan.method:LieGAN",
            "Adversarial discovery of a linear Lie algebra.",
            "Yang, Walters, Dehmamy, Yu: Generative Adversarial Symmetry Discovery, ICML 2023, "
            "arXiv:2302.00236.",
        )
    ]
