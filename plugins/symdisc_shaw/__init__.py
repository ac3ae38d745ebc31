"""The plugin ``shaw``: vector fields with the published settings of Shaw, Magner and Moon.

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
            "shaw",
            "symdisc_vector_field.method:Shaw",
            "Polynomial vector fields along which a function stays the same.",
            "Shaw, Magner, Moon: Symmetry Discovery Beyond Affine Transformations, NeurIPS 2024.",
        )
    ]
