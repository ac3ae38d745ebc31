"""Writes the run folders of the present format that tests read ever after.

``python tests/data_files/write_runs.py`` makes ``finished`` and ``unfinished`` below ``format_3``:
the same run with and without an end. When a format number counts up, write a new folder and keep
the old one.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

import symdisc
import symdisc.discovery
from symdisc.engine.training import Training

HERE = Path(__file__).parent / "format_3"
STOP_AT = 3
OPTIONS = {
    "run.seeds": 2,
    "run.device": "cpu",
    "run.checkpoint_every": 0.0,
    "run.evaluate_every": 2,
    "run.keep": "best",
    "method.steps": 6,
    "method.batch_size": 8,
    "discriminator.width": 4,
    "discriminator.depth": 1,
}


def data() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Twenty points on a spiral."""
    t = np.linspace(0.0, 9.0, 20)
    return np.stack([t * np.cos(t), t * np.sin(t)], axis=1)


def main() -> None:
    """Write both folders anew."""
    shutil.rmtree(HERE, ignore_errors=True)
    symdisc.discover(data(), options=OPTIONS, out=HERE / "finished")
    advance = Training.advance

    def stop(self: Training) -> Any:
        if self.step == STOP_AT:
            raise MemoryError("stopped")
        return advance(self)

    Training.advance = stop  # type: ignore[method-assign]
    try:
        symdisc.discover(data(), options=OPTIONS, out=HERE / "unfinished")
    except MemoryError:
        shutil.rmtree(HERE / "finished" / "figures")
        (HERE / "finished" / "report.html").unlink()


if __name__ == "__main__":
    main()
