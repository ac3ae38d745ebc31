"""Packages that only some data sets need."""

from __future__ import annotations

import importlib
from typing import Any

from symdisc.errors import DataError


def needed(module: str, dataset: str) -> Any:
    """Import a module of the optional packages for data sets.

    Raises:
        DataError: It is not installed; says how to install it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise DataError(
            f"the data set {dataset} needs the module {module}, which cannot be imported "
            f"({error}); install it with pip install 'symdisc[datasets]'"
        ) from error
