"""Conformance suites: what a plugin's tests run on its components.

Each suite is a plain function that returns nothing if the component keeps its interface's
promises and raises :class:`ConformanceError` at the first one it breaks::

    from symdisc.testing import check_discriminator
    from my_plugin.discriminators import WideMLP

    def test_wide_mlp() -> None:
        check_discriminator(WideMLP, {"width": 32})
"""

from symdisc.testing.coefficients import check_coefficients
from symdisc.testing.conformance import SHAPES, ConformanceError
from symdisc.testing.dataset import check_dataset
from symdisc.testing.discriminator import check_discriminator
from symdisc.testing.encoder import check_encoder
from symdisc.testing.group import check_group
from symdisc.testing.kernel_accuracy import AccuracyCase, accuracy_cases, check_kernel_accuracy
from symdisc.testing.kernel_backend import PROBLEMS, Problem, check_kernel_backend
from symdisc.testing.logger import check_logger
from symdisc.testing.method import MethodCase, check_method, method_cases
from symdisc.testing.oracle import check_oracle
from symdisc.testing.problem import check_problem
from symdisc.testing.stacking import check_ensemble, check_stacked
from symdisc.testing.verifier import check_verifier

__all__ = [
    "PROBLEMS",
    "SHAPES",
    "AccuracyCase",
    "ConformanceError",
    "MethodCase",
    "Problem",
    "accuracy_cases",
    "check_coefficients",
    "check_dataset",
    "check_discriminator",
    "check_encoder",
    "check_ensemble",
    "check_group",
    "check_kernel_accuracy",
    "check_kernel_backend",
    "check_logger",
    "check_method",
    "check_oracle",
    "check_problem",
    "check_stacked",
    "check_verifier",
    "method_cases",
]
