"""Where memory runs out, the message says what to lower."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
import torch

from symdisc.engine.memory import is_out_of_memory, telling_what_to_lower
from symdisc.errors import TrainingError

STAGE = cast("Any", SimpleNamespace(name="fit", batch_size=128))
CONTEXT = cast("Any", SimpleNamespace(device=torch.device("cpu"), seeds=(0, 1, 2)))
ERRORS = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.\nmore"),
    RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"),
]


@pytest.mark.parametrize("error", ERRORS, ids=["cuda", "cpu"])
def test_it_is_recognised_and_told(error: RuntimeError) -> None:
    assert is_out_of_memory(error)
    message = (
        r"^fit: out of memory on cpu at step 7, with 3 seeds and 128 samples in a minibatch of "
        r"each; lower run\.seeds, the batch size \(method\.batch_size where the method has it\) or "
        r"the width of the networks \(.*\)$"
    )
    with pytest.raises(TrainingError, match=message), telling_what_to_lower(STAGE, CONTEXT, 7):
        raise error


def test_other_errors_pass() -> None:
    assert not is_out_of_memory(MemoryError("no memory"))
    with pytest.raises(RuntimeError, match=r"^shapes$"), telling_what_to_lower(STAGE, CONTEXT, 7):
        raise RuntimeError("shapes")
    with telling_what_to_lower(STAGE, CONTEXT, 7):
        pass
