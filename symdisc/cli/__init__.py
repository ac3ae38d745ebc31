"""The ``symdisc`` command line: one small function a command, heavy imports inside."""

from symdisc.cli.app import main

__all__ = ["main"]
