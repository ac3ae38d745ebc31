"""Fields that keep a function, that nearly keep it, and that do not."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from symdisc.data.pairs import Pairs
from symdisc.data.samples import Samples
from symdisc.fields.reading import library
from symdisc.fields.vector_fields import VectorFields
from symdisc.interfaces import FieldClaim, Oracle
from symdisc.options import Options
from symdisc.representations import Representation
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.field_defect import REFERENCES, field_defects, verify_fields
from symdisc.verify.verdict import verdicts_of
from symdisc_vector_field.oracles.polynomial import Polynomial, PolynomialOptions

SPACE = Representation.vector(3)


class Squares(Oracle):
    """Weights of x², y² and z² by least squares."""

    quick = True

    def __init__(self, options: Options) -> None:
        pass

    @classmethod
    def unsuited(cls, samples: Samples) -> str:
        return ""

    def fit(self, x: Tensor, y: Tensor | None, rng: torch.Generator) -> None:
        assert y is not None
        self.weights = torch.linalg.lstsq(x.double() ** 2, y.double()).solution

    def value(self, x: Tensor) -> Tensor:
        values: Tensor = x**2 @ self.weights
        return values

    def jacobian(self, x: Tensor) -> Tensor:
        slopes: Tensor = (2 * x[:, None] * self.weights.T).double()
        return slopes


class Slow(Squares):
    """The same, taken as it is."""

    quick = False


def _pairs(noise: float = 0.3, rows: int = 600, form: tuple[float, ...] = (1, 1, 3)) -> Pairs:
    rng = torch.Generator().manual_seed(0)
    x = torch.randn(rows, 3, generator=rng)
    y = x**2 @ torch.tensor([float(weight) for weight in form])[:, None]
    return Pairs(x, y + noise * torch.randn(rows, 1, generator=rng), SPACE)


def _claim(pairs: Pairs, kind: type[Squares], *entries: tuple[int, int, float]) -> FieldClaim:
    """One linear field with the entries ``(i, j, value)``."""
    coefficients = torch.zeros(1, 3, 3, dtype=torch.float64)
    for i, j, value in entries:
        coefficients[0, j, i] = value
    oracle = kind(Options())
    oracle.fit(pairs.x, pairs.y, torch.Generator())
    return FieldClaim(VectorFields(library("linear", 3), coefficients), oracle, SPACE)


TURN = ((0, 1, -1.0), (1, 0, 1.0))


def test_a_true_field_is_confirmed_and_noise_is_allowed_for() -> None:
    pairs = _pairs()
    tested = verify_fields(_claim(pairs, Squares, *TURN), pairs, seed=0, options=DefectOptions())
    (defect,) = tested.defects
    assert tested.overall.word == "confirmed"
    assert defect.statement == "field"
    assert defect.low == 0
    assert 0 < defect.high < 0.1
    assert len(tested.references) == REFERENCES * DefectOptions().n_references
    assert min(tested.references) > 0.05


def test_intervals_allow_for_other_rows() -> None:
    """Half of the data sets of one law should lie on either side of an interval's middle."""
    lower, upper = [], []
    for seed in range(8):
        rng = torch.Generator().manual_seed(seed)
        x = torch.randn(150, 3, generator=rng)
        y = x**2 @ torch.tensor([1.0, 2.0, 3.0])[:, None]
        pairs = Pairs(x, y, SPACE)
        (defect,) = verify_fields(
            _claim(pairs, Squares, *TURN), pairs, seed=0, options=DefectOptions()
        ).defects
        lower.append(defect.low)
        upper.append(defect.high)
    assert max(lower) < min(upper)
    assert min(upper[i] - lower[i] for i in range(8)) > 0.05


def test_a_field_that_is_none() -> None:
    pairs = _pairs()
    claim = _claim(pairs, Squares, (0, 2, -1.0), (2, 0, 1.0))
    tested = verify_fields(claim, pairs, seed=0, options=DefectOptions())
    assert tested.overall.word in ("not supported", "approximate")
    assert tested.defects[0].low > 0.3


def test_graded_departures() -> None:
    values = []
    for stretch in (1.0, 1.1, 1.3, 2.0):
        pairs = _pairs(0.01, form=(1, stretch, 3))
        defects, _ = field_defects(
            _claim(pairs, Squares, *TURN), pairs, torch.Generator().manual_seed(0), DefectOptions()
        )
        values.append(defects[0].value)
    assert values == sorted(values)
    assert values[0] < 0.02 < values[1] < 0.2 < values[3]


def test_a_slow_oracle_is_taken_as_it_is() -> None:
    pairs = _pairs()
    claim = _claim(pairs, Slow, *TURN)
    before = claim.oracle.value(pairs.x.double())
    tested = verify_fields(claim, pairs, seed=0, options=DefectOptions(resamples=200))
    assert torch.equal(claim.oracle.value(pairs.x.double()), before)
    assert tested.overall.word == "confirmed"
    assert 0 < tested.defects[0].low < tested.defects[0].value < tested.defects[0].high


def test_random_elements_of_a_span_are_tested_too() -> None:
    pairs = _pairs(form=(1, 1, 1))
    claim = _claim(pairs, Squares, *TURN)
    other = _claim(pairs, Squares, (1, 2, -1.0), (2, 1, 1.0))
    both = torch.cat([claim.fields.coefficients, other.fields.coefficients])
    fields = VectorFields(claim.fields.library, both)
    two = FieldClaim(fields, claim.oracle, SPACE)
    tested = verify_fields(two, pairs, seed=0, options=DefectOptions())
    assert len(tested.defects) == 2
    assert len(tested.elements) == DefectOptions().n_elements
    assert tested.overall.word == "confirmed"


def test_what_cannot_be_tested() -> None:
    pairs, options = _pairs(), DefectOptions()
    rng = torch.Generator().manual_seed(0)
    still, _ = field_defects(_claim(pairs, Squares), pairs, rng, options)
    assert still[0].reason == "the field does not move the data"
    assert verdicts_of(still, options)[0].word == "trivial"
    few = pairs.at(torch.arange(30))
    defects, _ = field_defects(_claim(pairs, Squares, *TURN), few, rng, options)
    assert defects[0].reason == "30 held-out rows to test on, at least 100 are needed"
    noise = Pairs(pairs.x, torch.randn(600, 1, generator=rng), SPACE)
    defects, _ = field_defects(_claim(noise, Squares, *TURN), noise, rng, options)
    assert defects[0].reason.startswith("random fields pass as well: T_ref")
    every = torch.eye(9, dtype=torch.float64).reshape(9, 3, 3)
    whole = FieldClaim(VectorFields(library("linear", 3), every), Squares(Options()), SPACE)
    defects, _ = field_defects(whole, pairs, rng, options)
    assert "span all of the library" in defects[0].reason


def test_rows_count_by_how_certain_the_function_is_there() -> None:
    """Of a polynomial with too high a degree hardly anything is known at the rim of 300 rows."""
    pairs = _pairs(0.3, 300, form=(1, 1, 3))
    oracle = Polynomial(PolynomialOptions(fit_degree=4))
    oracle.fit(pairs.x, pairs.y, torch.Generator())
    claim = replace(_claim(pairs, Squares, *TURN), oracle=oracle)
    tested = verify_fields(claim, pairs, seed=0, options=DefectOptions())
    assert tested.overall.word == "confirmed"
    assert tested.defects[0].high < 0.12
