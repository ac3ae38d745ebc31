"""The reader of jets, on files in the layout that pandas writes, and the made-up events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from symdisc.data.prepare import prepare
from symdisc.errors import DataError
from symdisc.testing import check_dataset
from symdisc_basics.datasets import top_tagging
from symdisc_basics.datasets.top_tagging import TopTagging, TopTaggingOptions, write_events

Array = NDArray[Any]


def made(**options: Any) -> tuple[Array, Array]:
    """Momenta ``(N, n, 4)`` and labels."""
    raw = TopTagging(TopTaggingOptions(**options)).make()
    assert raw.targets is not None
    return np.asarray(raw.states).reshape(len(raw.targets), -1, 4), raw.targets


def mass(momenta: Array) -> Array:
    square = momenta[..., 0] ** 2 - (momenta[..., 1:] ** 2).sum(-1)
    return np.asarray(np.sqrt(np.maximum(square, 0)))


def transverse(momenta: Array) -> Array:
    return np.asarray(np.hypot(momenta[..., 1], momenta[..., 2]))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with h5py.File(tmp_path / "jets.h5", "w") as file:
        write_events(file, 50, np.random.default_rng(1))
    return tmp_path / "jets.h5"


def test_it_passes_the_suite() -> None:
    check_dataset(TopTagging, {"max_events": 40})


def test_a_file_is_read_as_it_was_written(path: Path) -> None:
    momenta, labels = made(path=str(path), n_constituents=200)
    with h5py.File(path) as file:
        rows = file["table/table"][:]
    assert np.array_equal(momenta.reshape(50, 800), rows["values_block_0"][:, :800])
    assert np.array_equal(labels, rows["values_block_1"][:, 1])
    leading, _ = made(path=str(path), n_constituents=3, max_events=12)
    assert np.array_equal(leading, momenta[:12, :3])


def test_a_file_of_pandas_is_read_without_its_pickled_attributes(tmp_path: Path) -> None:
    """The layout as PyTables writes it, with attributes whose unpickling would raise."""
    rows = np.zeros(
        12, [("index", "<i8"), ("values_block_0", "<f4", (804,)), ("values_block_1", "<i8", (2,))]
    )
    rows["values_block_0"] = np.random.default_rng(0).normal(size=(12, 804))
    rows["values_block_1"][:, 1] = np.arange(12) % 2
    with h5py.File(tmp_path / "train.h5", "w") as file:
        table = file.create_dataset("table/table", data=rows)
        table.attrs["values_block_0_kind"] = np.bytes_(b"cnosuchmodule\nevil\n(tR.")
        file["table"].attrs["pandas_type"] = np.bytes_(b"frame_table")
    momenta, labels = made(path=str(tmp_path / "train.h5"))
    assert np.array_equal(momenta.reshape(12, 8), rows["values_block_0"][:, :8])
    assert labels.tolist() == [0, 1] * 6


def test_parts_of_a_long_file_are_put_together(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made(path=str(path))
    monkeypatch.setattr(top_tagging, "_CHUNK", 7)
    parts = made(path=str(path))
    assert np.array_equal(whole[0], parts[0])
    assert np.array_equal(whole[1], parts[1])
    assert np.array_equal(made(max_events=50, seed=1)[0], whole[0])


def test_description() -> None:
    samples = prepare(TopTagging(TopTaggingOptions(max_events=40)).make())
    assert str(samples.representation) == "2*V4"
    assert samples.names[3:5] == ("pz1", "E2")
    assert samples.n_classes == 2
    assert samples.truth is not None
    assert samples.truth.shape == (6, 4, 4)


def test_made_up_jets_are_what_they_are_said_to_be() -> None:
    momenta, labels = made(n_constituents=200, max_events=4000)
    assert labels.mean() == 0.5
    count = (momenta[..., 0] > 0).sum(1)
    assert set(count[labels == 1].tolist()) == {3}
    assert set(count[labels == 0].tolist()) == {2}
    total = momenta.sum(1)
    assert np.abs(mass(total)[labels == 1] - 173).max() < 0.01
    others = np.log(mass(total)[labels == 0])
    edges = np.log([30, 250])
    counts, _ = np.histogram(others, bins=8, range=tuple(edges))
    assert counts.sum() == 2000
    assert np.abs(counts - 250).max() < 5 * np.sqrt(250)
    assert transverse(total).min() > 549.9
    assert transverse(total).max() < 650.1
    assert (np.diff(transverse(momenta), axis=1) <= 0).all()
    # Massless up to the rounding of single precision, in which files hold the momenta.
    assert (mass(momenta) <= 1e-3 * momenta[..., 0]).all()


def test_two_of_three_prongs_have_the_mass_of_the_w() -> None:
    momenta, labels = made(n_constituents=3, max_events=400)
    tops = momenta[labels == 1]
    pairs = np.stack([mass(tops[:, i] + tops[:, j]) for i, j in ((0, 1), (1, 2), (2, 0))])
    assert np.abs(pairs - 80.4).min(0).max() < 0.05


def test_the_top_is_kept_at_the_end_of_each_row(path: Path) -> None:
    with h5py.File(path) as file:
        rows = file["table/table"][:]
    labels, block = rows["values_block_1"][:, 1], rows["values_block_0"]
    assert np.abs(mass(block[:, 800:].astype(float))[labels == 1] - 173).max() < 0.1
    assert not block[labels == 0, 800:].any()


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        made(path=str(path))
    return str(caught.value)


def test_files_that_are_not_there_or_no_hdf5(tmp_path: Path) -> None:
    missing = tmp_path / "none.h5"
    assert refused(missing).startswith(f"dataset.path: there is no file {missing} (current folder")
    (tmp_path / "text.h5").write_text("nothing")
    text = refused(tmp_path / "text.h5")
    assert text.startswith(f"dataset.path: {tmp_path / 'text.h5'} is not an HDF5 file, or damaged")


def test_files_of_another_layout(tmp_path: Path) -> None:
    path = tmp_path / "other.h5"
    with h5py.File(path, "w") as file:
        file["table/other"] = np.zeros(3)
    assert refused(path) == (
        f"{path} has no data set /table/table; it is not a table written by pandas"
    )
    with h5py.File(path, "w") as file:
        file["table/table"] = np.zeros(12, [("values_block_0", "<f4", (800,))])
    assert refused(path) == (
        f"{path} has another layout: field values_block_0 must hold 804 numbers; there is "
        "('<f4', (800,)); field values_block_1 must hold 2 numbers; there is None"
    )
    with h5py.File(path, "w") as file:
        file["table/table"] = np.zeros(12)
    assert "field values_block_0 must hold 804 numbers; there is None" in refused(path)


def test_links_into_other_files_are_not_followed(path: Path, tmp_path: Path) -> None:
    message = "has no data set /table/table"
    with h5py.File(tmp_path / "group.h5", "w") as file:
        file["table"] = h5py.ExternalLink(path.name, "table")
    assert message in refused(tmp_path / "group.h5")
    with h5py.File(tmp_path / "table.h5", "w") as file:
        file["table/table"] = h5py.ExternalLink(path.name, "table/table")
    assert message in refused(tmp_path / "table.h5")


def test_a_file_cut_short(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert str(path) in refused(path)


@pytest.mark.parametrize("seed", range(10))
def test_damaged_bytes_give_an_error_or_other_numbers(path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    content = bytearray(path.read_bytes())
    # The head of the file, where its structure is.
    for place in rng.integers(0, 4096, 20):
        content[place] = rng.integers(256)
    path.write_bytes(bytes(content))
    try:
        momenta, _ = made(path=str(path))
    except DataError as error:
        message = str(error)
    else:
        message = f"{path}: {momenta.shape[1:]}"
        assert message.endswith("(2, 4)")
    assert str(path) in message
