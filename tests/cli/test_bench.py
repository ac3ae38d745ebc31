"""``symdisc bench kernels``: the table, the files, and every wrong request."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from symdisc.cli import main
from symdisc.registry import PluginHost
from symdisc_kernels import selection
from symdisc_kernels.benchmark import COLUMNS, make_problem, peaks_of

MakeHost = Callable[[dict[str, str]], PluginHost]

QUICK = ["bench", "kernels", "--n", "2", "--batch", "8", "--seconds", "0.001"]
MAKE_PROBLEM = "symdisc_kernels.benchmark.measurement.make_problem"
PLAIN = ["--contenders", "torch,taylor,scipy"]

KERNEL = """
from symdisc.interfaces import KernelBackend

@hookimpl
def symdisc_kernels():
    return [Component("swift", __name__ + ":Swift", "A kernel.")]

class Swift(KernelBackend):
    def unavailable(self): return None
    def group_action(self, z, L, x): return x * z.sum() * L.sum()
    def group_elements(self, z, L): raise NotImplementedError
    def expm(self, a): raise NotImplementedError
"""
BROKEN = """
@hookimpl
def symdisc_kernels():
    return [Component("broken", "nowhere_to_be_found:Kernel", "A kernel.")]
"""


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch, make_host: MakeHost) -> Iterator[None]:
    """No plugins, one thread, and the backends that there were."""
    _use(monkeypatch, make_host({}))
    monkeypatch.setattr(selection, "_BACKENDS", dict(selection._BACKENDS))
    # SciPy's BLAS may have been loaded with several threads, which is slow but harmless.
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    threads = torch.get_num_threads()
    yield
    assert torch.get_num_threads() == threads


def _use(monkeypatch: pytest.MonkeyPatch, host: PluginHost) -> None:
    monkeypatch.setattr("symdisc.registry.default_host", lambda: host)


def _refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What is said about a request that is refused before anything is measured."""
    assert main([*QUICK, *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("symdisc: ")
    assert err.count("\n") == 1
    return err.removeprefix("symdisc: ").rstrip("\n")


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "kernels.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_table(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: Any) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    peaks_of("cpu", torch.float32)  # may say that it is being built
    capsys.readouterr()
    assert main([*QUICK, *PLAIN]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].split()[:5] == ["CONTENDER", "N", "K", "C", "B"]
    assert [line.split()[0] for line in lines[1:4]] == ["torch", "taylor", "scipy"]
    assert lines[1].split()[1:5] == ["2", "3", "1", "8"]
    assert lines[1].split()[6] == lines[1].split()[8] == "1"
    assert lines[3].split()[7:9] == ["-", "-"]
    assert "float32 on " in lines[4]
    assert ", 1 thread, " in lines[4]
    assert "median processor time; load " in lines[4]
    assert lines[5:] == [
        "Rates are those of forward+backward, or of forward where there are no gradients."
    ]
    assert err == "[1/1] n = 2, k = 3, c = 1, B = 8\n"
    assert list(empty.iterdir()) == []


def test_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    words = ["--batch", "8,1e1", "--k", "1,2", "--c", "2", "--dtype", "float64", "--norm", "3"]
    assert main([*QUICK, *PLAIN, *words, "--out", str(out)]) == 0
    rows = _rows(out)
    assert list(rows[0])[: len(COLUMNS)] == list(COLUMNS)
    assert {"torch", "triton", "symdisc", "python", "processor", "date"} <= set(rows[0])
    # Two contenders in both directions and scipy in one.
    assert len(rows) == 4 * 5
    assert {(row["k"], row["B"]) for row in rows} == {
        ("1", "8"),
        ("1", "10"),
        ("2", "8"),
        ("2", "10"),
    }
    assert {(r["c"], r["dtype"], r["norm"]) for r in rows} == {("2", "float64", "3")}
    assert (out / "kernels.png").read_bytes().startswith(b"\x89PNG")
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == f"Written: {out / 'kernels.csv'} and {out / 'kernels.png'}"


def test_an_extrapolated_time_is_marked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "symdisc_kernels.benchmark.contenders.Contender.measured_batch", lambda self, case: 4
    )
    assert main([*QUICK, "--contenders", "torch"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[5].endswith("*")
    assert lines[-1] == "*: measured with fewer samples and scaled up"


def test_an_interruption_keeps_what_was_measured(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def interrupted(case: Any) -> Any:
        calls.append(case)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return make_problem(case)

    monkeypatch.setattr(MAKE_PROBLEM, interrupted)
    words = ["--contenders", "torch", "--batch", "8,9,10", "--out", str(tmp_path)]
    assert main([*QUICK, *words]) == 130
    out, err = capsys.readouterr()
    assert err.endswith("symdisc: interrupted\n")
    assert out.splitlines()[1].startswith("torch")
    assert {row["B"] for row in _rows(tmp_path)} == {"8"}
    assert (tmp_path / "kernels.png").exists()


def test_an_interruption_before_the_first_result(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(case: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(MAKE_PROBLEM, interrupted)
    out = tmp_path / "out"
    assert main([*QUICK, "--contenders", "torch", "--out", str(out)]) == 130
    assert capsys.readouterr().out == ""
    assert list(out.iterdir()) == []


def test_a_contender_that_fails_is_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*arguments: Any) -> Any:
        raise RuntimeError("out of memory\nsee the manual")

    monkeypatch.setattr(torch.linalg, "matrix_exp", fails)
    assert main([*QUICK, "--contenders", "torch,taylor"]) == 0
    out, err = capsys.readouterr()
    assert "symdisc: torch is left out here: out of memory\n" in err
    assert [line.split()[0] for line in out.splitlines()[1:2]] == ["taylor"]


def test_a_kernel_of_a_plugin(
    capsys: pytest.CaptureFixture[str], make_host: MakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(monkeypatch, make_host({"acme": KERNEL, "other": BROKEN}))
    assert main([*QUICK, "--contenders", "acme:swift,swift"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:3]]
    assert names == ["acme:swift", "swift"]
    assert main([*QUICK, "--contenders", "broken"]) == 2
    assert "nowhere_to_be_found" in capsys.readouterr().err


def test_a_broken_kernel_matters_only_if_it_is_asked_for(
    capsys: pytest.CaptureFixture[str], make_host: MakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(monkeypatch, make_host({"other": BROKEN}))
    monkeypatch.setattr(
        "symdisc_kernels.benchmark.contenders.default_names", lambda device: ["torch"]
    )
    assert main(QUICK) == 0
    assert "symdisc: broken is left out: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--n", "2,0"],
            "--n 2,0: '0' is not a whole number of at least 1; give numbers separated by commas, "
            "e.g. --n 2,3,8",
        ),
        (
            ["--k", "two"],
            "--k two: 'two' is not a whole number of at least 1; give numbers separated by "
            "commas, e.g. --k 1,3",
        ),
        (
            ["--c", ""],
            "--c : '' is not a whole number of at least 1; give numbers separated by commas, "
            "e.g. --c 1,2",
        ),
        (
            ["--batch", "1e4, 2.5"],
            "--batch 1e4, 2.5: '2.5' is not a whole number of at least 1; give numbers separated "
            "by commas, e.g. --batch 64,1e4",
        ),
        (
            ["--batch", "inf"],
            "--batch inf: 'inf' is not a whole number of at least 1; give numbers separated by "
            "commas, e.g. --batch 64,1e4",
        ),
        (
            ["--dtype", "float23"],
            "--dtype float23: must be float32 or float64. Did you mean 'float32'?",
        ),
        (
            ["--device", "cudo"],
            "--device cudo: must be auto or cpu or cuda. Did you mean 'cuda'?",
        ),
        (["--norm", "0"], "--norm 0: must be above 0 and at most 100"),
        (["--norm", "nan"], "--norm nan: must be above 0 and at most 100"),
        (["--norm", "1e3"], "--norm 1000: must be above 0 and at most 100"),
        (["--seconds", "0"], "--seconds 0: must be above 0"),
        (["--seconds", "inf"], "--seconds inf: must be above 0"),
        (
            ["--threads", "0"],
            f"--threads 0: must be from 1 to {os.cpu_count()}, the processors of this machine",
        ),
        (
            ["--contenders", "tayler"],
            "--contenders tayler: unknown; known: torch, taylor-baddbmm, triton, cpu, taylor, "
            "reference, scipy, jax. Did you mean 'taylor'?",
        ),
    ],
)
def test_wrong_values(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _refused(words, capsys) == message


def test_all_wrong_values_are_reported_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*QUICK, "--n", "x", "--norm", "-1", "--dtype", "int"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.strip().split()[0] for line in lines] == ["symdisc:", "--norm", "--dtype"]


def test_a_contender_that_cannot_run_here(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert _refused(["--contenders", "torch,jax"], capsys) == (
        "--contenders jax: JAX is not installed; type: pip install jax"
    )


def test_no_gpu(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert _refused(["--device", "cuda"], capsys) == (
        "--device cuda: torch sees no CUDA device; use --device cpu"
    )


def test_more_than_the_memory(capsys: pytest.CaptureFixture[str]) -> None:
    said = _refused(["--batch", "8,1e15"], capsys)
    assert said.startswith(
        "--batch 1000000000000000: arguments and gradients for n = 2, k = 3, c = 1 take "
        "56,000,000 GB, more than half of the "
    )
    assert said.endswith(" GB of this machine; give smaller numbers")


def test_a_folder_that_cannot_be_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    said = _refused(["--contenders", "torch", "--out", str(file)], capsys)
    assert said.startswith(f"cannot write {file}: ")
    assert said.endswith("name another folder with --out")
    assert file.read_text() == "mine"


def test_a_device_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    from symdisc.cli.bench import _device

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert [_device(name) for name in ("auto", "cpu", "cuda")] == ["cuda", "cpu", "cuda"]
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert [_device(name) for name in ("auto", "cpu")] == ["cpu", "cpu"]
