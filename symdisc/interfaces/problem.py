"""Problems of the benchmark suite: data of which the whole symmetry is known."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from symdisc.interfaces.dataset import RawData
from symdisc.options import Options as ComponentOptions
from symdisc.representations import Representation

Family = Literal["continuous", "discrete", "nonlinear", "field", "negative"]
"""Linear groups; groups with other components; latent actions; vector fields; near misses and
data without symmetry."""

FieldValues = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""States ``(N, size)`` to the vectors ``(N, k, size)`` along which k fields move them."""


@dataclass(frozen=True)
class TrueSymmetry:
    """What there is to be found.

    Attributes:
        dimension: Number k of independent generators.
        fields: How they move states. Where k = 0, fields that may be reported or not: of another
            statement on the same data.
        generators: Matrices ``(k, n, n)``, where the group is one of matrices.
        elements: One matrix of each component ``(m, n, n)``, the identity first; ``None``: which
            other components there are is not judged.
        only_matrices: Whether nonlinear actions may be there beside what is stated. Of matrices
            beside which targets move by others of their own nothing is ever known.
        any_speed: Whether a generator may move each orbit with a speed of its own, so that only
            directions are compared.
        by_construction: Whether a symmetry is there whatever the data are like, so that only a
            result that says so (with the words "by construction" in a note) reports it rightly.
    """

    dimension: int
    fields: FieldValues | None = None
    generators: NDArray[np.float64] | None = None
    elements: NDArray[np.float64] | None = None
    only_matrices: bool = False
    any_speed: bool = False
    by_construction: bool = False

    @classmethod
    def linear(
        cls,
        generators: NDArray[np.float64],
        representation: str,
        elements: NDArray[np.float64] | None = None,
    ) -> Self:
        """Generators ``(k, n, n)`` that move vectors alike, such as the four of ``4*V2``."""
        form = Representation.parse(representation)

        def fields(states: NDArray[np.float64]) -> NDArray[np.float64]:
            vectors = states[:, : form.n_moving].reshape(len(states), 1, form.n_vectors, -1)
            moved = (vectors @ generators.transpose(0, 2, 1)).reshape(
                len(states), -1, form.n_moving
            )
            still = np.zeros((*moved.shape[:2], form.n_scalars))
            return np.concatenate([moved, still], axis=2)

        return cls(len(generators), fields, generators, elements, only_matrices=True)


class Problem(ABC):
    """Data of which the whole symmetry is known.

    The constructor takes nothing.

    Attributes:
        family: What kind of symmetry it is.
        dataset: Name of the data set.
        options: Its options; its ``seed`` is the suite's.
        settings: Settings that go with a symmetry of this kind, by name of the method that needs
            them, or ``"*"``: all; otherwise methods run with what the data set recommends.
    """

    Options: ClassVar[type[ComponentOptions]] = ComponentOptions
    family: ClassVar[Family]
    dataset: ClassVar[str]
    options: ClassVar[Mapping[str, Any]] = {}
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    @abstractmethod
    def truth(self, options: Any, raw: RawData) -> TrueSymmetry:
        """The symmetry of the data that the data set made.

        Args:
            options: Checked options of the data set.
            raw: What it made with them.
        """
