from __future__ import annotations

from typing import final

import pytest
import torch
from torch import Tensor

from symdisc_kernels import (
    BackendError,
    KernelBackend,
    backend_names,
    current_backend,
    expm,
    register_backend,
    resolve_backend,
    selection,
    use_backend,
)
from symdisc_kernels.group_action.reference import ReferenceBackend

_BUILT_IN = tuple(selection._BACKENDS)


class Constant(KernelBackend):
    """Recognisable at once: every exponential is 7."""

    def unavailable(self) -> str | None:
        return None

    def group_action(self, coefficients: Tensor, generators: Tensor, points: Tensor) -> Tensor:
        return torch.full_like(points, 7)

    def group_elements(self, coefficients: Tensor, generators: Tensor) -> Tensor:
        return torch.full((*coefficients.shape[:-1], *generators.shape[-2:]), 7.0)

    def expm(self, matrices: Tensor) -> Tensor:
        return torch.full_like(matrices, 7)


@final
class NoDevice(Constant):
    def unavailable(self) -> str | None:
        return "this machine has no such device"


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry of its own for each test."""
    known = {"absent": NoDevice(), "reference": ReferenceBackend()}
    monkeypatch.setattr(selection, "_BACKENDS", known)
    monkeypatch.setattr(selection, "_AUTOMATIC", {})
    monkeypatch.delenv("SYMDISC_KERNEL", raising=False)
    register_backend("constant", Constant())


def test_auto_takes_the_first_that_can_run() -> None:
    assert isinstance(current_backend(), ReferenceBackend)
    with use_backend("auto"):
        assert isinstance(current_backend(), ReferenceBackend)


def test_auto_says_once_what_it_had_to_do_without(capsys: pytest.CaptureFixture[str]) -> None:
    expm(torch.zeros(1, 1))
    expm(torch.zeros(1, 1))
    assert capsys.readouterr().err == (
        "symdisc: on cpu the kernel backend 'reference' is used, which is slower; not available: "
        "absent (this machine has no such device)\n"
    )


@final
class OnlyCuda(Constant):
    device_types = frozenset({"cuda"})


def test_auto_depends_on_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"only": OnlyCuda(), "reference": ReferenceBackend()}
    monkeypatch.setattr(selection, "_BACKENDS", known)
    assert resolve_backend("auto", "cuda") == "only"
    assert resolve_backend("auto", "cpu") == resolve_backend("auto") == "reference"


def test_a_backend_of_another_device_is_refused() -> None:
    register_backend("only", OnlyCuda())
    message = "kernel backend 'only' computes on cuda, but the tensors are on cpu; use auto"
    with pytest.raises(BackendError, match=message):
        resolve_backend("only", "cpu")
    with use_backend("only"), pytest.raises(BackendError, match=message):
        expm(torch.zeros(1, 1))
    assert resolve_backend("only", "cuda") == "only"


def test_the_built_in_order() -> None:
    order = [name for name in _BUILT_IN if name in ("triton", "cpu", "taylor", "reference")]
    assert order == ["triton", "cpu", "taylor", "reference"]


def test_names() -> None:
    assert backend_names() == ("absent", "reference", "constant")


def test_the_variable_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMDISC_KERNEL", "constant")
    assert expm(torch.zeros(1, 1)).item() == 7
    monkeypatch.setenv("SYMDISC_KERNEL", "")
    assert expm(torch.zeros(1, 1)).item() == 1


def test_use_backend_nests_and_is_stronger_than_the_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SYMDISC_KERNEL", "constant")
    with use_backend("reference"):
        assert expm(torch.zeros(1, 1)).item() == 1
        with use_backend("constant"):
            assert expm(torch.zeros(1, 1)).item() == 7
        assert expm(torch.zeros(1, 1)).item() == 1
    assert expm(torch.zeros(1, 1)).item() == 7


def test_use_backend_ends_with_an_exception() -> None:
    with pytest.raises(KeyError), use_backend("constant"):
        raise KeyError
    assert isinstance(current_backend(), ReferenceBackend)


def test_unknown_names_are_refused_with_the_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    message = "no kernel backend named 'cuda'; known: auto, absent, reference, constant"
    with pytest.raises(BackendError, match=message), use_backend("cuda"):
        pass
    monkeypatch.setenv("SYMDISC_KERNEL", "cuda")
    with pytest.raises(BackendError, match=message):
        expm(torch.zeros(1, 1))


def test_a_backend_that_cannot_run_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    message = "kernel backend 'absent' cannot run here: this machine has no such device"
    with pytest.raises(BackendError, match=message), use_backend("absent"):
        pass
    monkeypatch.setenv("SYMDISC_KERNEL", "absent")
    with pytest.raises(BackendError, match=message):
        expm(torch.zeros(1, 1))


def test_a_name_stays_with_the_first_backend_that_took_it() -> None:
    first = selection._BACKENDS["constant"]
    register_backend("constant", Constant())
    assert selection._BACKENDS["constant"] is first
    with pytest.raises(BackendError, match="a kernel backend named 'constant' is already"):
        register_backend("constant", NoDevice())
