"""The plugin ``liegg``: matrices under which a trained network is invariant.

This module only lists the method, which is one of ``symdisc_vector_field``.
"""

from __future__ import annotations

from symdisc import API_VERSION, Component, hookimpl

SYMDISC_API_VERSION = API_VERSION


@hookimpl
def symdisc_methods() -> list[Component]:
    """List the method."""
    return [
        Component(
            "liegg",
            "symdisc_vector_field.method:LieGG",
            "Matrices under which a trained network is invariant.",
            "Moskalev, Sepliarskaia, Sosnovik, Smeulders: LieGG, NeurIPS 2022, arXiv:2210.04345.",
        )
    ]
