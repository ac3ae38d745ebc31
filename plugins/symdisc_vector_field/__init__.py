"""Vector fields along which a function of the data stays the same: Shaw et al., LieGG, LieSD.

This module only lists a method and oracles; it stays free of torch.
"""

from __future__ import annotations

from symdisc import API_VERSION, Component, hookimpl

SYMDISC_API_VERSION = API_VERSION

_SHAW = "Shaw, Magner, Moon: Symmetry Discovery Beyond Affine Transformations, NeurIPS 2024."


@hookimpl
def symdisc_methods() -> list[Component]:
    """List the method; those with published settings are plugins of their own."""
    return [
        Component(
            "vector-field",
            "symdisc_vector_field.method:VectorField",
            "Vector fields along which a function stays the same, by a null space.",
            _SHAW,
        )
    ]


@hookimpl
def symdisc_oracles() -> list[Component]:
    """List the oracles."""
    return [
        Component(
            "polynomial",
            "symdisc_vector_field.oracles.polynomial:Polynomial",
            "Polynomial of least squares.",
        ),
        Component(
            "network",
            "symdisc_vector_field.oracles.network:Network",
            "Fully connected network, trained on the data.",
        ),
        Component(
            "neighbours",
            "symdisc_vector_field.oracles.neighbours:Neighbours",
            "Planes through the nearest rows.",
            "Hu, Li, Lin: LieSD, Neural Networks 2025.",
        ),
        Component(
            "estimator",
            "symdisc_vector_field.oracles.estimator:Estimator",
            "Regressor or classifier of scikit-learn; finite differences.",
        ),
        Component(
            "density",
            "symdisc_vector_field.oracles.density:Density",
            "Kernel estimate of the density of the states.",
            _SHAW,
        ),
        Component(
            "level-set",
            "symdisc_vector_field.oracles.level_set:LevelSet",
            "Equations of the surface on which the states lie.",
            _SHAW,
        ),
    ]
