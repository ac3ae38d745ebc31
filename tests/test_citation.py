"""BibTeX of a run, now and years later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import symdisc
from symdisc.citation import AUTHORS, TITLE, citations
from symdisc.registry import PluginHost, default_host

ROOT = Path(__file__).parents[1]
CONFIG = {"source": "two-body", "method": "liegan", "dataset": "two-body", "group": "lie-algebra"}
PROVENANCE = {
    "citation": "@article{old, title = {As it was}}",
    "versions": {"symdisc": "0.0.7"},
    "date": "2031-05-06T07:08:09+00:00",
}


def test_symdisc_is_cited_as_its_file_says() -> None:
    content = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert content["title"] == TITLE
    assert [author["name"] for author in content["authors"]] == [AUTHORS.strip("{}")]
    assert content["version"] == symdisc.__version__
    assert content["type"] == "software"


def test_what_the_run_says_is_stronger_than_what_is_installed() -> None:
    own, method, data = citations(CONFIG, PROVENANCE, default_host())
    assert own == (
        "@software{symdisc,\n"
        "  title   = {symdisc: symmetry discovery from data},\n"
        "  author  = {{The symdisc developers}},\n"
        "  version = {0.0.7},\n"
        "  year    = {2031}\n"
        "}"
    )
    assert method == PROVENANCE["citation"]
    assert data.startswith("@misc{data-two-body,\n  title        = {Data set two-body: ")
    assert "Hamiltonian Neural Networks, NeurIPS 2019}" in data


def test_a_run_that_says_nothing() -> None:
    own, method, data = citations({"method": "liegan"}, {}, default_host())
    assert f"version = {{{symdisc.__version__}}}" in own
    assert "year" not in own
    assert method.startswith("@inproceedings{yang2023generative,")
    assert data == "% data: unknown; cite where they are from"


def test_what_is_not_installed_any_more_is_told() -> None:
    config = {"source": "x.npz", "method": "acme:gone", "encoder": "acme:gone", "dataset": "lost"}
    _, method, data, *plugins = citations(config, {}, default_host())
    assert method.startswith("% method acme:gone: no plugin named 'acme'; installed: ")
    assert data.startswith("% data set lost: no dataset named 'lost'; installed: ")
    assert "% encoder acme:gone: its plugin is not installed any more" in plugins
    assert all(line.startswith("% ") for text in plugins for line in text.splitlines())


def test_plugins_of_others_are_cited(make_host: Callable[[dict[str, str]], PluginHost]) -> None:
    source = """
from symdisc.interfaces import Method
SYMDISC_API_VERSION = 1

@hookimpl
def symdisc_methods():
    return [Component("fast", f"{__name__}:Fast", "Fast & new.")]

@hookimpl
def symdisc_datasets():
    return [
        Component("rings", "a.b:C", "50 % of {all} rings.", "Doe & Roe: Rings, 2020."),
        Component("bare", "a.b:C", "Bare."),
    ]

class Fast(Method):
    uses = {}

    def __init__(self, options): ...
    def stages(self): ...
    def discovery(self, artifacts): ...
"""
    host = make_host({"acme@symdisc-acme": source})
    config: dict[str, Any] = {"method": "fast", "dataset": "rings"}
    _, method, data, plugin = citations(config, {}, host)
    assert method == "% method fast names no paper"
    assert r"Data set rings: 50 \% of \{all\} rings}" in data
    assert r"howpublished = {Doe \& Roe: Rings, 2020}" in data
    assert plugin == (
        "@software{symdisc-acme,\n"
        "  title   = {symdisc-acme, a plugin for symdisc: method fast, dataset rings},\n"
        "  version = {1.0}\n"
        "}"
    )
    _, _, data, _ = citations({**config, "dataset": "bare"}, {}, host)
    assert data == "% data set bare is made by symdisc-acme and has no source to cite"


@pytest.mark.parametrize("date", ["", "yesterday", None])
def test_a_date_that_cannot_be_read_gives_no_year(date: Any) -> None:
    assert "year" not in citations(CONFIG, {"date": date}, default_host())[0]
