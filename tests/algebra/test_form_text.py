from __future__ import annotations

import numpy as np
import pytest

from symdisc.algebra.form_text import formula, signature_words


def test_minkowski_is_written_with_the_sign_of_its_first_square() -> None:
    form = -0.5 * np.diag([1.0, -0.99, -1.01, -1.0])
    assert formula(form, ["E", "px", "py", "pz"]) == "E² − 0.99 px² − 1.01 py² − pz²"


def test_products_count_twice_and_small_terms_are_left_out() -> None:
    form = np.array([[2.0, 0.3, 0.0], [0.3, 1.0, 0.04], [0.0, 0.04, -0.05]])
    assert formula(form, ["x", "y", "z"]) == "x² + 0.50 y² + 0.30 x y"


def test_without_a_large_square() -> None:
    assert formula(np.array([[0.0, -1.0], [-1.0, 0.2]]), ["x", "y"]) == "0.20 y² − 2.00 x y"


@pytest.mark.parametrize(
    ("signature", "words"),
    [
        ((3, 0), "3 positive: a positive definite form, the square of a length"),
        ((3, 1), "1 negative, 3 positive: a Minkowski form"),
        ((1, 1), "1 negative, 1 positive: a Minkowski form"),
        ((3, 2), "2 negative, 3 positive: an indefinite form"),
    ],
)
def test_signature(signature: tuple[int, int], words: str) -> None:
    assert signature_words(signature) == words
