"""Description: what a user says about the data, held against the data themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from symdisc.data.given import Given
from symdisc.data.targets import n_targets
from symdisc.errors import DataError
from symdisc.interfaces.dataset import RawData
from symdisc.representations import Representation

_STATE_HINT = "say how a state transforms with --representation or representation="
_TARGET_HINT = "say how a target transforms with --target-representation or target_representation="


@dataclass(frozen=True, eq=False)
class Description:
    """What is said about the data; an empty entry means that nothing is said.

    Attributes:
        representation: Text form of how a state transforms.
        target_representation: Text form of how number targets transform.
        names: Name of each coordinate.
        units: Unit of each coordinate.
        truth: True generators ``(k, n, n)``, where known.
    """

    representation: str = ""
    target_representation: str = ""
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    truth: NDArray[Any] | None = None

    def completed(self, data: RawData | Given) -> Description:
        """With what the data say of themselves wherever this one says nothing.

        Their true generators belong to their representation: under another one they are left out.

        Args:
            data: What a data set made, or what a reader gave.
        """
        same = not self.representation or _alike(self.representation, data.representation)
        return replace(
            self,
            representation=self.representation or data.representation,
            target_representation=self.target_representation or data.target_representation,
            names=self.names or data.names,
            units=self.units or data.units,
            truth=data.truth if self.truth is None and same else self.truth,
        )

    def state_form(self, size: int) -> Representation:
        """How a state of ``size`` coordinates transforms; by default as one vector.

        Raises:
            DataError: The text cannot be read, does not fit, or moves nothing.
        """
        if not self.representation:
            return Representation.vector(size)
        form = _parsed(self.representation, size, "a state", _STATE_HINT)
        if not form.n_vectors:
            raise DataError(
                f"representation '{form}' holds scalars only, so no group element would move a "
                f"state; {_STATE_HINT}, for instance 'V{size}'"
            )
        return form

    def target_form(self, size: int) -> Representation:
        """How a target of ``size`` numbers transforms; by default it does not.

        Raises:
            DataError: The text cannot be read or does not fit.
        """
        if not self.target_representation:
            return Representation.scalars(size)
        return _parsed(self.target_representation, size, "a target", _TARGET_HINT)

    def _action_problems(self, state_size: int, target_size: int) -> list[str]:
        """One group element moves states and targets, so their vectors must be equally long."""
        target = self.target_form(target_size)
        try:
            state = self.state_form(state_size)
        except DataError:
            return []  # which is reported as a problem of its own
        if not target.n_vectors or target.dimension == state.dimension:
            return []
        return [
            f"the target representation '{target}' has vectors of length {target.dimension}, but "
            f"group elements move vectors of length {state.dimension} ('{state}'); "
            f"{_TARGET_HINT}, e.g. '{Representation.scalars(target_size)}' for values that stay"
        ]

    def problems(self, given: Given) -> list[str]:
        """Everything in the description that does not fit the data."""
        found: list[str] = []
        if given.size is not None:
            found += _per_coordinate("names", self.names, given.size)
            found += _per_coordinate("units", self.units, given.size)
            try:
                found += self._truth_problems(self.state_form(given.size))
            except DataError as error:
                found.append(str(error))
        return found + self._target_problems(given)

    def _truth_problems(self, form: Representation) -> list[str]:
        n = form.dimension
        if self.truth is None or (self.truth.ndim == 3 and self.truth.shape[1:] == (n, n)):
            return []
        return [
            f"the true generators must have the shape (k, {n}, {n}) for the representation "
            f"'{form}'; got {self.truth.shape}"
        ]

    def _target_problems(self, given: Given) -> list[str]:
        size = n_targets(given)
        if size is None:
            if not self.target_representation:
                return []
            why = (
                "there are no targets" if given.targets is None else "class labels stay as they are"
            )
            return [f"a target representation was given, but {why}; leave it out"]
        try:
            self.target_form(size)
            return [] if given.size is None else self._action_problems(given.size, size)
        except DataError as error:
            return [str(error)]


def _alike(first: str, second: str) -> bool:
    """Whether two texts mean the same representation."""
    try:
        return Representation.parse(first) == Representation.parse(second)
    except DataError:  # which is reported as a problem of its own
        return False


def _parsed(text: str, size: int, what: str, hint: str) -> Representation:
    try:
        form = Representation.parse(text)
        form.check_size(size, what)
    except DataError as error:
        raise DataError(f"{error}; {hint}") from error
    return form


def _per_coordinate(what: str, given: tuple[str, ...], size: int) -> list[str]:
    if len(given) in (0, size):
        return []
    return [f"there are {len(given)} {what} for {size} coordinates; give one for each, or none"]
