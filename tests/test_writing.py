from __future__ import annotations

import errno
from pathlib import Path

import pytest
import torch

from symdisc.engine.metrics import MetricsFiles
from symdisc.errors import OutputError
from symdisc.run_folder import RunFolder
from symdisc.writing import writing

FULL = Path("/dev/full")


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    target = tmp_path / "file"
    message = rf"cannot write {target}: No space left on device; free some space or name another"
    with pytest.raises(OutputError, match=message), writing(target):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_an_error_that_is_clear_already_passes_unchanged(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"^clear$"), writing(tmp_path):
        raise OutputError("clear")


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_settings_on_a_full_disk(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.config.with_name("config.yaml.new").symlink_to(FULL)
    with pytest.raises(OutputError, match=r"cannot write .*config\.yaml: No space left on device"):
        folder.write_config({"method": "liegan"})


def test_metrics_in_a_place_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "metrics").write_text("a file")
    metrics = MetricsFiles(tmp_path / "metrics", seeds=(0,))
    with pytest.raises(OutputError, match=r"cannot write .*toy\.csv: File exists; free some space"):
        metrics.write("toy", 0, {"group": {"term": torch.zeros(1)}}, {})
