from __future__ import annotations

from dataclasses import asdict

import pytest

from symdisc.fields.defect_spectrum import DefectSpectrum

SPECTRUM = DefectSpectrum((0.01, 0.4), 1, "values before a gap")


def test_it_comes_back() -> None:
    saved = {**asdict(SPECTRUM), "values": [0.01, 0.4]}
    assert DefectSpectrum.from_saved(saved) == SPECTRUM


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="3 of 2 fields cannot be symmetries"):
        DefectSpectrum.from_saved({**asdict(SPECTRUM), "count": 3})
    with pytest.raises(TypeError):
        DefectSpectrum.from_saved({"values": [1.0]})
