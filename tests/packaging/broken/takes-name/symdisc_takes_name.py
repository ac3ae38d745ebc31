"""A plugin under a name that is already taken; importing it would be noticed."""

import sys

from symdisc import Component, hookimpl

SYMDISC_API_VERSION = 1
sys.stdout.write("symdisc-takes-name was imported\n")


@hookimpl
def symdisc_methods() -> list[Component]:
    return [Component("liegan", "symdisc_takes_name:Nothing", "Not the real one.")]
