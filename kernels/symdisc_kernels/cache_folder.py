"""The one folder in which things are kept that can be made again."""

from __future__ import annotations

import os
from pathlib import Path

CACHE_VARIABLE = "SYMDISC_CACHE"


def cache_folder() -> Path:
    """``SYMDISC_CACHE``, else ``symdisc`` in the user's cache folder; it need not exist yet.

    Raises:
        RuntimeError: There is no home folder to look in.
    """
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen is None and (base := os.environ.get("XDG_CACHE_HOME")):
        chosen = f"{base}/symdisc"
    try:
        return Path(chosen or "~/.cache/symdisc").expanduser().absolute()
    except RuntimeError as error:
        raise RuntimeError(
            f"{error}; name a folder with {CACHE_VARIABLE}=/path/to/folder"
        ) from None
