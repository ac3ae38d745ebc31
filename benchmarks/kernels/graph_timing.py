"""Time GPU kernels without the processor's share, and what the device can do at most."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import torch

from symdisc_kernels.benchmark.timing import Timing, timing_of

FLUSHED = 1 << 28  # bytes: several times the L2 cache of any present GPU
WARM_UPS = 3


def time_graph(run: Callable[[], object], repetitions: int = 60) -> Timing:
    """Replay a captured call with the L2 cache flushed before each replay.

    A replay starts all kernels of the call at once, so that the time is the device's own: launches
    from Python take longer than most of the kernels that they start.
    """
    graph = _captured(run)
    flushed = torch.empty(FLUSHED, dtype=torch.uint8, device="cuda")
    events = [(_event(), _event()) for _ in range(repetitions)]
    for start, end in events:
        flushed.zero_()
        start.record()
        graph.replay()
        end.record()
    torch.cuda.synchronize()
    seconds = [1e-3 * start.elapsed_time(end) for start, end in events]
    return timing_of(seconds[WARM_UPS:])


def _event() -> torch.cuda.Event:
    return torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]


def _captured(run: Callable[[], object]) -> torch.cuda.CUDAGraph:
    beside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    beside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(beside):
        for _ in range(WARM_UPS):
            run()
    torch.cuda.current_stream().wait_stream(beside)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        run()
    return graph


def measured_bandwidth() -> float:
    """Bytes read and written per second by a copy of one GiB within the device."""
    source = torch.ones(1 << 30, dtype=torch.uint8, device="cuda")
    target = torch.empty_like(source)
    return 2 * source.numel() / time_graph(lambda: target.copy_(source), 20).median


def measured_products() -> float:
    """Floating-point operations per second of a large float32 matrix product, no TF32."""
    size = 4096
    a, b = torch.randn(2, size, size, device="cuda")
    return 2 * size**3 / time_graph(lambda: a @ b, 20).median


def clock_rate() -> float | None:
    """Highest clock rate of the multiprocessors [Hz], where the driver's tool tells it."""
    command = ["nvidia-smi", "--query-gpu=clocks.max.sm", "--format=csv,noheader,nounits"]
    try:
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return 1e6 * float(printed.split()[0])
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        return None
