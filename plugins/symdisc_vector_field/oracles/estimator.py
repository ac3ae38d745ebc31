"""Regressors and classifiers of scikit-learn."""

from __future__ import annotations

import importlib
from typing import Any, ClassVar, Literal, final

import numpy as np
import torch
from torch import Tensor

from symdisc.data.samples import Samples
from symdisc.errors import OptionError
from symdisc.fields.derivatives import finite_differences
from symdisc.interfaces import Oracle
from symdisc.options import Field, Options
from symdisc_vector_field.oracles.scaling import Scaling

# Name: module, regressor and classifier of scikit-learn.
_CLASSES: dict[str, tuple[str, str, str]] = {
    "gaussian-process": (
        "gaussian_process",
        "GaussianProcessRegressor",
        "GaussianProcessClassifier",
    ),
    "gradient-boosting": (
        "ensemble",
        "HistGradientBoostingRegressor",
        "HistGradientBoostingClassifier",
    ),
    "mlp": ("neural_network", "MLPRegressor", "MLPClassifier"),
    "random-forest": ("ensemble", "RandomForestRegressor", "RandomForestClassifier"),
    "svm": ("svm", "SVR", "SVC"),
}


class EstimatorOptions(Options):
    """Options of ``estimator``."""

    name: Literal["gaussian-process", "gradient-boosting", "mlp", "random-forest", "svm"] = Field(
        "svm", description="The regressor, or for class labels the classifier, of scikit-learn"
    )
    step: float = Field(
        0.01, gt=0, description="Step of finite differences, over the spread of a coordinate [1]"
    )


@final
class Estimator(Oracle):
    """An estimator of scikit-learn with default settings; derivatives are finite differences.

    Of class labels, F is its decision function, else the probabilities of the classes. Functions
    with steps, such as forests, have no derivatives: their differences mean little, whatever the
    step.
    """

    Options: ClassVar[type[Options]] = EstimatorOptions
    derivatives: ClassVar[str] = "finite differences"

    def __init__(self, options: EstimatorOptions) -> None:
        self._options = options

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        """See :class:`Oracle`."""
        return "" if samples.targets is not None or samples.steps > 1 else "there are no targets"

    def fit(self, x: Tensor, y: Tensor | None, rng: torch.Generator) -> None:
        """See :class:`Oracle`."""
        if y is None:
            raise ValueError("a regression needs targets")
        seed = int(torch.randint(2**31, (1,), generator=rng, device=rng.device))
        self._scaling = Scaling.of(x)
        rows, goal = self._scaling.apply(x).cpu().numpy(), y.cpu().numpy()
        columns = [goal] if goal.ndim == 1 else list(goal.T)
        self._models = [self._made(y, seed).fit(rows, column) for column in columns]

    def value(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        if len(x) == 0:
            x = x.new_zeros(1, x.shape[1])
            return self.value(x)[:0]
        rows = self._scaling.apply(x).cpu().numpy()
        columns = [outputs(model, rows) for model in self._models]
        return torch.from_numpy(np.hstack(columns)).to(x)

    def jacobian(self, x: Tensor) -> Tensor:
        """See :class:`Oracle`."""
        return finite_differences(self.value, x, self._options.step * self._scaling.scale)

    def _made(self, y: Tensor, seed: int) -> Any:
        module, regressor, classifier = _CLASSES[self._options.name]
        try:
            package = importlib.import_module(f"sklearn.{module}")
        except ImportError as error:
            raise OptionError(
                f"the oracle 'estimator' needs scikit-learn, which cannot be imported ({error}); "
                "install it with pip install 'symdisc[datasets]'"
            ) from error
        chosen = getattr(package, regressor if y.is_floating_point() else classifier)
        return chosen(**{k: v for k, v in _settings(seed).items() if k in chosen().get_params()})


def _settings(seed: int) -> dict[str, Any]:
    """What differs from default settings where an estimator has it.

    Margins of pairs of classes are smooth; those of one class against the rest have steps where
    votes change.
    """
    return {"random_state": seed, "decision_function_shape": "ovo"}


def outputs(model: Any, rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Decision function, probabilities or prediction of a fitted estimator, ``(N, c)`` float64."""
    for name in ("decision_function", "predict_proba", "predict"):
        if hasattr(model, name):
            found = np.asarray(getattr(model, name)(rows), dtype=np.float64)
            return found[:, None] if found.ndim == 1 else found
    raise OptionError(f"{type(model).__name__} has neither decision_function nor predict")
