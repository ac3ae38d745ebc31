"""``benchmarks/kernels/cuda_contender.py``: the kernels run on the CPU, thread by thread."""

from __future__ import annotations

import importlib
import stat
import subprocess
import sys
from collections.abc import Iterator
from ctypes import CDLL
from pathlib import Path
from types import ModuleType

import pytest
import torch
from torch import Tensor

from symdisc_kernels.benchmark import Case, Problem
from symdisc_kernels.group_action.cpu.compiler import BuildError, find_compiler

FOLDER = Path(__file__).parents[3] / "benchmarks" / "kernels"
CUDA_ON_CPU = Path(__file__).parent / "cuda_on_cpu"
LOST = 77


@pytest.fixture(scope="module")
def cuda() -> Iterator[ModuleType]:
    path = list(sys.path)
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module("cuda_contender")
    sys.path[:] = path


@pytest.fixture(scope="module")
def gpu(cuda: ModuleType) -> ModuleType:
    return importlib.import_module("gpu")


@pytest.fixture(scope="module")
def library(cuda: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> CDLL:
    """The kernels and their launches, compiled for the CPU."""
    try:
        compiler = find_compiler()
    except BuildError as error:
        pytest.skip(str(error))
    built = tmp_path_factory.mktemp("cuda_on_cpu") / "action.so"
    flags = ["-O1", "-std=c++17", "-shared", "-fPIC", "-Wno-unknown-pragmas", f"-I{CUDA_ON_CPU}"]
    command = [*compiler, *flags, "-x", "c++", str(cuda.SOURCE), "-o", str(built)]
    subprocess.run(command, check=True)
    opened: CDLL = cuda.open_library(built)
    return opened


def outputs(cuda: ModuleType, library: CDLL, problem: Problem) -> dict[str, Tensor]:
    """What the kernels give, in float64."""
    z, generators, x = problem.arguments
    y = torch.full_like(x, float("nan"))
    cuda.run_action(library, z, generators, x, y, None)
    gz, sums, gx = cuda.run_adjoint(library, z, generators, x, problem.gradient, None)
    return {"y": y.double(), "gz": gz.double(), "gL": sums.double(), "gx": gx.double()}


@pytest.mark.parametrize("norm", [0.01, 0.5, 1.4, 10.0, 50.0])
@pytest.mark.parametrize(
    ("k", "c", "batch"), [(3, 1, 700), (6, 2, 301), (28, 1, 130), (9, 2, 140), (1, 3, 1)]
)
@pytest.mark.parametrize("n", [2, 3, 4, 8])
def test_values_and_gradients(
    cuda: ModuleType,
    gpu: ModuleType,
    library: CDLL,
    n: int,
    k: int,
    c: int,
    batch: int,
    norm: float,
) -> None:
    problem = gpu.uniform_problem(Case(n, k, c, batch, torch.float64, norm), torch.float32)
    truth = gpu.outputs_of("reference", problem, torch.float64)
    plain = gpu.outputs_of("reference", problem, torch.float32)
    for name, found in outputs(cuda, library, problem).items():
        error = float(gpu.errors(found, truth[name]).max())
        allowed = max(float(gpu.errors(plain[name], truth[name]).max()), 1e-6)
        assert error <= (4 if norm < 10 else 40) * allowed, name


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30])
@pytest.mark.parametrize("n", [3, 8])
def test_a_lost_sample_is_lost_alone(
    cuda: ModuleType, gpu: ModuleType, library: CDLL, n: int, value: float
) -> None:
    problem = gpu.uniform_problem(Case(n, batch=200, dtype=torch.float64), torch.float32)
    before = outputs(cuda, library, problem)
    problem.coefficients[LOST, 0] = value
    after = outputs(cuda, library, problem)
    others = torch.arange(200) != LOST
    for name in ("y", "gz", "gx"):
        assert after[name][LOST].isnan().all()
        assert torch.equal(after[name][others], before[name][others])
    assert after["gL"][0].isnan().all()


def test_empty_problems(cuda: ModuleType, library: CDLL) -> None:
    x = torch.ones(5, 1, 3)
    none = torch.zeros(5, 0), torch.zeros(0, 3, 3), x
    y = torch.empty_like(x)
    cuda.run_action(library, *none, y, None)
    assert torch.equal(y, x)
    gz, sums, gx = cuda.run_adjoint(library, *none, x, None)
    assert gz.shape == (5, 0)
    assert sums.shape == (0, 3, 3)
    assert torch.equal(gx, x)
    gz, sums, gx = cuda.run_adjoint(
        library, torch.zeros(0, 2), torch.ones(2, 3, 3), x[:0], x[:0], None
    )
    assert torch.equal(sums, torch.zeros(2, 3, 3))
    z = torch.ones(5, 2)
    gz, sums, gx = cuda.run_adjoint(library, z, torch.ones(2, 3, 3), x[:, :0], x[:, :0], None)
    assert torch.equal(gz, torch.zeros_like(z))
    assert torch.equal(sums, torch.zeros(2, 3, 3))
    assert gx.shape == (5, 0, 3)


def test_too_many_generators_for_shared_memory(cuda: ModuleType, library: CDLL) -> None:
    z, generators, x = torch.zeros(1, 4000), torch.zeros(4000, 8, 8), torch.zeros(1, 1, 8)
    with pytest.raises(RuntimeError) as caught:
        cuda.run_adjoint(library, z, generators, x, x, None)
    assert str(caught.value) == "symdisc_adjoint_blocks: CUDA reports 'invalid argument'"


SHAPES = "z has to be (B, k), L (k, n, n), x and gy (B, c, n); given "


@pytest.mark.parametrize(
    ("z", "generators", "x", "message"),
    [
        ((5, 3), (3, 4), (5, 1, 4), SHAPES + "[(5, 3), (3, 4), (5, 1, 4)]"),
        ((5, 3), (2, 4, 4), (5, 1, 4), SHAPES + "[(5, 3), (2, 4, 4), (5, 1, 4)]"),
        ((5, 3), (3, 4, 4), (6, 1, 4), SHAPES + "[(5, 3), (3, 4, 4), (6, 1, 4)]"),
        ((5, 3), (3, 5, 5), (5, 1, 5), "n has to be one of 2, 3, 4, 8; given 5"),
    ],
)
def test_wrong_shapes(
    cuda: ModuleType,
    z: tuple[int, ...],
    generators: tuple[int, ...],
    x: tuple[int, ...],
    message: str,
) -> None:
    with pytest.raises(ValueError, match="given") as caught:
        cuda.action(torch.zeros(z), torch.zeros(generators), torch.zeros(x))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("x", "given"),
    [
        (torch.zeros(5, 1, 4, dtype=torch.float64), "torch.float64 with strides (4, 4, 1)"),
        (torch.zeros(5, 1, 8)[..., ::2], "torch.float32 with strides (8, 8, 2)"),
        (torch.zeros(21)[1:].view(5, 1, 4), "torch.float32 with strides (4, 4, 1)"),
    ],
)
def test_wrong_memory(cuda: ModuleType, x: Tensor, given: str) -> None:
    with pytest.raises(ValueError, match="given") as caught:
        cuda.action(torch.zeros(5, 3), torch.zeros(3, 4, 4), x)
    assert str(caught.value) == (
        f"tensors have to be float32, contiguous and aligned to 16 bytes; given {given}; type "
        ".float().contiguous().clone()"
    )


def test_without_a_gpu(cuda: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = torch.zeros(5, 3), torch.zeros(3, 4, 4), torch.zeros(5, 1, 4)
    with pytest.raises(RuntimeError) as caught:
        cuda.action(*arguments)
    assert str(caught.value) == "the tensors have to be on a CUDA device; they are on cpu"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(RuntimeError) as caught:
        cuda.library_for(torch.device("cuda"))
    assert str(caught.value) == "torch sees no CUDA device; run it on a machine that has one"


def test_an_old_gpu(cuda: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (7, 5))
    with pytest.raises(RuntimeError) as caught:
        cuda.library_for(torch.device("cuda", 0))
    assert str(caught.value) == "cuda:0 has compute capability 7.5; the kernels need 8.0 or later"


def test_without_nvcc(cuda: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda.shutil, "which", lambda program, path=None: None)
    with pytest.raises(RuntimeError) as caught:
        cuda.find_nvcc()
    assert str(caught.value) == (
        "no CUDA compiler found (looked for nvcc on PATH, in CUDA_HOME, /usr/local/cuda and "
        "Python's packages); install the CUDA toolkit, or name it with CUDA_HOME=/path/to/cuda"
    )


def compiler(folder: Path, script: str) -> Path:
    """A program in the place of nvcc."""
    program = folder / "bin" / "nvcc"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def test_nvcc_is_found_in_cuda_home(
    cuda: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = compiler(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("CUDA_HOME", str(tmp_path))
    assert cuda.find_nvcc() == program


def test_it_is_compiled_once(
    cuda: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYMDISC_CACHE", str(tmp_path / "cache"))
    # Writes its arguments to the file that is the last of them.
    program = compiler(tmp_path, 'for last; do :; done; echo "$@" > "$last"; echo >> "$0.calls"')
    built = cuda.build(program, (9, 0))
    assert cuda.build(program, (9, 0)) == built
    assert Path(f"{program}.calls").read_text(encoding="utf-8") == "\n"
    assert "-arch=sm_90" in built.read_text(encoding="utf-8")
    assert cuda.build(program, (8, 0)) != built


def test_what_the_compiler_says_is_told(
    cuda: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYMDISC_CACHE", str(tmp_path / "cache"))
    program = compiler(tmp_path, "echo no such architecture >&2; exit 1")
    with pytest.raises(RuntimeError) as caught:
        cuda.build(program, (9, 0))
    assert str(caught.value) == (
        f"{program} -O3 -std=c++17 -shared -Xcompiler -fPIC -arch=sm_90 failed:\n"
        "no such architecture\n"
    )
    assert not list((tmp_path / "cache").rglob("*.so"))
