"""Runs kernels in Triton's interpreter for the tests; see the fixture ``interpreted``.

A process of its own because TRITON_INTERPRET must be set before a kernel is imported and would
then hold for every later test. Reads pickled calls from standard input, writes pickled answers.
"""

from __future__ import annotations

import importlib.util
import pickle
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from triton.runtime import interpreter

from symdisc_kernels.group_action import triton as package


def _let_tensors_count_loops() -> None:
    """Make ``range(tensor)`` work with numpy 2.4 and later (Triton issue 9171)."""
    original = interpreter._patch_lang_tensor

    def patched(tensor: Any, scope: Any) -> None:
        original(tensor, scope)
        scope.set_attr(tensor, "__index__", lambda self: int(self.handle.data.item()))

    interpreter._patch_lang_tensor = patched


def _poison_new_memory() -> None:
    """Fill what ``torch.empty`` returns with NaN: an output that is not written shows."""
    original = torch.empty

    def poisoned(*arguments: Any, **options: Any) -> Tensor:
        memory = original(*arguments, **options)
        return memory.fill_(torch.nan) if memory.is_floating_point() else memory

    torch.empty = poisoned


def _probes() -> Any:
    path = Path(__file__).with_name("probes.py")
    spec = importlib.util.spec_from_file_location("triton_probes", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Triton looks a kernel's source up through its module.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, function(*arguments)
    except Exception:
        return False, traceback.format_exc()


def main() -> None:
    """Answer calls until the input ends."""
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr
    torch.set_num_threads(1)
    _let_tensors_count_loops()
    _poison_new_memory()
    probes = _probes()
    while True:
        try:
            name, arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        function = getattr(package, name, None) or getattr(probes, name)
        pickle.dump(_answer(function, arguments), answers)
        answers.flush()


if __name__ == "__main__":
    main()
