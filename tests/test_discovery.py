"""The main path in Python, from data to the run folder."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

import symdisc
from symdisc import SymmetryResult, discover
from symdisc.discovery import Request
from symdisc.errors import DataError, OptionError, OutputError, TrainingError, UnknownComponentError
from symdisc.registry import PluginHost
from symdisc.run_folder import read_config
from symdisc_kernels import selection

MakeHost = Callable[[dict[str, str]], PluginHost]

TINY: dict[str, Any] = {"n_generators": 1, "seeds": 2, "steps": 30, "device": "cpu"}
# So few trajectories that the held-out rows are too few for the test, which takes seconds.
FEW: dict[str, Any] = {"dataset.n_trajectories": 20}
X = np.random.default_rng(0).standard_normal((60, 2))
Y = (X**2).sum(1, keepdims=True)
LABELS = (Y[:, 0] > 1.4).astype(np.int64)


def _same(first: SymmetryResult, second: SymmetryResult) -> bool:
    return torch.equal(first.generators, second.generators) and torch.equal(
        first.seed_generators, second.seed_generators
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[SymmetryResult, Path]:
    """A run with everything in it, also the test on held-out rows."""
    out = tmp_path_factory.mktemp("runs") / "new" / "run"
    options = {"dataset.n_trajectories": 45}
    return discover("two-body", options=options, out=out, **{**TINY, "steps": 60}), out


def test_a_run_folder_holds_everything(run: tuple[SymmetryResult, Path]) -> None:
    result, out = run
    assert sorted(path.name for path in out.iterdir()) == [
        "config.yaml",
        "figures",
        "metrics",
        "report.html",
        "result",
    ]
    assert list((out / "figures").glob("*.png"))
    assert result.group in (out / "report.html").read_text(encoding="utf-8")
    loaded = symdisc.load(out)
    assert _same(loaded, result)
    assert loaded.summary() == result.summary()
    assert loaded.config == read_config(out / "config.yaml") == result.config


def test_the_result_says_what_was_done(run: tuple[SymmetryResult, Path]) -> None:
    result, _ = run
    assert result.seeds == (0, 1)
    assert result.generators.shape == (1, 8, 8)
    assert result.blocks == ((0, 1), (2, 3), (4, 5), (6, 7))
    assert (result.interrupted, result.notes, result.failed) == ("", (), {})
    assert len(result.defects) == 1
    assert result.defects[0].n_rows >= 100
    assert result.config["source"] == result.config["dataset"] == "two-body"
    assert result.config["options"]["method"]["steps"] == 60
    assert result.provenance["rows"] == {"train": 589, "validation": 133, "held out": 133}
    assert result.provenance["versions"]["symdisc"] == symdisc.__version__
    assert "2302.00236" in result.provenance["citation"]
    assert set(result.provenance) >= {"date", "wall_time [s]", "cpu_time [s]", "device", "kernel"}


def test_metrics_are_rows_of_steps_and_seeds(run: tuple[SymmetryResult, Path]) -> None:
    with (run[1] / "metrics" / "liegan.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["step [1]"], row["seed [1]"]) for row in rows] == [
        ("0", "0"),
        ("0", "1"),
        ("50", "0"),
        ("50", "1"),
        ("59", "0"),
        ("59", "1"),
    ]
    # The similarity counts in the first 40 % of the steps only.
    assert {row["generator.similarity [1]"] for row in rows[2:]} == {"nan"}
    assert all(float(row["generator.similarity [1]"]) >= 0 for row in rows[:2])
    assert all(float(row["discriminator.real [nat]"]) > 0 for row in rows)


def test_the_settings_of_a_run_repeat_it_bitwise(
    run: tuple[SymmetryResult, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    result, out = run
    monkeypatch.setattr("symdisc.discovery.verify_result", lambda *_, **__: None)
    again = discover(config=out / "config.yaml")
    assert _same(again, result)
    assert again.config == result.config
    assert not _same(discover(config=out / "config.yaml", seed=1), result)


@pytest.mark.parametrize(
    "data",
    [X, X.astype(np.float32), torch.from_numpy(X), X.tolist()],
    ids=["float64", "float32", "tensor", "list"],
)
def test_rows_of_every_kind_give_the_same(data: Any) -> None:
    assert _same(discover(data, **TINY), discover(X, **TINY))


def test_trajectories_of_unequal_length() -> None:
    lengths = (5, 7, 9, 6, 8)
    trajectories = [X[:length] + number for number, length in enumerate(lengths)]
    result = discover(trajectories, **TINY)
    assert result.preview.shape[1:] == (2, 2)
    assert discover(trajectories, window=4, **TINY).preview.shape[1:] == (4, 2)


@pytest.mark.parametrize("targets", [Y, Y[:, 0], torch.from_numpy(Y), LABELS, LABELS.tolist()])
def test_targets(targets: Any) -> None:
    result = discover(X, targets, **TINY)
    labels = not torch.as_tensor(targets).is_floating_point()
    assert (result.target_representation is None) == labels
    assert [defect.statement for defect in result.defects] == ["conditional"]


def test_targets_that_move() -> None:
    result = discover(
        X, X @ np.array([[0.0, 1.0], [-1.0, 0.0]]), target_representation="V2", **TINY
    )
    assert str(result.target_representation) == "V2"


def test_files_are_data_like_any_other(tmp_path: Path) -> None:
    np.savez(tmp_path / "rows.npz", x=X, y=Y)
    result = discover(tmp_path / "rows.npz", **TINY)
    assert _same(result, discover(X, Y, **TINY))
    assert result.config["source"] == str(tmp_path / "rows.npz")
    np.save(tmp_path / "x.npy", X)
    assert discover(tmp_path / "x.npy", Y, **TINY).config["source"] == "arrays"


def test_the_data_given_are_not_changed() -> None:
    data, targets = X.copy(), Y.copy()
    discover(data, targets, **TINY)
    assert np.array_equal(data, X)
    assert np.array_equal(targets, Y)


def test_the_same_seed_gives_the_same_and_another_one_does_not() -> None:
    first = discover(X, **TINY)
    assert _same(discover(X, **TINY), first)
    assert not _same(discover(X, seed=1, **TINY), first)


def test_every_member_has_a_seed_of_its_own() -> None:
    result = discover(X, seed=5, **{**TINY, "seeds": 3})
    assert result.seeds == (5, 6, 7)
    a, b, c = result.seed_generators
    assert not torch.equal(a, b)
    assert not torch.equal(b, c)
    assert not torch.equal(a, c)


def test_global_random_states_are_left_alone() -> None:
    torch.manual_seed(3)
    np.random.seed(3)
    before = torch.get_rng_state(), np.random.get_state()[1].tolist()  # type: ignore[index]
    first = discover(X, Y, **TINY)
    after = torch.get_rng_state(), np.random.get_state()[1].tolist()  # type: ignore[index]
    assert torch.equal(before[0], after[0])
    assert before[1] == after[1]
    torch.manual_seed(4)
    assert _same(discover(X, Y, **TINY), first)


def test_nothing_is_written_without_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result, folder = Request(X, None, None, {}, TINY).run()
    assert folder is None
    assert list(tmp_path.iterdir()) == []
    assert result.config["source"] == "arrays"


def test_a_folder_is_chosen_where_the_run_is_to_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, folder = Request("two-body", None, None, FEW, TINY, keep=True).run()
    assert folder is not None
    assert folder.name.startswith("two-body-liegan-")
    assert folder.parent == Path("runs")
    assert (folder / "report.html").is_file()


def test_options_of_every_form_and_their_precedence() -> None:
    config = {"source": "two-body", "group": {"n_generators": 3}, "run.seeds": 1, **FEW}
    result = discover(config=config, options={"method": {"steps": 5}}, n_generators=2)
    assert result.generators.shape[0] == 2
    assert result.config["options"]["run"]["seeds"] == 1
    assert result.config["options"]["method"]["steps"] == 5


def test_options_of_the_test_on_held_out_rows_reach_it() -> None:
    (defect,) = discover("two-body", options={**FEW, "verify.min_rows": 4321}, **TINY).defects
    assert defect.reason.endswith("held-out rows to test on, at least 4321 are needed")


def test_a_short_name_that_is_none_says_nothing() -> None:
    result = discover(X, n_generators=None, seeds=2, steps=5)
    assert result.config["options"]["group"]["n_generators"] == 1


def test_data_given_are_stronger_than_the_source_of_the_settings() -> None:
    result = discover(X, config={"source": "two-body"}, **TINY)
    assert result.config["source"] == "arrays"


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (None, "^no data given; name a data set or a file, e.g. symdisc discover two-body$"),
        ({"source": "arrays"}, "^these settings are of a run on arrays; pass the arrays again$"),
    ],
)
def test_no_data(config: Mapping[str, Any] | None, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        discover(config=config)


@pytest.mark.parametrize("given", [{"dataset": "no-symmetry"}, {"options": {"dataset": "no-symm"}}])
def test_a_data_set_is_not_an_option(given: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match=r"^dataset = 'no-symm.*a data set is named as the data"):
        discover("two-body", **given)


def test_devices_that_cannot_be_used() -> None:
    for device in ("cuda:99", "nonsense", "meta"):
        message = rf"^device '{device}' cannot be used: .*; try device cpu$"
        with pytest.raises(OptionError, match=message):
            discover(X, **{**TINY, "device": device})


def test_kernels_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert discover(X, kernel="reference", **TINY).provenance["kernel"] == "reference"
    with pytest.raises(UnknownComponentError, match=r"^no kernel named 'nope'; installed: "):
        discover(X, kernel="nope", **TINY)
    monkeypatch.setenv("SYMDISC_KERNEL", "reference")
    assert discover(X, **TINY).provenance["kernel"] == "reference"
    monkeypatch.setenv("SYMDISC_KERNEL", "nope")
    with pytest.raises(UnknownComponentError, match=r"^no kernel named 'nope'; installed: "):
        discover(X, **TINY)
    assert discover(X, kernel="reference", **TINY).provenance["kernel"] == "reference"


BUILT_IN = {
    "basics@symdisc": "from symdisc_basics import *\nSYMDISC_API_VERSION = 1",
    "liegan@symdisc": "from symdisc_liegan import *\nSYMDISC_API_VERSION = 1",
}
ACME = """
import torch
from torch import nn
from symdisc.interfaces import Discriminator
from symdisc_kernels.group_action.reference import ReferenceBackend

SYMDISC_API_VERSION = 1

@hookimpl
def symdisc_discriminators():
    return [
        Component(name, f"{__name__}:{name.capitalize()}", "A test.")
        for name in ("plain", "branching", "numbing", "stopping")
    ]

@hookimpl
def symdisc_kernels():
    return [
        Component("fast", f"{__name__}:Fast", "Fast."),
        Component("absent", f"{__name__}:Absent", "Not here."),
    ]

class Fast(ReferenceBackend):
    calls = 0

    def group_action(self, coefficients, generators, points):
        type(self).calls += 1
        return super().group_action(coefficients, generators, points)

class Absent(ReferenceBackend):
    def unavailable(self):
        return "it needs a chip that is not there"

class Plain(Discriminator):
    def __init__(self, options, shapes):
        super().__init__(options, shapes)
        self.linear = nn.Linear(shapes.steps * shapes.size, 8)
        self.out = nn.Linear(8, 1)

    def forward(self, x, y=None):
        return self.out(torch.tanh(self.linear(x.flatten(1)))).squeeze(-1)

class Branching(Plain):
    def forward(self, x, y=None):
        if x.sum() > 1e9:
            x = -x
        return super().forward(x, y)

class Numbing(Plain):
    def forward(self, x, y=None):
        return super().forward(x, y) * torch.nan

class Stopping(Plain):
    calls, stop_at = 0, 10

    def forward(self, x, y=None):
        type(self).calls += 1
        if self.calls > self.stop_at:
            raise KeyboardInterrupt
        return super().forward(x, y)
"""


@pytest.fixture
def host(make_host: MakeHost) -> PluginHost:
    return make_host({**BUILT_IN, "acme": ACME})


def test_a_discriminator_of_a_third_party_without_a_stacked_form(host: PluginHost) -> None:
    result = discover(X, host=host, discriminator="plain", **TINY)
    assert result.notes == ()
    assert result.config["discriminator"] == "plain"
    assert not _same(result, discover(X, host=host, **TINY))
    assert _same(result, discover(X, host=host, discriminator="acme:plain", **TINY))


def test_a_discriminator_that_must_run_seed_by_seed_is_noted(
    host: PluginHost, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    result = discover(X, host=host, discriminator="branching", out=out, **TINY)
    (note,) = result.notes
    start = "The discriminator cannot be run for all seeds at once, so it ran seed by seed: "
    assert note.startswith(start)
    assert start in (out / "report.html").read_text(encoding="utf-8")
    # Rounding differs, and the two players amplify it: only the first steps can be compared.
    short = {**TINY, "steps": 3}
    plain = discover(X, host=host, discriminator="plain", **short)
    slow = discover(X, host=host, discriminator="branching", **short)
    assert torch.allclose(slow.seed_generators, plain.seed_generators, atol=1e-4)


@pytest.mark.parametrize("by", ["argument", "variable"])
def test_a_kernel_of_a_third_party(
    by: str, host: PluginHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "_BACKENDS", dict(selection._BACKENDS))
    kernel = host.get("kernel", "fast")
    if by == "variable":
        monkeypatch.setenv("SYMDISC_KERNEL", "fast")
    short: dict[str, Any] = {"kernel": "fast"} if by == "argument" else {}
    result = discover(X, host=host, **short, **TINY)
    assert kernel.calls >= TINY["steps"]
    assert result.provenance["kernel"] == "fast"


def test_a_kernel_that_cannot_run_here(host: PluginHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "_BACKENDS", dict(selection._BACKENDS))
    message = (
        "^run.kernel: kernel backend 'absent' cannot run here: it needs a chip that is not there$"
    )
    with pytest.raises(OptionError, match=message):
        discover(X, host=host, kernel="absent", **TINY)


def test_training_that_breaks_down_keeps_its_metrics(host: PluginHost, tmp_path: Path) -> None:
    out = tmp_path / "run"
    with pytest.raises(TrainingError, match=r"^liegan: no seed has a finite loss any more at step"):
        discover(X, host=host, discriminator="numbing", out=out, **TINY)
    kept = sorted(path.name for path in out.iterdir())
    assert kept == ["checkpoint.safetensors", "config.yaml", "metrics"]


def test_an_interrupted_run_keeps_what_it_has(host: PluginHost, tmp_path: Path) -> None:
    out = tmp_path / "run"
    result = discover(X, host=host, discriminator="stopping", out=out, **TINY)
    (done,) = [int(word) for word in result.interrupted.split() if word.isdigit()][:1]
    assert result.interrupted == f"liegan stopped after {done} of 30 steps"
    assert 0 < done < 30
    assert result.defects == ()
    assert symdisc.load(out).interrupted == result.interrupted
    assert result.interrupted in (out / "report.html").read_text(encoding="utf-8")
    assert "not tested on held-out rows" in result.summary()


def test_interrupted_before_the_first_step_leaves_nothing(host: PluginHost, tmp_path: Path) -> None:
    host.get("discriminator", "stopping").stop_at = 0
    with pytest.raises(KeyboardInterrupt):
        discover(X, host=host, discriminator="stopping", out=tmp_path / "a" / "run", **TINY)
    assert not (tmp_path / "a").exists()


def test_interrupted_while_testing_keeps_the_generators(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupt(*arguments: Any, **keywords: Any) -> None:
        raise KeyboardInterrupt

    expected = discover(X, **TINY)
    monkeypatch.setattr("symdisc.discovery.verify_result", interrupt)
    result = discover(X, out=tmp_path / "run", **TINY)
    assert _same(result, expected)
    assert result.interrupted == "stopped while testing on held-out rows"
    assert symdisc.load(tmp_path / "run").interrupted == result.interrupted


def test_interrupted_while_writing_the_report_keeps_the_result(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("symdisc.report.page.write_report", interrupt)
    with pytest.raises(KeyboardInterrupt):
        discover(X, out=tmp_path / "run", quiet=False, **TINY)
    assert symdisc.load(tmp_path / "run").seeds == (0, 1)
    err = "".join(capsys.readouterr().err.split())
    assert f"theresultissaved;`symdiscreport{tmp_path}/run`writesthereport" in err


def test_progress_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    discover(X, **TINY)
    assert capsys.readouterr() == ("", "")
    discover(X, quiet=False, **TINY)
    out, err = capsys.readouterr()
    assert out == ""
    assert "testing on held-out rows" in err


def _blocks(sizes: Any) -> dict[str, Any]:
    return {"group.blocks": sizes}


@pytest.mark.parametrize(
    ("data", "options", "error", "message"),
    [
        (X, _blocks([3]), DataError, "group.blocks does not fit vectors of length 2"),
        (X, {"data.window": 3}, DataError, "rows are samples of 1 state, but 3 were asked for"),
        (X[:5], {}, DataError, "5 rows are too few"),
        (X * np.nan, {}, DataError, "states hold 120 NaN and 0 infinite values in 60 of 60 rows"),
    ],
)
def test_a_run_that_cannot_start_leaves_no_folder(
    data: NDArray[Any],
    options: dict[str, Any],
    error: type[Exception],
    message: str,
    tmp_path: Path,
) -> None:
    with pytest.raises(error, match=message):
        discover(data, options=options, out=tmp_path / "a" / "run", **TINY)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="exists already and nothing is ever overwritten"):
        discover(X, out=tmp_path, **TINY)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_a_rotation_is_found_in_seconds() -> None:
    result = discover("two-body", seeds=4, device="cpu", options={"dataset.n_trajectories": 200})
    assert result.has_consensus
    assert result.group.startswith("SO(2)")
    assert result.cosine_to_truth() > 0.95
    assert result.defects[0].value < 0.7
    assert result.support is not None
    assert result.support.is_whole


def test_a_test_that_breaks_loses_no_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*arguments: object, **settings: object) -> None:
        raise MemoryError("no memory left")

    monkeypatch.setattr("symdisc.discovery.verify_result", breaks)
    with pytest.raises(MemoryError):
        discover(X, out=tmp_path / "run", **TINY)
    kept = symdisc.load(tmp_path / "run")
    assert kept.interrupted == "the test on held-out rows failed: no memory left"
    assert (tmp_path / "run" / "report.html").is_file()
