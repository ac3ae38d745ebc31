"""Which verifier tests the data."""

from __future__ import annotations

import numpy as np
import pytest

from symdisc.data.prepare import prepare
from symdisc.errors import OptionError, UnknownComponentError
from symdisc.registry import default_host
from symdisc.verify.choice import choose_verifier
from symdisc.verify.conditional import Conditional
from symdisc.verify.distributional import Distributional

X = np.random.default_rng(0).standard_normal((20, 2))
ROWS, PAIRS = prepare(X), prepare(X, X[:, :1])


def test_the_data_decide() -> None:
    assert isinstance(choose_verifier(default_host(), "auto", ROWS), Distributional)
    assert isinstance(choose_verifier(default_host(), "auto", PAIRS), Conditional)


def test_a_name_is_stronger() -> None:
    assert isinstance(choose_verifier(default_host(), "distributional", PAIRS), Distributional)
    assert isinstance(choose_verifier(default_host(), "basics:conditional", PAIRS), Conditional)


def test_what_cannot_be_used_is_refused() -> None:
    with pytest.raises(OptionError) as refused:
        choose_verifier(default_host(), "conditional", ROWS)
    assert str(refused.value) == (
        "verify.verifier = 'conditional' cannot be used: the data have no targets; leave it out, "
        "or write --set verify.verifier=auto"
    )
    with pytest.raises(UnknownComponentError, match="no verifier named 'nonsense'"):
        choose_verifier(default_host(), "nonsense", ROWS)
