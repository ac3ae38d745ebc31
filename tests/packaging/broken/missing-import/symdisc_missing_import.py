"""A light module that needs something that is not installed."""

import no_such_library_anywhere  # noqa: F401
