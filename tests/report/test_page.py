from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from latent_toy import found_in, trajectories

from symdisc.errors import DataError, OutputError
from symdisc.latent_space import in_latent_coordinates
from symdisc.report.page import page, write_report
from symdisc.result import SymmetryResult
from symdisc.verify.defect import RelativeDefect
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.support_range import SupportRange
from symdisc.verify.verification import Verification


def judged(*defects: RelativeDefect) -> Verification:
    return Verification.of(defects, DefectOptions())


VOID = {"meta", "img"}


class Page(HTMLParser):
    """Checks that elements are closed in order and collects what a reader sees."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)
        if "style" not in self.open:
            self.words += data


def test_report_is_complete_and_needs_nothing_else(run: Path, result: SymmetryResult) -> None:
    path = write_report(run)
    assert path == run / "report.html"
    text = path.read_text(encoding="utf-8")
    parsed = Page(text)
    assert parsed.open == []
    assert parsed.headings == [
        "Generator",
        "Is it real",
        "What stays the same",
        "Orbits",
        "How the seeds agree",
        "Training",
        "Data and settings",
        "Repeat this run",
        "Software and machine",
        "Citation",
    ]
    assert not {"script", "link", "iframe", "object"} & parsed.tags
    sources = [value or "" for name, value in parsed.attributes if name in ("src", "href")]
    assert len(sources) == 8
    assert all(source.startswith("data:image/png;base64,iVBOR") for source in sources)
    assert not re.search(r"https?://|url\(|@import", text)
    assert "$" not in parsed.words


def test_report_says_what_a_reader_needs(run: Path, result: SymmetryResult) -> None:
    words = Page(write_report(run).read_text(encoding="utf-8")).words
    for expected in (
        result.summary(),
        result.evidence,
        "Symmetry of two-body, found by liegan",
        "seed 2 was left out: generators are not finite",
        "symdisc discover --config first/config.yaml --out again",
        "q_x [m], q_y [m], p_x [kg m/s], p_y [kg m/s]",
        "group.n_generators",
        "method.epochsnot set",
        "train rows14,000",
        "versions.torch2.13",
        "test processor",
        "@article{someone, title = {Something}}",
        "0.04 (95 %: 0.00 to 0.11)",
    ):
        assert expected in words


def test_writing_again_replaces_the_report(run: Path) -> None:
    first = write_report(run).read_text(encoding="utf-8")
    assert write_report(run).read_text(encoding="utf-8") == first
    assert sorted(path.name for path in run.iterdir()) == [
        "config.yaml",
        "figures",
        "metrics",
        "report.html",
        "result",
    ]


def test_what_users_wrote_is_escaped(result: SymmetryResult, tmp_path: Path) -> None:
    evil = "<script>alert('$x')</script>"
    marked = replace(
        result,
        group=evil,
        evidence=evil,
        names=(evil, "b", "c", "d"),
        units=(evil, "", "", ""),
        failed={2: evil},
        notes=(evil,),
        interrupted=evil,
        provenance={"device": evil, "citation": evil, "rows": {evil: 1}},
    )
    config: dict[str, Any] = {"source": evil, "method": evil, "options": {evil: {evil: evil}}}
    parsed = Page(page(marked, config, [], tmp_path / evil))
    assert "script" not in parsed.tags
    assert parsed.words.count(evil) >= 12


def test_large_generators_are_shown_as_pictures_only(result: SymmetryResult) -> None:
    import torch

    large = replace(
        result,
        generators=torch.zeros(1, 13, 13),
        mask=torch.ones(13, 13),
        representation=result.representation.vector(13),
        truth=None,
    )
    assert "class='matrix'" not in page(large, {}, [], Path("run"))
    assert "class='matrix'" in page(result, {}, [], Path("run"))


def test_untested_and_without_consensus(result: SymmetryResult) -> None:
    bare = replace(
        result, verification=None, has_consensus=False, interrupted="liegan stopped", provenance={}
    )
    words = Page(page(bare, {"source": "two-body"}, [], Path("run"))).words
    assert "Not tested on held-out rows: liegan stopped." in words
    assert f"{result.group} (no consensus)" in words
    assert "Citation" not in words


def test_arrays_are_repeated_in_python(result: SymmetryResult) -> None:
    words = Page(page(result, {"source": "arrays"}, [], Path("runs/first"))).words
    assert 'symdisc.discover(x, config="first/config.yaml", out="again")' in words
    tested = replace(result.defects[0], statement="conditional")
    targets = replace(result, verification=judged(tested))
    words = Page(page(targets, {"source": "arrays"}, [], Path("runs/first"))).words
    assert 'symdisc.discover(x, y, config="first/config.yaml", out="again")' in words


def test_support_that_was_not_measured_is_a_dash(result: SymmetryResult) -> None:
    assert "<td>0.98</td>" in page(result, {}, [], Path("run"))
    unmeasured = replace(
        result, verification=judged(replace(result.defects[0], support=float("nan")))
    )
    text = page(unmeasured, {}, [], Path("run"))
    assert "<td>–</td>" in text
    assert "nan" not in Page(text).words


def test_several_generators_are_listed(full_algebra: SymmetryResult) -> None:
    parsed = Page(page(full_algebra, {}, [], Path("run")))
    assert parsed.headings[0] == "Generators"
    assert "L3" in parsed.words


def test_no_result(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a run folder"):
        write_report(tmp_path)
    (tmp_path / "config.yaml").write_text("method: liegan\n")
    with pytest.raises(DataError, match="result is not a folder; give a run folder"):
        write_report(tmp_path)


def test_page_that_cannot_be_written(run: Path) -> None:
    (run / "report.html").mkdir()
    with pytest.raises(OutputError, match=r"cannot write .*report\.html: Is a directory"):
        write_report(run)


def test_the_range_of_the_data_stands_above_the_orbits(result: SymmetryResult) -> None:
    support = SupportRange(0.7, 0.6, 0.8, 6.28, 900)
    parsed = Page(page(replace(result, support=support), {}, [], Path("run")))
    assert "Orbits" in parsed.headings
    assert "Along the orbits the data extend over ±40° (95 %: 34° to 46°)" in parsed.words


def test_pixels_of_images_are_not_listed(images: SymmetryResult) -> None:
    words = Page(page(images, {}, [], Path("run"))).words
    assert "coordinates1 channel of 6 × 8 pixels" in words
    assert "pixel0" not in words
    assert "What stays the same" not in words


def test_learned_coordinates_have_a_section() -> None:
    result, _ = found_in(trajectories(20, 30))
    shown = Page(page(result, {}, [], Path("run")))
    assert "Learned coordinates" in shown.headings
    assert (
        "A generator L moves a state x along its orbit ψ(exp(t L) (φ(x) − c) + c) in learned"
        in (shown.words)
    )
    assert "a quadratic form zᵀJz of learned coordinates" in shown.words
    inside = Page(page(in_latent_coordinates(result), {}, [], Path("run")))
    assert "Learned coordinates" not in inside.headings
