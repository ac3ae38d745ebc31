"""A result on new data: what is read, what is refused, and what is moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from latent_toy import found_in, toy_host, trajectories
from made_elements import discrete_result, judged_as, square
from made_results import make

from symdisc import SymmetryResult, default_host, discover
from symdisc.applying import Moved, check_kind, move_alike, move_at_random, read_like
from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.errors import DataError, OptionError, OutputError
from symdisc.representations import Representation

RNG = np.random.default_rng(0)
X = RNG.standard_normal((60, 2))
TURNED = X @ np.array([[0.0, 1.0], [-1.0, 0.0]])
LABELS = ((X**2).sum(1) > 1.4).astype(np.int64)
TINY: dict[str, Any] = {"n_generators": 1, "seeds": 2, "steps": 5, "device": "cpu"}


@pytest.fixture(scope="module", autouse=True)
def _untested() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("symdisc.discovery.verify_result", lambda *_, **__: None)
        yield


@pytest.fixture(scope="module")
def plain() -> SymmetryResult:
    return discover(X, **{**TINY, "n_generators": 2})


@pytest.fixture(scope="module")
def with_targets() -> SymmetryResult:
    return discover(X, TURNED, target_representation="V2", **TINY)


def test_learned_coordinates_move_new_data() -> None:
    """Rows and trajectories of the data, not of the latent space."""
    result, _ = found_in(trajectories(20, 30))
    new = trajectories(3, 10, seed=5)
    moved = move_alike(result, read_like(toy_host(), result, new), 0.4)
    assert moved.states.shape == (27, 2, 3)
    assert moved.states[0, 0] == pytest.approx(result.transform(new[0][0], 0.4), abs=1e-5)
    assert moved.description["representation"] == "V3"
    with pytest.raises(DataError, match=r"has 2 coordinates.*the generators act on 3"):
        read_like(toy_host(), result, X)


def _read(result: SymmetryResult, data: Any) -> Any:
    return read_like(default_host(), result, data)


def test_all_samples_move_alike(plain: SymmetryResult) -> None:
    moved = move_alike(plain, _read(plain, X), [0.2, -0.1])
    expected = plain.transform(X.astype(np.float32), [0.2, -0.1])
    assert np.allclose(moved.states, expected, atol=1e-6)
    assert moved.states.dtype == np.float32
    assert moved.targets is None
    assert np.array_equal(moved.coefficients, np.tile([0.2, -0.1], (60, 1)))


def test_components_are_applied_and_written(tmp_path: Path) -> None:
    part = square().tested(judged_as(*["confirmed"] * 7))
    result = discrete_result(part)
    samples = read_like(default_host(), result, X[:, :2])
    moved = move_alike(result, samples, None, 2)
    assert np.allclose(moved.states, result.transform(X[:, :2], component=2), atol=1e-5)
    assert moved.components is not None
    assert moved.components.tolist() == [2] * len(X)
    random = move_at_random(result, samples, 1.0, 3)
    assert np.allclose(random.states, result.augment(X[:, :2], seed=3), atol=1e-5)
    random.write(tmp_path / "moved.npz")
    with np.load(tmp_path / "moved.npz") as file:
        assert set(file["components"].tolist()) == set(range(8))
        assert file["coefficients"].shape == (len(X), 0)


def test_random_elements_are_those_of_augment(with_targets: SymmetryResult, tmp_path: Path) -> None:
    np.savez(tmp_path / "d.npz", x=X, y=TURNED)
    samples = _read(with_targets, tmp_path / "d.npz")
    moved = move_at_random(with_targets, samples, 0.5, 7)
    x, y = X.astype(np.float32), TURNED.astype(np.float32)
    expected_x, expected_y = with_targets.augment(x, y, scale=0.5, seed=7)
    assert np.allclose(moved.states, expected_x, atol=1e-5)
    assert moved.targets is not None
    assert np.allclose(moved.targets, expected_y, atol=1e-5)
    assert not np.allclose(moved.targets, y, atol=1e-2)
    assert np.std(moved.coefficients) == pytest.approx(0.5, rel=0.3)
    other = move_at_random(with_targets, samples, 0.5, 8)
    assert not np.array_equal(other.coefficients, moved.coefficients)


def test_one_element_moves_targets_as_well(with_targets: SymmetryResult, tmp_path: Path) -> None:
    np.savez(tmp_path / "d.npz", x=X, y=TURNED)
    moved = move_alike(with_targets, _read(with_targets, tmp_path / "d.npz"), 0.4)
    element = torch.linalg.matrix_exp(0.4 * with_targets.generators[0]).numpy()
    assert moved.targets is not None
    assert np.allclose(moved.targets, TURNED @ element.T, atol=1e-5)
    assert np.allclose(moved.states, X @ element.T, atol=1e-5)


def test_labels_stay(tmp_path: Path) -> None:
    result = discover(X, LABELS, **TINY)
    np.savez(tmp_path / "d.npz", x=X, y=LABELS)
    moved = move_alike(result, _read(result, tmp_path / "d.npz"), None)
    assert moved.targets is not None
    assert moved.targets.dtype == np.int64
    assert np.array_equal(moved.targets, LABELS)


def test_a_single_state_is_enough(plain: SymmetryResult, tmp_path: Path) -> None:
    moved = move_alike(plain, _read(plain, X[:1]), [0.3, 0.0])
    assert np.allclose(moved.states, plain.transform(X[:1], [0.3, 0.0]), atol=1e-6)
    np.savez(tmp_path / "d.npz", x=np.ones((3, 2)), y=np.array([7, 7, 7]))
    kept = move_alike(plain, _read(plain, tmp_path / "d.npz"), [0.3, 0.0]).targets
    assert kept is not None
    assert kept.tolist() == [7, 7, 7]


def test_names_that_the_new_data_do_not_have_are_passed_over(tmp_path: Path) -> None:
    table = np.column_stack([X, X[:, :1]])
    np.savetxt(tmp_path / "d.csv", table, delimiter=",", header="q,p,r", comments="")
    result = discover(tmp_path / "d.csv", columns=["p", "q"], **TINY)
    assert np.allclose(_read(result, tmp_path / "d.csv").states[:, 0], X[:, ::-1], atol=1e-6)
    np.save(tmp_path / "d.npy", X)
    assert np.allclose(_read(result, tmp_path / "d.npy").states[:, 0], X, atol=1e-6)
    np.savez(tmp_path / "d.npz", a=X, b=TURNED)
    keyed = discover(tmp_path / "d.npz", states_key="b", **TINY)
    assert np.allclose(_read(keyed, tmp_path / "d.npz").states[:, 0], TURNED, atol=1e-6)
    assert np.allclose(_read(keyed, tmp_path / "d.npy").states[:, 0], X, atol=1e-6)
    say = {"data.states_key": "a"}
    samples = read_like(default_host(), keyed, tmp_path / "d.npz", say)
    assert np.allclose(samples.states[:, 0], X, atol=1e-6)


def test_columns_of_a_run_do_not_hold_for_a_data_set(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "d.csv", X, delimiter=",", header="x1,x2", comments="")
    result = discover(tmp_path / "d.csv", columns=["x1", "x2"], **TINY)
    few = {"dataset.n_samples": 20}
    assert len(read_like(default_host(), result, "scaling-ratio", few)) == 20


def test_options_without_use_are_listed(plain: SymmetryResult) -> None:
    with pytest.raises(OptionError) as error:
        read_like(default_host(), plain, X, {"method.steps": 3, "data.representation": "V2"})
    assert str(error.value) == (
        "option 'method.steps' has no use here; how data are read is set by data.NAME, what a data "
        "set makes by dataset.NAME\n"
        "option 'data.representation' has no use here: the result acts as its run was told to"
    )
    with pytest.raises(OptionError, match=r"unknown option 'data\.window_size'"):
        read_like(default_host(), plain, X, {"data.window_size": 3})


def test_windows_move_whole() -> None:
    paths = RNG.standard_normal((4, 9, 2))
    result = discover(paths, window=3, **TINY)
    moved = move_alike(result, _read(result, paths), 0.3)
    assert moved.states.shape == (4 * 7, 3, 2)
    windows = np.stack([path[i : i + 3] for path in paths for i in range(7)])
    assert np.allclose(moved.states, result.transform(windows, 0.3), atol=1e-5)
    whole = read_like(default_host(), result, paths, {"data.window": 9})
    assert move_alike(result, whole, 0.3).states.shape == paths.shape


def test_the_file_holds_what_was_moved(tmp_path: Path, with_targets: SymmetryResult) -> None:
    np.savez(tmp_path / "d.npz", x=X, y=TURNED)
    moved = move_alike(with_targets, _read(with_targets, tmp_path / "d.npz"), 0.4)
    moved.write(tmp_path / "moved.npz")
    with np.load(tmp_path / "moved.npz", allow_pickle=False) as content:
        arrays = ["coefficients", "names", "representation", "states"]
        assert sorted(content.files) == [*arrays, "target_representation", "targets", "units"]
        assert np.array_equal(content["states"], moved.states)
        assert np.array_equal(content["coefficients"], moved.coefficients)
    again = _read(with_targets, tmp_path / "moved.npz")
    assert np.array_equal(again.states[:, 0].numpy(), moved.states)


def test_the_file_says_what_it_holds(tmp_path: Path) -> None:
    said: dict[str, Any] = {
        "representation": "2*V2",
        "target_representation": "V2",
        "names": list("abcd"),
    }
    four = np.concatenate([X, TURNED], axis=1)
    np.savez(tmp_path / "d.npz", states=four, targets=TURNED, units=["m"] * 4, **said)
    result = discover(tmp_path / "d.npz", **TINY)
    move_alike(result, _read(result, tmp_path / "d.npz"), 0.4).write(tmp_path / "moved.npz")
    again, before = prepare(tmp_path / "moved.npz"), prepare(tmp_path / "d.npz")
    assert again.representation == before.representation
    assert again.target_representation == before.target_representation
    assert (again.names, again.units) == (("a", "b", "c", "d"), ("m",) * 4)


def test_nothing_is_overwritten(tmp_path: Path, plain: SymmetryResult) -> None:
    (tmp_path / "moved.npz").write_text("mine")
    moved = move_alike(plain, _read(plain, X), [0.1, 0.2])
    message = "moved.npz exists already and nothing is ever overwritten; name another file with --o"
    with pytest.raises(OutputError, match=message):
        moved.write(tmp_path / "moved.npz")
    assert (tmp_path / "moved.npz").read_text() == "mine"


def test_a_full_disk_leaves_no_part_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: Any, **arrays: Any) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    moved = Moved(np.zeros((1, 2), np.float32), None, np.zeros((1, 1)), None, {})
    with pytest.raises(OutputError, match=r"^cannot write .*m.npz: No space left on device; free"):
        moved.write(tmp_path / "m.npz")
    assert list(tmp_path.iterdir()) == []


def test_another_number_of_coordinates(plain: SymmetryResult, tmp_path: Path) -> None:
    np.save(tmp_path / "wide.npy", RNG.standard_normal((60, 3)))
    message = r"^a state of wide\.npy has 3 coordinates, the generators act on 2$"
    with pytest.raises(DataError, match=message):
        _read(plain, tmp_path / "wide.npy")


def test_of_many_coordinates_some_are_named(plain: SymmetryResult, tmp_path: Path) -> None:
    header = ",".join(f"c{number}" for number in range(12))
    np.savetxt(tmp_path / "wide.csv", np.ones((30, 12)), "%g", ",", header=header, comments="")
    with pytest.raises(DataError, match=r"has 12 coordinates \(c0, c1, .*c6, c7, \.\.\.\), the "):
        _read(plain, tmp_path / "wide.csv")


def test_other_columns_are_named_on_both_sides(tmp_path: Path) -> None:
    rows = "\n".join(f"{a},{b}" for a, b in X)
    (tmp_path / "run.csv").write_text(f"east,north\n{rows}\n")
    (tmp_path / "new.csv").write_text(f"north,east\n{rows}\n")
    result = discover(tmp_path / "run.csv", **TINY)
    message = r"^the coordinates of .*new\.csv.* are north, east, those of the run are east, north$"
    with pytest.raises(DataError, match=message):
        _read(result, tmp_path / "new.csv")


def test_targets_of_another_form(with_targets: SymmetryResult, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", X)
    message = r"^targets of the run transform as 'V2', but .*x\.npy has no number targets$"
    with pytest.raises(DataError, match=message):
        _read(with_targets, tmp_path / "x.npy")
    np.savez(tmp_path / "wide.npz", x=X, y=X @ np.ones((2, 3)))
    message = r"^targets of .*wide\.npz.* have 3 coordinates, those of the run 2 \('V2'\)$"
    with pytest.raises(DataError, match=message):
        _read(with_targets, tmp_path / "wide.npz")


def test_pictures_are_not_moved_by_what_was_found_in_parts_of_them() -> None:
    pictures = Samples(torch.rand(4, 1, 64), torch.arange(4), Representation.image(8, 8))
    message = r"holds pictures \('G8x8'\), but the run tells of parts of them \('V2'\)"
    with pytest.raises(DataError, match=message):
        check_kind(make(), pictures)
