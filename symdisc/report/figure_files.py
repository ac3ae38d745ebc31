"""The figures of a run as PNG files with captions."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from symdisc.algebra.consensus import LINKAGE_ANGLE
from symdisc.errors import OutputError, UnknownComponentError
from symdisc.latent_space import in_latent_coordinates
from symdisc.own_units import in_alike_units
from symdisc.report.discrete_figures import elements_figure, images_figure
from symdisc.report.field_figures import arrows_figure, spectrum_figure
from symdisc.report.figures import (
    MAX_SEEDS,
    agreement_figure,
    form_figure,
    generator_figure,
    losses_figure,
    orbit_figure,
    seeds_figure,
)
from symdisc.report.image_figures import field_figure, image_orbit_figure
from symdisc.report.kept_form import kept_form
from symdisc.report.latent_pictures import decoded_orbits_figure, latent_trajectories_figure
from symdisc.report.metrics_table import read_metrics
from symdisc.report.motion import forecast_figure, frequency_figure, read_forecast
from symdisc.report.space_figure import SPACE, space_figure, space_views
from symdisc.report.verification_figures import power_figure, references_figure
from symdisc.report.words import has_power
from symdisc.run_folder import RunFolder
from symdisc.verify.defect import FIELD

if TYPE_CHECKING:
    from symdisc.result import SymmetryResult

RESOLUTION = 130
"""Pixels per inch."""

MAX_GENERATORS = 6
"""Generators that get figures of their own."""


@dataclass(frozen=True)
class FigureFile:
    """One written figure.

    Attributes:
        section: Part of the report it belongs to: generators, discrete, latent, tested, kept,
            orbits, motion, seeds or training.
        path: The PNG file.
        caption: What it shows, for somebody who sees nothing else.
    """

    section: str
    path: Path
    caption: str


def write_figures(run_folder: str | Path) -> list[FigureFile]:
    """Write all figures of a run to ``figures/*.png``, replacing those of an earlier report.

    Args:
        run_folder: A run with a saved result.

    Raises:
        DataError: It is no run folder, or its result or metrics cannot be read.
        OutputError: The figures cannot be written.
    """
    from symdisc.result import load

    folder = RunFolder.open(Path(run_folder))
    result = load(folder.result)
    target = folder.path / "figures"
    written = []
    try:
        target.mkdir(exist_ok=True)
        for section, name, figure, caption in _figures(result, folder):
            path = target / f"{name}.png"
            path.write_bytes(_png(figure))
            written.append(FigureFile(section, path, caption))
    except OSError as error:
        raise OutputError(f"cannot write figures to {target}: {error.strerror}") from None
    return written


Drawn = Iterator[tuple[str, str, Figure, str]]


def result_figures(found: SymmetryResult) -> Drawn:
    """Section, name, figure and caption of all figures that need the result alone."""
    result = in_alike_units(in_latent_coordinates(found))
    yield from _discrete(result)
    if len(result.generators) == 0:
        return
    if result.fields is None:
        yield "generators", "generators", generator_figure(result), _GENERATORS
    elif result.representation.grid is not None:
        yield "generators", "field", field_figure(result), _FIELD
    else:
        yield "generators", "fields", arrows_figure(result), _ARROWS
    if result.spectrum is not None:
        caption = _SPECTRUM.format(rule=result.spectrum.rule)
        yield "generators", "spectrum", spectrum_figure(result.spectrum), caption
    if result.verification is not None and result.verification.references:
        field = result.defects[0].statement == FIELD
        caption = _FIELD_REFERENCES if field else _REFERENCES
        yield "tested", "references", references_figure(result.verification), caption
    if result.verification is not None and has_power(result):
        yield "tested", "power", power_figure(result.verification), _POWER
    form = kept_form(result)
    if form is not None and form.n_keeping > 0:
        yield "kept", "kept_form", form_figure(result, form), _FORM
    if result.fields is None:
        yield from _orbits(result) if found.latent is None else _latent(found)
        yield from _seeds(result)


def _figures(found: SymmetryResult, folder: RunFolder) -> Drawn:
    yield from result_figures(found)
    frequency = frequency_figure(folder.equations)
    if frequency is not None:
        yield "motion", "frequency", frequency, _FREQUENCY
    if folder.forecast.exists():
        yield "motion", "forecast", forecast_figure(read_forecast(folder.forecast)), _FORECAST
    yield from _training(folder)


def _training(folder: RunFolder) -> Drawn:
    stages = [read_metrics(path) for path in sorted(folder.metrics.glob("*.csv"))]
    for metrics in sorted(stages, key=lambda stage: stage.begun):
        caption = _LOSSES.format(stage=metrics.stage)
        yield "training", f"losses_{metrics.stage}", losses_figure(metrics), caption


def _discrete(result: SymmetryResult) -> Drawn:
    images, elements = images_figure(result), elements_figure(result)
    if images is not None:
        yield "discrete", "images", images, _IMAGES
    if elements is not None:
        yield "discrete", "elements", elements, _ELEMENTS


def _seeds(result: SymmetryResult) -> Drawn:
    yield "seeds", "agreement", agreement_figure(result), _AGREEMENT
    for i, suffix, which in _each(result):
        yield "seeds", f"seeds{suffix}", seeds_figure(result, i), _SEEDS.format(which=which)


def _orbits(result: SymmetryResult) -> Drawn:
    """Strips for images, pictures of space for vectors of three coordinates, else planes."""
    if result.representation.grid is not None:
        yield "generators", "field", field_figure(result), _FIELD
        for i, suffix, which in _each(result):
            figure = image_orbit_figure(result, i)
            yield "orbits", f"orbits{suffix}", figure, _STRIP.format(which=which)
        return
    views = space_views(result)
    if views:
        yield "orbits", "orbits_in_space", space_figure(result, views), _SPACE
    groups = result.blocks or (range(result.representation.dimension),)
    if views and all(len(group) == SPACE for group in groups):
        return
    for i, suffix, which in _each(result):
        yield "orbits", f"orbits{suffix}", orbit_figure(result, i), _ORBITS.format(which=which)


def _latent(result: SymmetryResult) -> Drawn:
    """Orbits in learned coordinates and, where their encoder is installed, as they decode."""
    for i, suffix, which in _each(result):
        figure = latent_trajectories_figure(result, i)
        if figure is None:
            yield from _orbits(in_latent_coordinates(result))
            break
        yield "latent", f"latent_orbits{suffix}", figure, _LATENT.format(which=which)
    with contextlib.suppress(UnknownComponentError):
        for i, suffix, which in _each(result):
            figure = decoded_orbits_figure(result, i)
            yield "orbits", f"decoded_orbits{suffix}", figure, _DECODED.format(which=which)


def _each(result: SymmetryResult) -> Iterator[tuple[int, str, str]]:
    """Generators that get figures of their own: number, end of the file's name, words."""
    k = len(result.generators)
    for i in range(min(k, MAX_GENERATORS)):
        yield (i, f"_{i + 1}", f" L{i + 1}") if k > 1 else (i, "", "")


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=RESOLUTION, metadata={"Software": None})
    return buffer.getvalue()


_GENERATORS = (
    "The generators found. Row i, column j says how fast coordinate i changes for each unit of "
    "coordinate j, ± its standard deviation over the seeds that agree. Orange and purple are the "
    "two signs; hatched entries were zero from the start."
)
_IMAGES = (
    "Held-out states (grey), a few of them (open dots) and where each discrete element takes these "
    "(filled dots of the same colour). If the symmetry holds, they are taken to where data are."
)
_ELEMENTS = (
    "The matrices of the discrete elements: row i, column j says how much of coordinate j goes "
    "into coordinate i. Orange and purple are the two signs."
)
_AGREEMENT = (
    "How far what each seed found lies from the consensus: the largest principal angle between "
    f"the two spans. Seeds linked by steps of at most {LINKAGE_ANGLE:.0f} degrees (dashed) form "
    "a cluster; the largest cluster is the consensus."
)
_SEEDS = (
    "What each seed found, in the colours of the generators above: the element of its span "
    f"closest to the consensus generator{{which}} (at most {MAX_SEEDS} seeds are shown)."
)
_ORBITS = (
    "Held-out states (grey) and the orbits of a few of them (lines through the dots) under the "
    "generator{which}. If the symmetry holds, orbits run along the data and "
    "never leave them."
)
_SPACE = (
    "Held-out states (grey) and the orbits of a few of them (lines through the dots) in space. "
    "The arrow is the axis of a rotation; seen from its tip, states turn counterclockwise. Lines "
    "end where they leave the picture."
)
_LATENT = (
    "Latent points along held-out trajectories, in the colour of the radius that the group keeps, "
    "and orbits of the generator{which} (dashed). If the symmetry moves along the trajectories, "
    "these run along the orbits."
)
_DECODED = (
    "Held-out states and where the generator{which} takes them, by way of the learned coordinates. "
    "If the symmetry holds, decoded orbits stay among the data."
)
_STRIP = (
    "A few held-out images (framed, in the middle) and where the generator{which} takes them. "
    "Angles turn clockwise, from x (right) towards y (down). What comes in from outside is 0."
)
_FIELD = (
    "The velocity with which the generator moves each point of the image, over a held-out image; "
    "the cross is the point about which it turns."
)
_REFERENCES = (
    "How well moved rows were recognised, T, after moves by random generators (bars) and by what "
    "was found (lines): an exact symmetry lies at 0, a transformation picked at random among the "
    "bars."
)
_ARROWS = (
    "Held-out states (grey) and the fields found, seen in the two coordinates that each moves "
    "most, where the others have their mean. Arrows are longer where the field is larger. Lines "
    "are level sets of a polynomial that all fields leave unchanged, in the plane if there is one."
)
_SPECTRUM = (
    "Relative defects on training rows of the independent fields of the library, 1 being that of a "
    "field picked at random. What counts as a symmetry: {rule}."
)
_FIELD_REFERENCES = (
    "How much the function changes along random fields (bars) and along those that were found "
    "(lines): an exact symmetry lies at 0, a field picked at random among the bars."
)
_POWER = (
    "Probability that a relative defect of a given size would have been seen with the rows that "
    "were tested. The band is the interval of the relative defect that was found."
)
_FREQUENCY = (
    "How fast the phase turns on orbits of each radius, by the equations of motion (line) and in "
    "steps of held-out trajectories with like radii (dots)."
)
_FORECAST = (
    "How far forecasts by the equations of motion are from held-out trajectories, over the root "
    "mean square distance of states from their mean, so that forecasting the mean has about 1."
)
_FORM = (
    "The quadratic form that stays the same: entry (i, j) weighs the product of coordinates i and "
    "j. Orange and purple are the two signs; hatched entries are outside the blocks."
)
_LOSSES = (
    "Objective terms of the stage '{stage}' while it trained: the median seed (line) and the "
    "middle 80 % of the seeds (band)."
)
