"""Errors a user of symdisc can meet. Each message says what was given and what to do next."""

from __future__ import annotations


class SymdiscError(Exception):
    """Base of every error raised on purpose; the command line prints it and exits with 2."""


class DataError(SymdiscError, ValueError):
    """The data given cannot be used as they are."""


class OptionError(SymdiscError, ValueError):
    """One or more options are unknown or have a wrong value; all of them are listed."""


class OutputError(SymdiscError, OSError):
    """A result cannot be written where it was asked to go."""


class TrainingError(SymdiscError, RuntimeError):
    """Training cannot go on, for instance because a loss is not finite."""


class PluginError(SymdiscError):
    """Something is wrong with an installed plugin."""


class UnknownComponentError(PluginError, LookupError):
    """No installed plugin offers the component that was asked for."""


class AmbiguousComponentError(PluginError, LookupError):
    """Several third-party plugins offer a component under the same name."""


class BrokenComponentError(PluginError, ImportError):
    """A plugin lists a component whose code cannot be imported or breaks its interface."""
