"""What a later reader has to know about how a result came about."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import torch

PACKAGES = ("symdisc", "torch", "numpy", "scipy", "triton")


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that numbers depend on."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


def machine(device: torch.device) -> dict[str, str]:
    """Processor or accelerator, operating system and thread count."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else _processor()
    return {
        "device": name,
        "system": f"{platform.system()} {platform.machine()}",
        "threads": str(torch.get_num_threads()),
    }


def stopwatch(wall: float = 0.0, cpu: float = 0.0) -> Callable[[], dict[str, Any]]:
    """Start measuring; the returned function says the date and the times since.

    Args:
        wall: Wall time that was spent before, by earlier processes [s].
        cpu: CPU time that was spent before [s].
    """
    date = datetime.now(UTC)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu

    def read() -> dict[str, Any]:
        return {
            "date": date.isoformat(timespec="seconds"),
            "wall_time [s]": round(time.perf_counter() - wall, 2),
            "cpu_time [s]": round(time.process_time() - cpu, 2),
        }

    return read


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 - a device file
            names = [line.partition(":")[2].strip() for line in file if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or "unknown processor"
