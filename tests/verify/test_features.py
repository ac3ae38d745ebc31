"""Both kinds of features fit the interface that classifiers rely on."""

from __future__ import annotations

from symdisc.verify.conditional_features import ConditionalFeatures
from symdisc.verify.distributional_features import DistributionalFeatures
from symdisc.verify.features import Features


def test_both_kinds_of_features_fit() -> None:
    kinds: tuple[type[Features], ...] = (ConditionalFeatures, DistributionalFeatures)
    needed = {name for name in vars(Features) if name in ("members", "__call__")}
    assert needed == {"members", "__call__"}
    assert all(needed <= set(vars(kind)) for kind in kinds)
