"""A plugin for a plugin interface that does not exist yet."""

from symdisc import Component, hookimpl

SYMDISC_API_VERSION = 99


@hookimpl
def symdisc_groups() -> list[Component]:
    return [Component("tomorrow", "symdisc_future:Nothing", "Not for this version.")]
