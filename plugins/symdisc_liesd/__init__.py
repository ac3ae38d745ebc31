"""The plugin ``liesd``: pairs of matrices under which a trained network is equivariant.

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
            "liesd",
            "symdisc_vector_field.method:LieSD",
            "Pairs of matrices under which a trained network is equivariant.",
            "Hu, Li, Lin: Symmetry discovery for different data types, Neural Networks 2025, "
            "arXiv:2410.09841.",
        )
    ]
