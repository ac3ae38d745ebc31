"""One abstract class for each kind of component: what a plugin author implements.

Every class here is abstract, every implementation is final: only abstract methods are
overridden. Shapes use ``E`` for ensemble members, ``B`` for a batch, ``c`` for components that
share one group element, ``n`` for their length and ``k`` for generators.
"""

from symdisc.interfaces.coefficients import CoefficientDistribution
from symdisc.interfaces.dataset import Dataset, RawData
from symdisc.interfaces.discriminator import Discriminator
from symdisc.interfaces.element_family import ElementFamily
from symdisc.interfaces.encoder import (
    ChangesCoordinates,
    DecodesInParts,
    Encoder,
    KeepsStatistics,
    SeesComponents,
)
from symdisc.interfaces.ensemble import EnsembleModule
from symdisc.interfaces.field_claim import FieldClaim
from symdisc.interfaces.group import CosetParameterization, GroupParameterization
from symdisc.interfaces.kernel import KernelBackend
from symdisc.interfaces.logger import Logger
from symdisc.interfaces.method import (
    Artifacts,
    Batch,
    ClosedFormStage,
    Criterion,
    Discovery,
    IterativeStage,
    Latent,
    LocalMethod,
    Losses,
    Method,
    OptimizerSettings,
    Stage,
    StageContext,
)
from symdisc.interfaces.oracle import Oracle
from symdisc.interfaces.problem import Family, Problem, TrueSymmetry
from symdisc.interfaces.shapes import DataShapes
from symdisc.interfaces.verifier import Gains, Question, Verifier, View

__all__ = [
    "Artifacts",
    "Batch",
    "ChangesCoordinates",
    "ClosedFormStage",
    "CoefficientDistribution",
    "CosetParameterization",
    "Criterion",
    "DataShapes",
    "Dataset",
    "DecodesInParts",
    "Discovery",
    "Discriminator",
    "ElementFamily",
    "Encoder",
    "EnsembleModule",
    "Family",
    "FieldClaim",
    "Gains",
    "GroupParameterization",
    "IterativeStage",
    "KeepsStatistics",
    "KernelBackend",
    "Latent",
    "LocalMethod",
    "Logger",
    "Losses",
    "Method",
    "OptimizerSettings",
    "Oracle",
    "Problem",
    "Question",
    "RawData",
    "SeesComponents",
    "Stage",
    "StageContext",
    "TrueSymmetry",
    "Verifier",
    "View",
]
