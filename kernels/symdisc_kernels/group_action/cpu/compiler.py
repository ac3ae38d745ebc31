"""Compiled C++ in a cache: built when it is first used, once, whoever asks.

A shared library is named after everything that it depends on: its sources, the flags, the
compiler, the processor and, where it stands on torch's headers, the version of torch. What is in
the cache is therefore never out of date.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from symdisc_kernels.backend import BackendError
from symdisc_kernels.cache_folder import CACHE_VARIABLE, cache_folder

FLAGS = ("-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math")


class BuildError(BackendError):
    """A kernel cannot be compiled here; the message says why and what to do."""


def find_compiler() -> tuple[str, ...]:
    """The C++ compiler with its arguments: ``CXX``, else the first of g++, clang++ and c++.

    Raises:
        BuildError: There is none.
    """
    chosen = shlex.split(os.environ.get("CXX", ""))
    for command in [chosen] if chosen else [["g++"], ["clang++"], ["c++"]]:
        if found := shutil.which(command[0]):
            return (found, *command[1:])
    if chosen:
        raise BuildError(f"no C++ compiler found: CXX={os.environ['CXX']!r} is no program")
    raise BuildError(
        "no C++ compiler found (looked for g++, clang++ and c++); install one, or name it "
        "with CXX=/path/to/compiler"
    )


def shared_library(
    name: str, sources: Sequence[Path], flags: Sequence[str] = (), *, what: str, torch: bool = False
) -> Path:
    """A shared library of these sources, from the cache or compiled now.

    Two processes that ask at once build it once: the second waits for the first.

    Args:
        name: Start of the file's name.
        sources: The file to compile, then the headers that it includes.
        flags: Flags beside :data:`FLAGS`.
        what: What is built, for the line that tells the user.
        torch: Whether the sources include torch's headers.

    Returns:
        Path of the library.

    Raises:
        BuildError: There is no compiler, the cache cannot be written, or the compiler failed.
    """
    compiler = find_compiler()
    key = _key(sources, (*FLAGS, *flags), compiler, torch)
    target = _folder() / f"{name}-{key}.so"
    if target.exists():
        return target
    with _locked(target.with_suffix(".lock")):
        if not target.exists():
            sys.stderr.write(f"symdisc: building {what} (once, some seconds)\n")
            sys.stderr.flush()
            _build(target, sources[0], (*FLAGS, *flags), compiler, torch)
    return target


def _folder() -> Path:
    try:
        return cache_folder()
    except RuntimeError as error:
        raise BuildError(str(error)) from None


def _key(
    sources: Sequence[Path], flags: Sequence[str], compiler: tuple[str, ...], torch: bool
) -> str:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    facts = [*flags, _NINJA, _compiler_version(compiler), _processor()]
    if torch:
        from torch.version import __version__

        facts.append(__version__)
    digest.update("\n".join(facts).encode())
    return digest.hexdigest()[:16]


@functools.cache
def _compiler_version(compiler: tuple[str, ...]) -> str:
    command = [*compiler, "--version"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise BuildError(f"the C++ compiler {shlex.join(compiler)} does not run: {error}") from None
    return result.stdout


@functools.cache
def _processor() -> str:
    """Name and instruction set of the processor: ``-march=native`` depends on them."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    wanted = ("model name", "flags", "Features", "CPU part")
    facts = [line for line in lines if line.partition("\t")[0].strip().startswith(wanted)]
    return "\n".join([platform.machine(), *sorted(set(facts))])


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that ends with the process that holds it, however it ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise BuildError(
            f"the folder for compiled kernels cannot be written: {error}; choose another with "
            f"{CACHE_VARIABLE}=/path/to/folder"
        ) from None


_NINJA = """\
ninja_required_version = 1.5
rule compile
  command = {compiler} -std=c++20 -fPIC {flags} -c $in -o $out
rule link
  command = {compiler} -shared $in {libraries} -o $out
build object.o: compile {source}
build library.so: link object.o
default library.so
"""


def _build(
    target: Path, source: Path, flags: Sequence[str], compiler: tuple[str, ...], torch: bool
) -> None:
    headers, libraries = _torch_flags() if torch else ([], [])
    text = _NINJA.format(
        compiler=" ".join(_escaped(word) for word in compiler),
        flags=" ".join(_escaped(flag) for flag in (*flags, *headers)),
        libraries=" ".join(_escaped(flag) for flag in libraries),
        source=_escaped(str(source)).replace(":", "$:"),
    )
    # Made beside its final place and renamed: what is in the cache is always whole.
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        (folder / "build.ninja").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "ninja", "-C", name]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            lines = (result.stdout + result.stderr).strip().splitlines()
            errors = [line for line in lines if "error" in line] or lines
            what = f"{shlex.join(compiler)} failed on {source.name}"
            raise BuildError(f"{what}: {' | '.join(errors[:3])}")
        (folder / "library.so").replace(target)


def _torch_flags() -> tuple[list[str], list[str]]:
    """Flags for torch's headers and libraries."""
    from torch.utils.cpp_extension import include_paths, library_paths

    headers = [f"-isystem{path}" for path in include_paths()]
    libraries = [f"-L{path}" for path in library_paths()]
    return headers, [*libraries, "-lc10", "-ltorch_cpu", "-ltorch"]


def _escaped(word: str) -> str:
    """For the shell that ninja starts, and for ninja itself."""
    return shlex.quote(word).replace("$", "$$")
