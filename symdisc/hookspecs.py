"""The hooks that a symdisc plugin may implement: one for each kind of component.

A plugin is a light module named by an entry point in the group ``symdisc.plugins``. Its hooks
return :class:`~symdisc.components.Component` records; the heavy code stays in the modules that
their ``target`` names, so listing components never imports torch.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from symdisc.components import Component

PROJECT = "symdisc"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def symdisc_encoders() -> Iterable[Component]:
    """List encoders: maps between data space and latent space.

    Returns:
        Components whose target is a subclass of :class:`symdisc.interfaces.Encoder`.
    """
    return ()


@hookspec
def symdisc_groups() -> Iterable[Component]:
    """List group parameterizations: how a family of group elements is written down.

    Returns:
        Components whose target is a subclass of
        :class:`symdisc.interfaces.GroupParameterization`.
    """
    return ()


@hookspec
def symdisc_discriminators() -> Iterable[Component]:
    """List discriminators: networks that tell real samples from transformed ones.

    Returns:
        Components whose target is a subclass of :class:`symdisc.interfaces.Discriminator`.
    """
    return ()


@hookspec
def symdisc_coefficients() -> Iterable[Component]:
    """List coefficient distributions: how Lie-algebra coefficients z are drawn.

    Returns:
        Components whose target is a subclass of
        :class:`symdisc.interfaces.CoefficientDistribution`.
    """
    return ()


@hookspec
def symdisc_methods() -> Iterable[Component]:
    """List discovery methods.

    Returns:
        Components whose target is a subclass of :class:`symdisc.interfaces.Method`.
    """
    return ()


@hookspec
def symdisc_datasets() -> Iterable[Component]:
    """List data sets that can be made or read by name.

    Returns:
        Components whose target is a subclass of :class:`symdisc.interfaces.Dataset`.
    """
    return ()


@hookspec
def symdisc_kernels() -> Iterable[Component]:
    """List backends of the fused matrix-exponential and group-action kernel.

    Returns:
        Components whose target is a subclass of :class:`symdisc.interfaces.KernelBackend`.
    """
    return ()


@hookspec
def symdisc_loggers() -> Iterable[Component]:
    """List loggers: where the values of a run go besides its metrics files.

    Returns:
        Components whose target is a subclass of :class:`symdisc.interfaces.Logger`.
    """
    return ()


@hookspec
def symdisc_verifiers() -> Iterable[Component]:
    """List verifiers: which statement about held-out data tests a symmetry.

    Returns:
        Components whose target is a subclass of :class:`symdisc.interfaces.Verifier`.
    """
    return ()


@hookspec
def symdisc_oracles() -> Iterable[Component]:
    """List oracles: functions that characterise data, with derivatives.

    Returns:
        Components whose target is a subclass of :class:`symdisc.interfaces.Oracle`.
    """
    return ()


@hookspec
def symdisc_problems() -> Iterable[Component]:
    """List problems of the benchmark suite: data of which the whole symmetry is known.

    Returns:
        Components whose target is a subclass of :class:`symdisc.interfaces.Problem`.
    """
    return ()
