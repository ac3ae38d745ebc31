"""What the user named as data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from symdisc import discover
from symdisc.configuration import resolve
from symdisc.data.samples import Samples
from symdisc.errors import DataError, PluginError
from symdisc.registry import PluginHost, default_host
from symdisc.sources import Source, find_source, load_samples, suggestions

ROWS = np.random.default_rng(0).standard_normal((20, 4))


def _load(source: Source, **short: Any) -> Samples:
    host = default_host()
    settings = resolve(host, source.layer, short=short, suggested=suggestions(host, source))
    return load_samples(source, settings)


@pytest.mark.parametrize("name", ["two-body", "basics:two-body"])
def test_a_data_set(name: str) -> None:
    source = find_source(default_host(), name)
    assert source == Source(name, dataset=name)
    assert source.layer == {"dataset": name}
    assert suggestions(default_host(), source) == {"group.blocks": [2, 2, 2, 2]}


def test_a_text_too_long_for_a_file_name_is_no_file() -> None:
    with pytest.raises(DataError, match="no data set and no file named 'aaaa"):
        find_source(default_host(), "a" * 300)


def test_a_data_set_brings_its_description() -> None:
    source = find_source(default_host(), "no-symmetry")
    samples = _load(source)
    assert samples.source == "no-symmetry"
    assert samples.names == ("x1", "x2", "x3")
    assert samples.truth is not None


def test_a_data_set_that_takes_long_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYMDISC_CACHE", str(tmp_path))
    source = find_source(default_host(), "three-body")
    settings = resolve(
        default_host(),
        {"dataset": "three-body", "dataset.n_trajectories": 20, "dataset.n_states": 3},
        short={},
    )
    first = load_samples(source, settings)
    assert [path.suffix for path in (tmp_path / "data").iterdir()] == [".npz"]
    monkeypatch.setattr(settings.classes["dataset"], "make", None)
    assert torch.equal(load_samples(source, settings).states, first.states)


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "orbits.npz"
    np.savez(path, states=ROWS, y=ROWS[:, 0], z=ROWS[:, 1:])
    for given in (path, str(path)):
        source = find_source(default_host(), given)
        assert source == Source(str(path), content=path)
        assert source.layer == {}
        assert suggestions(default_host(), source) == {}
        samples = _load(source)
        assert samples.source == "orbits.npz (states, y)"
        assert samples.targets is not None
        assert samples.targets.shape == (20, 1)


def test_arrays_of_a_file_by_name(tmp_path: Path) -> None:
    path = tmp_path / "orbits.npz"
    np.savez(path, a=ROWS, b=ROWS[:, :2])
    source = find_source(default_host(), path)
    settings = resolve(default_host(), {"data.states_key": "a", "data.targets_key": "b"}, short={})
    samples = load_samples(source, settings)
    assert samples.states.shape == (20, 1, 4)
    assert samples.float_targets is not None
    assert samples.float_targets.shape == (20, 2)


def test_a_file_without_a_telling_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("orbits").write_text("")
    assert find_source(default_host(), "orbits").content == Path("orbits")
    assert find_source(default_host(), "elsewhere/orbits").content == Path("elsewhere/orbits")
    Path("a:b").write_text("")
    assert find_source(default_host(), "a:b").content == Path("a:b")


def test_a_data_set_wins_over_a_file_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("two-body").mkdir()
    assert find_source(default_host(), "two-body").dataset == "two-body"


def test_data_that_are_partly_in_memory_cannot_be_found_again_by_name(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", ROWS)
    path = str(tmp_path / "rows.npy")
    assert find_source(default_host(), path).address == path
    assert find_source(default_host(), path, ROWS[:, :1]).address == "arrays"
    assert find_source(default_host(), "two-body").address == "two-body"


@pytest.mark.parametrize("data", [ROWS, torch.from_numpy(ROWS), ROWS.tolist()])
def test_arrays_at_hand(data: Any) -> None:
    targets = np.arange(20.0)
    source = find_source(default_host(), data, targets)
    assert (source.name, source.dataset, source.layer) == ("arrays", None, {})
    samples = _load(source, representation="2*V2", target_representation="S")
    assert samples.source == "arrays"
    assert str(samples.representation) == "2*V2"
    assert str(samples.target_representation) == "S"
    assert torch.allclose(samples.states[:, 0], torch.from_numpy(ROWS).float())


def test_the_window_reaches_the_data() -> None:
    source = find_source(default_host(), ROWS.reshape(2, 10, 4))
    assert _load(source, window=5).states.shape == (12, 5, 4)


def test_neither_a_data_set_nor_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    message = (
        r"^no data set and no file named 'two-boddy'; data sets: .*no-symmetry, .*two-body.*\. "
        r"Did you mean 'two-body'\?$"
    )
    with pytest.raises(DataError, match=message):
        find_source(default_host(), "two-boddy")


def test_a_data_set_of_a_plugin_that_is_not_there() -> None:
    source = find_source(default_host(), "acme:orbits")
    message = r"^no plugin named 'acme'; installed: atlasd, basics, laligan, liegan"
    with pytest.raises(PluginError, match=message):
        suggestions(default_host(), source)


def test_targets_are_not_lost_where_a_data_set_is_named() -> None:
    source = find_source(default_host(), "two-body", np.arange(20))
    with pytest.raises(DataError, match="targets cannot be given together with trajectories"):
        _load(source)
    source = find_source(default_host(), "no-symmetry", np.arange(20))
    with pytest.raises(DataError, match="the data set has targets of its own; leave out targets="):
        _load(source)


THIRD_PARTY = """
from symdisc.interfaces import Dataset, RawData
import numpy as np

SYMDISC_API_VERSION = 1

@hookimpl
def symdisc_datasets():
    return [Component("ring", f"{__name__}:Ring", "A ring.")]

class Ring(Dataset):
    licence = "own"
    description = "Points on a ring."
    recommended = {"method": "liegan", "group.n_generators": 2}

    def __init__(self, options): pass

    def make(self):
        angle = np.linspace(0, 6, 30)
        return RawData(np.stack([np.cos(angle), np.sin(angle)], 1))
"""


def test_a_data_set_of_a_third_party(make_host: Callable[[dict[str, str]], PluginHost]) -> None:
    host = make_host({"acme": THIRD_PARTY})
    source = find_source(host, "ring")
    assert suggestions(host, source) == {"method": "liegan", "group.n_generators": 2}
    message = r"^no data set and no file named 'rinq'; data sets: ring\. Did you mean 'ring'\?$"
    with pytest.raises(DataError, match=message):
        find_source(host, "rinq")


def test_a_file_is_found_again_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    np.savez(tmp_path / "here" / "rows.npz", x=np.random.default_rng(0).standard_normal((60, 2)))
    monkeypatch.chdir(tmp_path / "here")
    first = discover("rows.npz", out="run", seeds=2, steps=30)
    monkeypatch.chdir(tmp_path / "there")
    again = discover(config=tmp_path / "here" / "run" / "config.yaml")
    assert torch.equal(first.generators, again.generators)


def test_columns_of_a_table(tmp_path: Path) -> None:
    rows = "\n".join(f"{i},{i % 7},{i // 10},{i % 3}" for i in range(40))
    (tmp_path / "a.csv").write_text(f"q [m],p,run,kind\n{rows}\n")
    source = find_source(default_host(), tmp_path / "a.csv")
    samples = _load(source, columns=["p", "q"])
    assert samples.names == ("p", "q")
    assert samples.units == ("", "m")
    assert samples.states.shape == (36, 2, 2)
    assert samples.source == "a.csv (states p, q; trajectories by run)"
    samples = _load(source, columns=["q"], target_columns=["kind"], trajectory_column="")
    assert samples.labels is not None
    assert samples.n_classes == 3
    with pytest.raises(DataError, match=r"but a\.csv is a table"):
        _load(source, states_key="x")
