"""TensorBoard: curves of a run in the browser.

This module only lists the logger; it stays free of torch and TensorBoard.
"""

from __future__ import annotations

from symdisc import API_VERSION, Component, hookimpl

SYMDISC_API_VERSION = API_VERSION


@hookimpl
def symdisc_loggers() -> list[Component]:
    """List the logger."""
    return [
        Component(
            "tensorboard",
            "symdisc_tensorboard.logger:TensorBoard",
            "Curves in RUN/tensorboard; needs symdisc[tensorboard].",
        )
    ]
