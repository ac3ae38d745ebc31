"""Building and caching, with small sources of the test's own."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from symdisc_kernels.group_action.cpu import compiler
from symdisc_kernels.group_action.cpu.compiler import BuildError, shared_library

ANSWER = 'extern "C" int answer() { return VALUE; }\n'


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("SYMDISC_CACHE", str(folder))
    monkeypatch.delenv("CXX", raising=False)
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "answer.cpp"
    path.write_text(ANSWER)
    return path


def build(source: Path, *flags: str) -> Path:
    return shared_library("answer", [source], flags or ("-DVALUE=42",), what="the answer")


def answer(library: Path) -> int:
    value: int = ctypes.CDLL(str(library)).answer()
    return value


def test_built_once_with_a_line_for_the_user(
    source: Path, cache: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    library = build(source)
    assert answer(library) == 42
    assert library.parent == cache
    assert capfd.readouterr().err == "symdisc: building the answer (once, some seconds)\n"
    made = library.stat().st_mtime_ns
    assert build(source) == library
    assert library.stat().st_mtime_ns == made
    assert capfd.readouterr().err == ""
    assert {path.suffix for path in cache.iterdir()} == {".so", ".lock"}


def test_the_name_follows_source_flags_compiler_and_processor(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(source)
    assert answer(build(source, "-DVALUE=43")) == 43
    source.write_text(ANSWER.replace("VALUE", "VALUE + 1"))
    changed = build(source)
    assert answer(changed) == 43
    monkeypatch.setattr(compiler, "_processor", lambda: "another processor")
    elsewhere = build(source)
    monkeypatch.setattr(compiler, "_compiler_version", lambda command: "another compiler")
    assert len({first, changed, elsewhere, build(source)}) == 4


def test_libraries_on_torch_follow_its_version(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiler, "_torch_flags", lambda: ([], []))
    one = shared_library("a", [source], ("-DVALUE=1",), what="one", torch=True)
    monkeypatch.setattr("torch.version.__version__", "99.0")
    assert shared_library("a", [source], ("-DVALUE=1",), what="one", torch=True) != one


def test_without_a_compiler(source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    message = r"^no C\+\+ compiler found \(looked for g\+\+, clang\+\+ and c\+\+\); install one, or"
    with pytest.raises(BuildError, match=message):
        build(source)


def test_cxx_names_the_compiler(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "false")
    message = r"^the C\+\+ compiler .*false does not run: "
    with pytest.raises(BuildError, match=message):
        build(source)


def test_cxx_may_have_arguments_and_must_exist(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "g++ -DVALUE=5")
    assert answer(build(source, "-O0")) == 5
    monkeypatch.setenv("CXX", "/no/such/compiler -O2")
    message = r"^no C\+\+ compiler found: CXX='/no/such/compiler -O2' is no program$"
    with pytest.raises(BuildError, match=message):
        build(source)


def test_a_relative_cache_and_no_home(
    source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SYMDISC_CACHE", ".")
    assert answer(build(source)) == 42
    assert build(source).parent == tmp_path
    for variable in ("SYMDISC_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)

    def nobody(path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", nobody)
    with pytest.raises(BuildError, match=r"home directory.*; name a folder with SYMDISC_CACHE="):
        build(source)


def test_a_cache_that_cannot_be_written(
    source: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SYMDISC_CACHE", str(tmp_path / "file" / "cache"))
    message = r"^the folder for compiled kernels cannot be written: .*; choose another with SYMDISC"
    with pytest.raises(BuildError, match=message):
        build(source)


def test_a_source_that_does_not_compile_leaves_nothing_behind(source: Path, cache: Path) -> None:
    source.write_text("int answer() { return nonsense; }\n")
    with pytest.raises(BuildError, match=r"failed on answer.cpp: .*nonsense"):
        build(source)
    assert [path.suffix for path in cache.iterdir()] == [".lock"]


PROGRAM = """
import sys
from pathlib import Path
from symdisc_kernels.group_action.cpu.compiler import shared_library
print(shared_library("answer", [Path(sys.argv[1])], ("-DVALUE=42",), what="the answer"))
"""


def start(source: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(source)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_two_processes_at_once_build_once(source: Path, cache: Path) -> None:
    both = [start(source), start(source)]
    outputs = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert outputs[0][0] == outputs[1][0]
    assert sum(error.count("building the answer") for _, error in outputs) == 1
    assert len(list(cache.glob("*.so"))) == 1


def test_a_process_that_is_killed_while_it_builds_blocks_nobody(
    source: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = tmp_path / "started"
    slow = tmp_path / "slow-compiler"
    slow.write_text(
        f'#!/bin/sh\nif [ "$1" = --version ]; then echo slow; else touch {started}; sleep 60; fi\n'
    )
    slow.chmod(0o755)
    monkeypatch.setenv("CXX", str(slow))
    process = start(source)
    deadline = time.monotonic() + 60
    while not started.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert not list(cache.glob("*.so"))
    slow.write_text('#!/bin/sh\nif [ "$1" = --version ]; then echo slow; else exec g++ "$@"; fi\n')
    assert answer(build(source)) == 42
