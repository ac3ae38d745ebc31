"""What would not fit into memory."""

from __future__ import annotations

import os

import pytest

from symdisc.data.readers.memory import available, refuse_too_large
from symdisc.errors import DataError


def test_what_fits_is_let_through_and_what_does_not_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "sysconf", {"SC_AVPHYS_PAGES": 2500, "SC_PAGE_SIZE": 4 * 10**6}.get)
    assert available() == 10**10
    refuse_too_large(5 * 10**9, "a.npz")
    message = (
        r"^a\.npz holds 5\.1 GB once unpacked, more than half of the 10\.0 GB of memory that are "
        r"free; give a part of it$"
    )
    with pytest.raises(DataError, match=message):
        refuse_too_large(51 * 10**8, "a.npz")


def test_the_memory_of_this_machine_is_known() -> None:
    assert available() > 10**6
