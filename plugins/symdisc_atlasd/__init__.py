"""AtlasD: symmetries of a trained predictor, continuous and discrete, global and local.

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
            "atlasd",
            "symdisc_atlasd.method:AtlasD",
            "Lie algebra and cosets by the error of a predictor on moved inputs.",
            "Bhat, Park, Yang, Dehmamy, Walters, Yu: AtlasD: Automatic Local Symmetry Discovery, "
            "ICML 2025, arXiv:2504.10777.",
        )
    ]
