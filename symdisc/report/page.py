"""The report of a run: one HTML page that needs nothing but itself."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from html import escape
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from symdisc.report.algebra import algebra_text
from symdisc.report.discrete import discrete_text
from symdisc.report.evidence import evidence_text
from symdisc.report.figure_files import FigureFile, write_figures
from symdisc.report.html import bullets, paragraph, table
from symdisc.report.kept_form import kept_form_text
from symdisc.report.latent import latent_text
from symdisc.report.motion import motion_text
from symdisc.report.words import finding, range_explained, seeds_explained, truth_compared
from symdisc.result_text import counted, generator_table
from symdisc.run_folder import RunFolder, read_config
from symdisc.writing import writing

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

_GROUP_HEADINGS = {0: "Group", 1: "Generator"}
"""What the first section is called, by the number of generators."""

LARGEST_TABLE = 12
"""Generators up to this size are printed as tables."""


def write_report(run_folder: str | Path) -> Path:
    """Write ``report.html`` and ``figures/*.png`` of a run, replacing an earlier report.

    Args:
        run_folder: A run with a saved result.

    Returns:
        Path of the page: no scripts, no network, pictures inside.

    Raises:
        DataError: It is no run folder, or its result or metrics cannot be read.
        OptionError: Its settings cannot be read.
        OutputError: The page or the figures cannot be written.
    """
    from symdisc.result import load

    folder = RunFolder.open(Path(run_folder))
    result = load(folder.result)
    figures = write_figures(folder.path)
    text = page(result, read_config(folder.config), figures, folder.path)
    scratch = folder.report.with_suffix(".tmp")
    with writing(folder.report):
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(folder.report)
    return folder.report


def page(
    result: SymmetryResult,
    config: Mapping[str, Any],
    figures: Iterable[FigureFile],
    run_folder: Path,
) -> str:
    """The page as text.

    Args:
        result: What was found.
        config: The resolved settings.
        figures: Pictures to put in; their files are read.
        run_folder: Where the run is, for the command that repeats it.
    """
    parts = resources.files("symdisc.report")
    source = Path(str(config.get("source", "data"))).name
    method = str(config.get("method", "discovery"))
    shown: dict[str, str] = {}
    for figure in figures:
        shown[figure.section] = shown.get(figure.section, "") + _figure(figure)
    sections = {
        _GROUP_HEADINGS.get(len(result.generators), "Generators"): _generators(result)
        + shown.get("generators", ""),
        "Discrete elements": discrete_text(result) + shown.get("discrete", ""),
        "Learned coordinates": latent_text(result) + shown.get("latent", ""),
        "Is it real": evidence_text(result) + shown.get("tested", ""),
        "Algebra": algebra_text(result),
        "What stays the same": kept_form_text(result) + shown.get("kept", ""),
        "Orbits": paragraph(range_explained(result)) + shown.get("orbits", ""),
        "Equations of motion": motion_text(RunFolder(run_folder).equations)
        + shown.get("motion", ""),
        "How the seeds agree": _seeds(result) + shown.get("seeds", ""),
        "Training": shown.get("training", ""),
        "Notes": bullets(result.notes),
        "Data and settings": _settings(result, config),
        "Repeat this run": _repeat(config, run_folder, _has_targets(result)),
        "Software and machine": _software(result.provenance),
        "Citation": _citation(result.provenance),
    }
    return Template((parts / "page.html").read_text(encoding="utf-8")).substitute(
        title=escape(f"{source}: {result.group}" if result.has_consensus else source),
        style=(parts / "page.css").read_text(encoding="utf-8"),
        heading=escape(f"Symmetry of {source}, found by {method}"),
        finding=escape(finding(result)),
        summary=escape(result.summary()),
        sections="\n".join(_section(name, body) for name, body in sections.items() if body),
    )


def _section(name: str, body: str) -> str:
    return f"<section>\n<h2>{escape(name)}</h2>\n{body}\n</section>"


def _figure(figure: FigureFile) -> str:
    data = base64.b64encode(figure.path.read_bytes()).decode("ascii")
    caption = escape(figure.caption)
    return (
        f'<figure><img alt="{escape(figure.caption)}" src="data:image/png;base64,{data}">'
        f"<figcaption>{caption}</figcaption></figure>\n"
    )


def _generators(result: SymmetryResult) -> str:
    if len(result.generators) == 0:
        return table({"Group": result.group, "Why this name": result.evidence})
    n = result.generators.shape[-1]
    name = result.group if result.has_consensus else f"{result.group} (no consensus)"
    rows = {"Group": name, "Why this name": result.evidence}
    if result.fields is not None:
        text = paragraph(
            "A field X moves a state along its flow: dx/dt = X(x). The group acts by flows of sums "
            "of the fields."
        )
        return table(rows) + text + bullets(result.generator_text().splitlines())
    text = paragraph(
        f"A generator L moves a state x along its orbit {_orbit(result)}. Dots are entries that "
        "were zero from the start."
    )
    if n > LARGEST_TABLE:
        return table(rows)
    tables = "".join(
        f"<div class='wide'>{_title(result, i)}{generator_table(result, i)}</div>"
        for i in range(len(result.generators))
    )
    return table(rows) + text + tables + paragraph(truth_compared(result))


def _orbit(result: SymmetryResult) -> str:
    if result.latent is not None:
        return (
            "ψ(exp(t L) (φ(x) − c) + c) in learned coordinates z = φ(x), from which x = ψ(z) leads "
            "back"
        )
    return "exp(t L) x" if result.centre is None else "exp(t L) (x − c) + c about a centre c"


def _title(result: SymmetryResult, index: int) -> str:
    return f"<p class='soft'>L{index + 1}</p>" if len(result.generators) > 1 else ""


def _seeds(result: SymmetryResult) -> str:
    reasons = [f"seed {seed} was left out: {why}" for seed, why in result.failed.items()]
    return paragraph(seeds_explained(result)) + bullets(reasons)


def _settings(result: SymmetryResult, config: Mapping[str, Any]) -> str:
    rows = result.provenance.get("rows", {})
    data = {
        "read from": str(result.provenance.get("data", "")),
        "representation of a state": str(result.representation),
        "coordinates": _coordinates(result),
        **{f"{part} rows": f"{count:,}" for part, count in dict(rows).items()},
    }
    if result.target_representation is not None:
        data["representation of the target"] = str(result.target_representation)
    return table(data) + table(dict(_flat(config)))


def _coordinates(result: SymmetryResult) -> str:
    """Names and units; of images only their size."""
    grid, channels = result.representation.grid, result.representation.n_vectors
    if grid is not None:
        return f"{counted(channels, 'channel')} of {grid[0]} × {grid[1]} pixels"
    units = result.units if len(result.units) == len(result.names) else ("",) * len(result.names)
    pairs = zip(result.names, units, strict=True)
    return ", ".join(f"{name} [{unit}]" if unit else name for name, unit in pairs)


def _has_targets(result: SymmetryResult) -> bool:
    tested = result.verification
    both = () if tested is None else (tested, tested.beside)
    asked = {one.defects[0].statement for one in both if one is not None}
    return result.target_representation is not None or "conditional" in asked


def _repeat(config: Mapping[str, Any], run_folder: Path, has_targets: bool) -> str:
    settings = run_folder.name + "/config.yaml"
    if config.get("source") == "arrays":
        arrays = "x, y" if has_targets else "x"
        line = f'symdisc.discover({arrays}, config="{settings}", out="again")'
        how = "The data were arrays in memory; with the same arrays, in Python:"
    else:
        line = f"symdisc discover --config {settings} --out again"
        how = "In the folder that holds this run:"
    return paragraph(how) + f"<pre>{escape(line)}</pre>"


def _software(provenance: Mapping[str, Any]) -> str:
    skipped = ("data", "rows", "citation")
    return table(dict(_flat({k: v for k, v in provenance.items() if k not in skipped})))


def _citation(provenance: Mapping[str, Any]) -> str:
    text = str(provenance.get("citation", ""))
    return f"<pre>{escape(text)}</pre>" if text else ""


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, "" if name == "options" else f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", "not set" if value is None else str(value)
