"""What a plugin contributes: named components that are imported only when used."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from typing import Any

from symdisc.errors import BrokenComponentError

# Every kind of component and the hook that lists it. A kind is added with its first real user.
HOOK_OF_KIND = {
    "encoder": "symdisc_encoders",
    "group": "symdisc_groups",
    "discriminator": "symdisc_discriminators",
    "coefficients": "symdisc_coefficients",
    "method": "symdisc_methods",
    "dataset": "symdisc_datasets",
    "kernel": "symdisc_kernels",
    "logger": "symdisc_loggers",
    "verifier": "symdisc_verifiers",
    "oracle": "symdisc_oracles",
    "problem": "symdisc_problems",
}
KINDS = tuple(HOOK_OF_KIND)

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TARGET = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


@dataclass(frozen=True)
class Component:
    """A class that a plugin offers under a name.

    Only the *location* of the class is stored, so that listing components imports neither it
    nor torch. The kind of a component is decided by the hook that lists it.

    Attributes:
        name: What users type, e.g. ``"liegan"``: lower case, words joined by ``-``.
        target: Where the class is, as ``"package.module:Class"``.
        summary: One line for ``symdisc list``.
        reference: The paper or other source, if any.
    """

    name: str
    target: str
    summary: str
    reference: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(
                f"component name {self.name!r} must be lower-case words joined by '-', "
                "for instance 'wide-mlp'"
            )
        if not _TARGET.fullmatch(self.target):
            raise ValueError(
                f"target {self.target!r} of component {self.name!r} must look like "
                "'package.module:Class'"
            )

    def load(self) -> Any:
        """Import and return the class.

        Raises:
            BrokenComponentError: The import fails, for instance because an optional
                dependency of the plugin is missing.
        """
        module, _, attribute = self.target.partition(":")
        try:
            return getattr(importlib.import_module(module), attribute)
        except (Exception, SystemExit) as error:
            raise BrokenComponentError(
                f"component {self.name!r} could not be imported from {self.target}: "
                f"{type(error).__name__}: {error}"
            ) from error
