"""A plugin that lists fine; what it lists does not satisfy its interface."""

from symdisc import Component, hookimpl


@hookimpl
def symdisc_kernels() -> list[Component]:
    return [
        Component("hollow", "symdisc_hollow:Hollow", "Not a kernel backend."),
        Component("absent", "symdisc_hollow:Absent", "Is not there."),
    ]


class Hollow:
    """Not a kernel backend."""
