"""The CPU backend beyond the conformance suite: exactness, threads, types, what it refuses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from torch import Tensor

from symdisc.testing import (
    AccuracyCase,
    Problem,
    accuracy_cases,
    check_kernel_accuracy,
    check_kernel_backend,
)
from symdisc_kernels import group_action, group_elements, use_backend
from symdisc_kernels.group_action.cpu.backend import (
    MANY_COMPONENTS,
    MOST_SIZE,
    OPERATORS,
    CpuBackend,
)
from symdisc_kernels.group_action.reference import ReferenceBackend

backend = CpuBackend()
DTYPES = [torch.float32, torch.float64]


# Where nothing is compiled yet, all kernels are.
@pytest.mark.timeout(900)
def test_it_passes_the_suite() -> None:
    assert backend.unavailable() is None
    check_kernel_backend(backend)


def test_it_passes_the_suite_in_half_precision() -> None:
    problems = [Problem(n, k=2, components=2, batch=21) for n in (1, 3, 5)]
    check_kernel_backend(backend, problems=problems, dtypes=[torch.float16, torch.bfloat16])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n", range(1, MOST_SIZE + 1))
def test_it_is_as_exact_as_torch(n: int, dtype: torch.dtype) -> None:
    for case in accuracy_cases(range(n, n + 1)):
        check_kernel_accuracy(backend, case, dtype)


@pytest.mark.parametrize("components", [1, 6])
def test_both_paths_are_as_exact_as_torch(components: int) -> None:
    """More components move the border between the action and squaring."""
    for norm in (0.3, 1.0, 2.0, 4.0, 6.0):
        for n in (2, 4, 7):
            case = AccuracyCase("random", n, norm, components=components)
            check_kernel_accuracy(backend, case)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_neighbour_with_a_large_exponent_costs_no_accuracy(dtype: torch.dtype) -> None:
    """All lanes of a block are computed together, but each is scaled by itself."""
    z, generators, points = Problem(3, batch=16).arguments(dtype, torch.device("cpu"))
    expected = ReferenceBackend().group_action(z.double(), generators.double(), points.double())
    z[3] = 1e5
    found = backend.group_action(z, generators, points)
    others = [i for i in range(16) if i != 3]
    error = (found[others].double() - expected[others]).abs().max()
    assert error < 20 * torch.finfo(dtype).eps


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_is_not_finite_becomes_nan_at_once(dtype: torch.dtype) -> None:
    z, generators, points = Problem(4, k=2, batch=1000).arguments(dtype, torch.device("cpu"))
    z[::7, 0], z[3::7, 1] = torch.nan, torch.inf
    lost = ~torch.isfinite(z).all(-1)
    inputs = [tensor.requires_grad_() for tensor in (z, generators, points)]
    start = time.process_time()
    moved = backend.group_action(*inputs)
    of_z, of_generators, of_points = torch.autograd.grad(moved.sum(), inputs)
    assert time.process_time() - start < 1.0
    for values in (moved, of_z, of_points):
        assert torch.equal(values.isnan().flatten(1).all(-1), lost)
        assert torch.isfinite(values[~lost]).all()
    assert of_generators.isnan().all()


def test_overflow_is_infinite_or_no_number_and_stays_in_its_element() -> None:
    z = torch.tensor([[100.0], [1.0], [-100.0]])
    moved = backend.group_action(z, torch.eye(2)[None], torch.ones(3, 1, 2))
    assert not torch.isfinite(moved[0]).any()
    assert torch.allclose(moved[1], torch.tensor([[2.7182818, 2.7182818]]))
    assert torch.allclose(moved[2], torch.zeros(1, 2))


def _gradients(problem: Problem) -> list[Tensor]:
    arguments = problem.arguments(torch.float32, torch.device("cpu"))
    inputs = [tensor.requires_grad_() for tensor in arguments]
    moved = backend.group_action(*inputs)
    return [moved.detach(), *torch.autograd.grad(moved.square().sum(), inputs)]


@pytest.mark.parametrize(
    "problem", [Problem(3, k=2, batch=20_000), Problem(2, batch=3000, leading=(5,))]
)
def test_the_same_bits_whatever_the_number_of_threads(problem: Problem) -> None:
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        alone = _gradients(problem)
        torch.set_num_threads(2)
        assert all(torch.equal(a, b) for a, b in zip(alone, _gradients(problem), strict=True))
        assert all(torch.equal(a, b) for a, b in zip(alone, _gradients(problem), strict=True))
    finally:
        torch.set_num_threads(threads)


def test_generator_gradients_of_many_samples_are_summed_in_float64() -> None:
    """A running sum in float32 would lose a tenth of this one."""
    count = 200_000
    z = torch.full((count, 1), 1.0)
    generators = torch.zeros(1, 2, 2, requires_grad=True)
    moved = backend.group_action(z, generators, torch.full((count, 1, 2), 0.1))
    (gradient,) = torch.autograd.grad(moved.sum(), generators)
    assert torch.allclose(gradient, torch.full((1, 2, 2), 0.1 * count), rtol=1e-6)


def test_blocks_are_computed_as_small_matrices() -> None:
    problem = Problem(8, k=2, batch=50, components=2)
    z, generators, points = problem.arguments(torch.float64, torch.device("cpu"))
    blocks = ((0, 4), (1, 5), (6, 3, 2))
    expected = {}
    for name in ("reference", "cpu"):
        with use_backend(name):
            moved = group_action(z, generators, points, blocks)
            expected[name] = (moved, group_elements(z, generators, blocks))
    for found, truth in zip(expected["cpu"], expected["reference"], strict=True):
        assert torch.allclose(found, truth, rtol=1e-12, atol=1e-13)


def test_each_block_reaches_the_kernel_as_a_small_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    original = CpuBackend.group_action

    def listen(self: CpuBackend, z: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        sizes.append((generators.shape[-1], points.shape[:-3]))
        return original(self, z, generators, points)

    monkeypatch.setattr(CpuBackend, "group_action", listen)
    z, generators, points = Problem(7, batch=5).arguments(torch.float32, torch.device("cpu"))
    with use_backend("cpu"):
        group_action(z, generators, points, ((0, 4), (1, 5), (6, 3, 2)))
    assert sizes == [(2, (2,)), (3, (1,))]


def test_few_elements_with_many_points_are_moved_by_a_matrix_product() -> None:
    problem = Problem(3, components=MANY_COMPONENTS + 1, batch=2)
    z, generators, points = problem.arguments(torch.float64, torch.device("cpu"))
    few = backend.group_action(z, generators, points[:, :MANY_COMPONENTS])
    many = backend.group_action(z, generators, points)
    assert torch.allclose(many[:, :MANY_COMPONENTS], few, rtol=1e-13)
    large = torch.ones(1, 1_000_000, 3)
    start = time.process_time()
    backend.group_action(torch.ones(1, 1), torch.zeros(1, 3, 3), large)
    assert time.process_time() - start < 1.0


def test_autocast_does_not_change_the_type() -> None:
    z, generators, points = Problem(3, k=2).arguments(torch.float32, torch.device("cpu"))
    expected = backend.group_elements(z, generators)
    with torch.autocast("cpu"):
        assert torch.equal(backend.group_elements(z, generators), expected)
        assert backend.group_action(z, generators, points).dtype == torch.float32


def test_operators_called_with_what_does_not_fit_do_not_reach_the_kernel() -> None:
    z, generators, points = Problem(3, k=2).arguments(torch.float32, torch.device("cpu"))
    backend.group_action(z, generators, points)
    for wrong in ((z[1:], generators, points), (z, generators, points.double())):
        with pytest.raises(RuntimeError, match="arguments do not fit: "):
            OPERATORS.group_action(*wrong)
    with pytest.raises(RuntimeError, match="the gradient does not fit: "):
        OPERATORS.group_action_backward(z, generators, points, points[1:])
    with pytest.raises(RuntimeError, match="the gradient does not fit: "):
        OPERATORS.expm_backward(generators, generators[1:])
    with pytest.raises(RuntimeError, match="matrices must be square"):
        OPERATORS.expm(points)
    with pytest.raises(RuntimeError, match="no CPU kernel computes in"):
        OPERATORS.expm(generators.to(torch.float8_e4m3fn))


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )


USE = "import torch\nfrom symdisc_kernels import expm\n" + 3 * "expm(torch.zeros(1, 2, 2))\n"


def test_a_library_that_cannot_be_loaded_is_named_and_plain_torch_used(tmp_path: Path) -> None:
    assert run(USE, SYMDISC_CACHE=str(tmp_path)).returncode == 0
    for library in tmp_path.glob("operators-*.so"):
        library.write_text("spoilt")
    done = run(USE, SYMDISC_CACHE=str(tmp_path))
    assert done.returncode == 0
    assert done.stderr.count("symdisc:") == 1
    assert re.search(
        r"cpu \(the compiled .*operators-.*\.so cannot be loaded: .*; delete it", done.stderr
    )


def test_a_compiler_that_only_fails_on_kernels_is_found_out_once(tmp_path: Path) -> None:
    compiler = tmp_path / "compiler"
    compiler.write_text('#!/bin/sh\ncase "$*" in *kernel.cpp*) exit 1;; esac\nexec g++ "$@"\n')
    compiler.chmod(0o755)
    done = run(USE, SYMDISC_CACHE=str(tmp_path), CXX=str(compiler))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("building the CPU kernel") == 1
    assert "failed on kernel.cpp" in done.stderr


def test_larger_matrices_are_left_to_the_reference() -> None:
    problem = Problem(MOST_SIZE + 1)
    arguments = problem.arguments(torch.float64, torch.device("cpu"))
    assert torch.equal(
        backend.group_action(*arguments), ReferenceBackend().group_action(*arguments)
    )


def test_an_operator_called_before_its_kernel_is_loaded_says_so() -> None:
    program = (
        "import torch\n"
        "from symdisc_kernels.group_action.cpu.backend import CpuBackend\n"
        "assert CpuBackend().unavailable() is None\n"
        "torch.ops.symdisc_kernels.cpu_expm(torch.zeros(1, 3, 3))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "no CPU kernel for n = 3 in Float is loaded; call symdisc_kernels.group_action" in (
        done.stderr
    )


NO_COMPILER = """
import torch
from symdisc_kernels import BackendError, expm, use_backend
for _ in range(2):
    assert torch.equal(expm(torch.zeros(2, 3, 3)), torch.eye(3).expand(2, 3, 3))
try:
    with use_backend("cpu"):
        pass
except BackendError as error:
    print(error)
"""


def test_without_a_compiler_plain_torch_is_used_and_said_once(tmp_path: Path) -> None:
    environment = {"PATH": str(tmp_path), "SYMDISC_CACHE": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", NO_COMPILER],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    reason = "no C++ compiler found (looked for g++, clang++ and c++); install one, or name it "
    assert done.stderr.count("symdisc:") == 1
    assert done.stderr.startswith(
        "symdisc: on cpu the kernel backend 'taylor' is used, which is slower; not available: "
        f"cpu ({reason}"
    )
    assert done.stdout.startswith(f"kernel backend 'cpu' cannot run here: {reason}")
