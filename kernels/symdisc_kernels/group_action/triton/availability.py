"""Can Triton run here? Answered without importing it."""

from __future__ import annotations

import importlib.util
import os

import torch

_LEAST_CAPABILITY = (8, 0)


def unavailable() -> str | None:
    """Why the Triton kernels cannot run in this process, or ``None`` if they can."""
    if importlib.util.find_spec("triton") is None:
        return "Triton is not installed; type: pip install triton"
    if is_interpreting():
        return None
    if not torch.cuda.is_available():
        return "torch sees no CUDA device, and TRITON_INTERPRET=1 is not set"
    capability = torch.cuda.get_device_capability()
    if capability < _LEAST_CAPABILITY:
        given, needed = (".".join(map(str, c)) for c in (capability, _LEAST_CAPABILITY))
        return f"the CUDA device has compute capability {given}; the kernels need {needed}"
    return None


def is_interpreting() -> bool:
    """Whether Triton's interpreter runs the kernels, on the CPU."""
    return os.environ.get("TRITON_INTERPRET", "").lower() in ("1", "true", "yes", "on", "y")
