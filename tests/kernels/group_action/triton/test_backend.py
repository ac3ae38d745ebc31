"""The Triton kernels as operators: the conformance suite, in the interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from symdisc_kernels import BackendError, use_backend
from symdisc_kernels.group_action.reference import ReferenceBackend
from symdisc_kernels.group_action.triton.backend import MOST_SIZE, TritonBackend

# The worker's module makes the interpreter fit for the installed numpy.
PROGRAM = """
import sys
sys.path.insert(0, {folder!r})
import torch
from interpreter_worker import _let_tensors_count_loops
from symdisc.testing import Problem, check_kernel_backend
from symdisc_kernels import group_action
from symdisc_kernels.group_action.triton.backend import TritonBackend

_let_tensors_count_loops()
backend = TritonBackend()
assert backend.unavailable() is None
problems = [
    Problem(3, k=2, components=2), Problem(2, leading=(2,)), Problem(4, batch=0), Problem(10),
    Problem(3, k=0), Problem(3, components=0), Problem(3, contiguous=False), Problem(17),
]
check_kernel_backend(backend, problems=problems, dtypes=[getattr(torch, sys.argv[1])])
z, generators, points = Problem(3, leading=(4,)).arguments(torch.float32, torch.device("cpu"))
stacked = torch.func.vmap(backend.group_action)(z, generators, points)
assert torch.allclose(stacked, backend.group_action(z, generators, points))
print("all passed")
"""


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_passes_the_suite_in_the_interpreter(dtype: str) -> None:
    program = PROGRAM.format(folder=str(Path(__file__).parent))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, dtype],
        env=os.environ | {"TRITON_INTERPRET": "1", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "all passed\n", done.stderr


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_it_says_so() -> None:
    message = r"^kernel backend 'triton' cannot run here: torch sees no CUDA device"
    with pytest.raises(BackendError, match=message), use_backend("triton"):
        pass


def test_larger_matrices_are_left_to_the_reference() -> None:
    matrices = torch.linspace(-1, 1, 2 * (MOST_SIZE + 1) ** 2).reshape(2, MOST_SIZE + 1, -1)
    assert torch.equal(TritonBackend().expm(matrices), ReferenceBackend().expm(matrices))
