"""Scalings of the coordinate axes, a wide discriminator and data to try them on.

This module only lists the components; it stays free of torch.
"""

from __future__ import annotations

from symdisc import Component, hookimpl

SYMDISC_API_VERSION = 1


@hookimpl
def symdisc_groups() -> list[Component]:
    """List the group parameterization."""
    return [
        Component(
            "scalings",
            "symdisc_acme.groups:Scalings",
            "Diagonal generators: every coordinate is scaled at its own rate.",
        )
    ]


@hookimpl
def symdisc_discriminators() -> list[Component]:
    """List the discriminator."""
    return [
        Component(
            "wide-mlp",
            "symdisc_acme.discriminators:WideMLP",
            "One wide hidden layer; class labels enter one-hot.",
        )
    ]


@hookimpl
def symdisc_datasets() -> list[Component]:
    """List the data set."""
    return [
        Component(
            "squeeze",
            "symdisc_acme.datasets:Squeeze",
            "Points of the plane and their product; the symmetry is a squeeze, SO(1,1).",
        )
    ]
