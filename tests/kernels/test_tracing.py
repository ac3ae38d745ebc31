from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from torch import Tensor

from symdisc_kernels.tracing import decided_when_traced

calls: list[int] = []


@decided_when_traced
def factor(n: int) -> int:
    calls.append(n)
    return 10 * n


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_compiled_program_keeps_what_was_decided_when_it_was_traced() -> None:
    def program(x: Tensor) -> Tensor:
        return x * factor(3)

    compiled = torch.compile(program, fullgraph=True, backend="eager")
    assert compiled(torch.ones(1)).item() == 30
    made = len(calls)
    assert compiled(torch.ones(1)).item() == 30
    assert made >= 1
    assert len(calls) == made


def test_the_compiler_is_not_imported_for_it() -> None:
    program = "import sys, symdisc_kernels; print('torch._dynamo' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
