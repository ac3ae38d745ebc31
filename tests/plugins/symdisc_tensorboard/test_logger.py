"""TensorBoard's event files are read back with TensorBoard's own reader."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from symdisc import discover
from symdisc.errors import OutputError, PluginError
from symdisc.testing import check_logger
from symdisc_tensorboard.logger import TensorBoard

X = np.random.default_rng(0).standard_normal((60, 2))
OPTIONS: dict[str, Any] = {
    "run.seeds": 2,
    "run.seed": 5,
    "run.device": "cpu",
    "run.loggers": ["tensorboard"],
    "method.steps": 60,
    "group.n_generators": 1,
}


def _scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    events = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    events.Reload()
    tags = events.Tags()["scalars"]
    return {tag: [(event.step, event.value) for event in events.Scalars(tag)] for tag in tags}


def _texts(folder: Path) -> dict[str, str]:
    events = EventAccumulator(str(folder))
    events.Reload()
    found = {}
    for tag in events.Tags()["tensors"]:
        found[tag] = events.Tensors(tag)[-1].tensor_proto.string_val[0].decode()
    return found


def test_conformance(tmp_path: Path) -> None:
    check_logger(TensorBoard, tmp_path)


def test_a_run_can_be_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symdisc.discovery.verify_result", lambda *_, **__: None)
    result = discover(X, options=OPTIONS, out=tmp_path / "run")
    assert result.notes == ()
    assert result.config["options"]["run"]["loggers"] == ["tensorboard"]
    scalars = _scalars(tmp_path / "run" / "tensorboard" / "liegan")
    assert "generator.adversarial/seed 5" in scalars
    assert {tag.split("/")[1] for tag in scalars} == {"seed 5", "seed 6"}
    steps = [step for step, _ in scalars["discriminator.real/seed 6"]]
    assert steps == [0, 50, 59]
    texts = _texts(tmp_path / "run" / "tensorboard")
    assert texts["found/text_summary"] == result.summary()
    assert '"method": "liegan"' in texts["settings/text_summary"]
    plain = discover(X, options={**OPTIONS, "run.loggers": []})
    assert torch.equal(plain.seed_generators, result.seed_generators)


def test_what_a_run_logs_again_replaces_what_it_had_logged(tmp_path: Path) -> None:
    for first, value in ((0, 1.0), (2, 5.0)):
        logger = TensorBoard(tmp_path)
        logger.start({"seeds": [0]})
        for step in range(first, 4):
            logger.log("fit", step, {"loss": torch.tensor([value])})
        logger.end("found")
    assert _scalars(tmp_path / "tensorboard" / "fit") == {
        "loss/seed 0": [(0, 1.0), (1, 1.0), (2, 5.0), (3, 5.0)]
    }


def test_without_a_run_folder() -> None:
    message = r"^tensorboard writes into the run folder, and this run has none; name one with out="
    with pytest.raises(OutputError, match=message):
        TensorBoard(None)
    result = discover(X, options={**OPTIONS, "method.steps": 2})
    (note,) = [note for note in result.notes if "tensorboard" in note]
    assert note.startswith("logger 'tensorboard' failed and is switched off: OutputError: tensorbo")


def test_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load = importlib.import_module

    def missing(name: str, *given: Any) -> Any:
        if name == "tensorboard":
            raise ImportError("No module named 'tensorboard'")
        return load(name, *given)

    monkeypatch.setattr(importlib, "import_module", missing)
    message = (
        r"^the package tensorboard is missing \(No module named 'tensorboard'\); install it with "
        r"pip install 'symdisc\[tensorboard\]'$"
    )
    with pytest.raises(PluginError, match=message):
        TensorBoard(tmp_path)
    assert list(tmp_path.iterdir()) == []
