"""Jets of particles: from a top quark or not. A reader of the public reference data."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, final

import h5py
import numpy as np
from numpy.typing import NDArray

from symdisc.errors import DataError
from symdisc.interfaces import Dataset, RawData
from symdisc.options import Field, Options
from symdisc_basics.datasets.lorentz import boosts, generators

CONSTITUENTS = 200
"""Four-momenta in each row of a file."""

_TABLE = "table/table"
_MOMENTA, _LABELS = "values_block_0", "values_block_1"
_WIDTHS = {_MOMENTA: 4 * CONSTITUENTS + 4, _LABELS: 2}
_CHUNK = 10_000

_TOP, _W = 173.0, 80.4
_BACKGROUND_MASSES = (30.0, 250.0)
_TRANSVERSE = (550.0, 650.0)
_RAPIDITY = 1.0


class TopTaggingOptions(Options):
    """Options of ``top-tagging``."""

    path: str | None = Field(
        None, description="HDF5 file of the reference data; null: events made up in its layout"
    )
    n_constituents: int = Field(
        2,
        ge=1,
        le=CONSTITUENTS,
        description="Leading constituents of each jet, those of largest transverse momentum [1]",
    )
    max_events: int = Field(20_000, ge=10, description="Events read or made up at most [1]")
    seed: int = Field(0, ge=0, description="Seed of events that are made up [1]")


@final
class TopTagging(Dataset):
    """Four-momenta (E, p_x, p_y, p_z) of the leading constituents of jets; label 1 for a top.

    With ``path``, the jets of a file of the top quark tagging reference data (Kasieczka, Plehn,
    Thompson, Russell: Zenodo 2603256, CC BY 4.0) are read: simulated jets with transverse momentum
    from 550 to 650 GeV, of top quarks and of light quarks and gluons. The files are HDF5 tables
    written by pandas: the data set ``/table/table`` with the field ``values_block_0``, 200
    four-momenta in order of transverse momentum, filled up with zeros, then that of the top
    quark, and ``values_block_1``, the part of the data (``ttv``) and the label
    (``is_signal_new``). Attributes of the file, which hold pickled names, are never read.

    Without a path nothing is simulated: jets are **made up** in the same layout and go through
    the same reader, to try things out. A top is a particle of 173 GeV that decays into a
    massless one and one of 80.4 GeV, which decays into two massless ones; anything else is a
    particle with a mass of uniform logarithm from 30 to 250 GeV that decays into two massless
    ones. All decays are isotropic at rest. Transverse momenta are uniform from 550 to 650 GeV,
    rapidities uniform in ±1, directions about the beam uniform.

    The true generators are the six of so(1,3), the symmetry of all laws behind the data:
    rotations about x, y, z, then boosts along x, y, z. Choosing jets by their transverse
    momentum, and the leading constituents among all, keeps rotations about z exactly and the
    other generators approximately.
    """

    Options: ClassVar[type[Options]] = TopTaggingOptions
    recommended: ClassVar[Mapping[str, Any]] = {"preset": "several"}
    licence: ClassVar[str] = (
        "Events made up by symdisc are under its licence (Apache-2.0). The reference data, which "
        "are not part of symdisc, are under CC BY 4.0."
    )
    symmetry: ClassVar[str] = "SO(1,3): rotations and boosts, approximate"
    shape: ClassVar[tuple[int, ...]] = (20_000, 8)
    description: ClassVar[str] = (
        "Jets are sprays of particles in a collider. These are the energies and momenta of the "
        "hardest particles of each jet, and whether the jet came from a top quark. Since the "
        "laws of motion are the same for all observers, the symmetry is the Lorentz group, "
        "SO(1,3). Without a file, simple made-up jets take the place of the reference data."
    )

    def __init__(self, options: TopTaggingOptions) -> None:
        self.options = options

    def make(self) -> RawData:
        """See :class:`Dataset`.

        Raises:
            DataError: The file cannot be read or has another layout.
        """
        n = self.options.n_constituents
        with _opened(self.options) as (file, name), _reading(name):
            momenta, labels = _read(_table(file, name), n, self.options.max_events)
        return RawData(
            states=momenta,
            targets=labels,
            representation=f"{n}*V4",
            names=tuple(f"{part}{i}" for i in range(1, n + 1) for part in ("E", "px", "py", "pz")),
            units=("GeV",) * (4 * n),
            truth=generators(),
        )


@contextlib.contextmanager
def _opened(options: TopTaggingOptions) -> Iterator[tuple[h5py.File, str]]:
    """The file with the events, and what messages call it."""
    if options.path is None:
        with h5py.File("made-up-events", "w", driver="core", backing_store=False) as file:
            write_events(file, options.max_events, np.random.default_rng(options.seed))
            yield file, "the file of made-up events"
        return
    path = Path(options.path).expanduser()
    if not path.is_file():
        raise DataError(f"dataset.path: there is no file {path} (current folder: {Path.cwd()})")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise DataError(f"dataset.path: {path} is not an HDF5 file, or damaged: {error}") from None
    with file:
        yield file, str(path)


@contextlib.contextmanager
def _reading(name: str) -> Iterator[None]:
    """Turn what the HDF5 library makes of damaged bytes, which can be anything, into one error."""
    try:
        yield
    except DataError:
        raise
    except Exception as error:
        raise DataError(
            f"{name} cannot be read, the file may be truncated or damaged "
            f"({type(error).__name__}: {error}); give an intact copy"
        ) from error


def _table(file: h5py.File, name: str) -> h5py.Dataset:
    """The table of events, after a look at its fields."""
    # Links into other files are not followed.
    inside = all(
        isinstance(file.get(path, getlink=True), h5py.HardLink) for path in ("table", _TABLE)
    )
    table = file[_TABLE] if inside else None
    if not isinstance(table, h5py.Dataset) or table.external or table.is_virtual:
        raise DataError(f"{name} has no data set /{_TABLE}; it is not a table written by pandas")
    fields = table.dtype.fields or {}
    problems = []
    for field, width in _WIDTHS.items():
        kind = "f" if field == _MOMENTA else "iu"
        found = fields[field][0] if field in fields else None
        if found is None or found.shape != (width,) or found.base.kind not in kind:
            problems.append(f"field {field} must hold {width} numbers; there is {found}")
    if problems:
        raise DataError(f"{name} has another layout: " + "; ".join(problems))
    return table


def _read(
    table: h5py.Dataset, n_constituents: int, max_events: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Momenta ``(N, 4 n)`` and labels ``(N,)``, a part of the file at a time."""
    n_events = min(len(table), max_events)
    momenta = np.empty((n_events, 4 * n_constituents))
    labels = np.empty(n_events, np.int64)
    for start in range(0, n_events, _CHUNK):
        rows = slice(start, min(start + _CHUNK, n_events))
        part = table[rows]
        momenta[rows] = part[_MOMENTA][:, : 4 * n_constituents]
        labels[rows] = part[_LABELS][:, 1]
    return momenta, labels


def write_events(file: h5py.File, n_events: int, rng: np.random.Generator) -> None:
    """Make up events and write them in the layout of the reference data, half of them tops."""
    labels = rng.permutation(np.arange(n_events) % 2)
    jets = _jets(labels == 1, rng)
    layout = [("index", "<i8"), (_MOMENTA, "<f4", (_WIDTHS[_MOMENTA],)), (_LABELS, "<i8", (2,))]
    table = file.create_dataset(_TABLE, (n_events,), np.dtype(layout))
    for start in range(0, n_events, _CHUNK):
        part = slice(start, min(start + _CHUNK, n_events))
        rows = np.zeros(part.stop - start, table.dtype)
        rows["index"] = np.arange(start, part.stop)
        rows[_MOMENTA][:, :12] = jets[part].reshape(-1, 12)
        tops = labels[part, None] * jets[part].sum(1)
        rows[_MOMENTA][:, -4:] = tops
        rows[_LABELS][:, 1] = labels[part]
        table[part] = rows


def _jets(is_top: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.float64]:
    """Constituents ``(N, 3, 4)`` in order of transverse momentum; others than tops have two."""
    low, high = np.log(_BACKGROUND_MASSES)
    mass = np.where(is_top, _TOP, np.exp(rng.uniform(low, high, len(is_top))))
    at_rest = np.zeros((len(is_top), 3, 4))
    at_rest[is_top] = _three_prongs(int(is_top.sum()), rng)
    at_rest[~is_top, :2] = np.stack(_decay(mass[~is_top], 0.0, rng), axis=1)
    moving = at_rest @ boosts(_rapidities(_parents(mass, rng)))
    order = np.argsort(-np.hypot(moving[..., 1], moving[..., 2]), axis=1)
    jets: NDArray[np.float64] = np.take_along_axis(moving, order[..., None], axis=1)
    return jets


def _three_prongs(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Tops at rest decay into three massless particles: ``(n, 3, 4)``."""
    heavy, first = _decay(np.full(n, _TOP), _W, rng)
    pair = np.stack(_decay(np.full(n, _W), 0.0, rng), axis=1) @ boosts(_rapidities(heavy))
    return np.concatenate([first[:, None], pair], axis=1)


def _decay(
    mass: NDArray[Any], daughter: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """At rest, isotropically: four-momenta ``(N, 4)`` of a daughter and of a massless particle."""
    size = (mass**2 - daughter**2) / (2 * mass)
    normal = rng.standard_normal((len(mass), 3))
    momentum = size[:, None] * normal / np.linalg.norm(normal, axis=1, keepdims=True)
    heavy = np.concatenate([np.hypot(daughter, size)[:, None], momentum], axis=1)
    return heavy, np.concatenate([size[:, None], -momentum], axis=1)


def _parents(mass: NDArray[Any], rng: np.random.Generator) -> NDArray[np.float64]:
    """Four-momenta ``(N, 4)`` of what decays."""
    transverse = rng.uniform(*_TRANSVERSE, len(mass))
    angle = rng.uniform(0, 2 * np.pi, len(mass))
    rapidity = rng.uniform(-_RAPIDITY, _RAPIDITY, len(mass))
    across = np.hypot(mass, transverse)
    return np.stack(
        [
            across * np.cosh(rapidity),
            transverse * np.cos(angle),
            transverse * np.sin(angle),
            across * np.sinh(rapidity),
        ],
        axis=1,
    )


def _rapidities(momenta: NDArray[Any]) -> NDArray[np.float64]:
    """Rapidity vectors ``(N, 3)`` of the boosts from rest to these four-momenta."""
    size = np.linalg.norm(momenta[:, 1:], axis=1)
    vectors: NDArray[np.float64] = (
        np.arctanh(size / momenta[:, 0])[:, None] * momenta[:, 1:] / size[:, None]
    )
    return vectors
