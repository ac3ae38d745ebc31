"""Invariants as features: a transformer of scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from symdisc import discover
from symdisc.errors import DataError
from symdisc.fields.library import Spec
from symdisc.fields.reading import library as functions
from symdisc.result_invariants import state_invariants


class InvariantFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Finds a symmetry of the data and gives functions that it leaves unchanged.

    Args:
        library: Functions that the features are sums of.
        supervised: Whether the symmetry is that of the targets; else of the law of X alone.
        keep: Whether the columns of X stay, before the features.
        options: Settings of the discovery by address or short name, e.g.
            ``{"oracle": "density"}``.

    Attributes:
        result_: What was found.
        invariants_: The functions.
        n_features_in_: Number of columns of X.
    """

    def __init__(
        self,
        library: Spec = "polynomial(2)",
        supervised: bool = True,
        keep: bool = False,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.library = library
        self.supervised = supervised
        self.keep = keep
        self.options = options

    def fit(self, x: Any, y: Any = None) -> InvariantFeatures:
        """Find the symmetry.

        Args:
            x: ``(N, d)``.
            y: Targets ``(N,)`` or ``(N, m)``; needed where ``supervised``.

        Raises:
            ValueError: X holds no finite numbers, or has another shape.
            OptionError: ``library`` is none of functions.
            DataError: No symmetry is found, or no function of the library is left unchanged.
        """
        rows = validate_data(self, x, dtype=np.float64)
        functions(self.library, rows.shape[1])
        targets = np.asarray(y) if self.supervised and y is not None else None
        settings = {"method": "vector-field", "library": "affine", **dict(self.options or {})}
        short = {name: value for name, value in settings.items() if "." not in name}
        addressed = {name: value for name, value in settings.items() if "." in name}
        self.result_ = discover(rows, targets, options=addressed, **short)
        if not self.result_.holds:
            raise DataError(f"there is nothing to make features of: {self.result_.summary()}")
        self.invariants_ = state_invariants(self.result_, self.library)
        if len(self.invariants_) == 0:
            raise DataError(
                f"no function of the library {self.library!r} is left unchanged; take a larger one"
            )
        return self

    def transform(self, x: Any) -> NDArray[np.float64]:
        """The features ``(N, p)``, after the columns of X where ``keep``."""
        check_is_fitted(self, "invariants_")
        rows = validate_data(self, x, dtype=np.float64, reset=False)
        found = self.invariants_.values(torch.from_numpy(rows)).numpy()
        return np.hstack([rows, found]) if self.keep else found
