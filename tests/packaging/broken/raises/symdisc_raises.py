"""A hook that fails when it is called."""

from symdisc import Component, hookimpl

SYMDISC_API_VERSION = 1


@hookimpl
def symdisc_encoders() -> list[Component]:
    raise RuntimeError("the licence server\ndoes not answer")
