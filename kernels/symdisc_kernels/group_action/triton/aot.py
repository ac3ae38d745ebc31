"""Compile the kernels for a GPU that need not be there, and count registers, stack and time.

Type ``python -m symdisc_kernels.group_action.triton.aot`` for the table of all configurations.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from symdisc_kernels.group_action.triton.availability import is_interpreting
from symdisc_kernels.group_action.triton.configurations import (
    Configuration,
    all_configurations,
    compute_dtype,
)

TARGETS = (80, 90)

_POINTERS = {
    torch.float32: "*fp32",
    torch.float64: "*fp64",
    torch.bfloat16: "*bf16",
    torch.float16: "*fp16",
}


@dataclass(frozen=True)
class Report:
    """What a compiled kernel needs.

    Args:
        registers: Registers of a lane, at most 255.
        stack: Bytes of a lane's stack: registers that did not fit, and arrays.
        spills: Instructions that load or store the stack.
        shared: Bytes of shared memory of a program.
        instructions: Machine instructions.
        seconds: CPU time of the compilation [s]; about 0 where Triton's cache had the result.
    """

    registers: int
    stack: int
    spills: int
    shared: int
    instructions: int
    seconds: float


def compile_for(configuration: Configuration, capability: int) -> Report:
    """Compile a configuration for a compute capability (80: A100, 90: H100).

    Raises:
        RuntimeError: ``TRITON_INTERPRET`` is set: the kernels are then not compilable.
    """
    if is_interpreting():
        raise RuntimeError("kernels cannot be compiled while TRITON_INTERPRET is set; unset it")
    start = time.process_time()
    source = _source(configuration)
    target = GPUTarget("cuda", capability, 32)
    compiled = triton.compile(source, target=target, options=configuration.options)
    seconds = time.process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        cubin = Path(folder) / "kernel.cubin"
        cubin.write_bytes(compiled.asm["cubin"])
        usage = _dump("--dump-resource-usage", cubin)
        code = _dump("-sass", cubin)
    counts = [int(_first(rf"{key}:(\d+)", usage)) for key in ("REG", "STACK", "SHARED")]
    operations = re.findall(
        r"^\s+/\*[0-9a-f]{4,}\*/\s+(?:@!?U?P\w+\s+)?([A-Z][A-Z0-9_]*)", code, re.M
    )
    spills = sum(operation in ("LDL", "STL") for operation in operations)
    registers, stack, shared = counts
    return Report(registers, stack, spills, shared, len(operations), seconds)


def _source(configuration: Configuration) -> Any:
    """The kernel with the types that a launch gives it: aligned pointers, 32-bit counts."""
    names = configuration.kernel.arg_names
    pointers = [place for place, name in enumerate(names) if name.endswith("_ptr")]
    return ASTSource(
        fn=configuration.kernel,
        signature={name: _type(name, configuration) for name in names},
        constexprs=configuration.constants,
        attrs={(place,): [["tt.divisibility", 16]] for place in pointers},
    )


def _type(name: str, configuration: Configuration) -> str:
    if name in configuration.constants:
        return "constexpr"
    if name == "part_ptr":
        return _POINTERS[compute_dtype(configuration.dtype)]
    if name.endswith("_ptr"):
        return _POINTERS[configuration.dtype]
    return "i64" if name.startswith("stride_") else "i32"


def _dump(option: str, cubin: Path) -> str:
    command = [str(_cuobjdump()), option, str(cubin)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@cache
def _cuobjdump() -> Path:
    """The disassembler, which comes with Triton."""
    return Path(triton.__file__).parent / "backends" / "nvidia" / "bin" / "cuobjdump"


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"cuobjdump printed no {pattern!r}")
    return found.group(1)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=int, choices=TARGETS, action="append")
    parser.add_argument("--only", default="", help="configurations whose names contain this text")
    given = parser.parse_args()
    header = "configuration", "target", "regs", "stack", "spills", "shared", "instr", "CPU s"
    print("{:34} {:>6} {:>5} {:>6} {:>6} {:>7} {:>6} {:>6}".format(*header))  # noqa: T201
    for configuration in all_configurations():
        for target in given.target or TARGETS:
            if given.only in configuration.name:
                r = compile_for(configuration, target)
                print(  # noqa: T201
                    f"{configuration.name:34} {target:6} {r.registers:5} {r.stack:6} {r.spills:6} "
                    f"{r.shared:7} {r.instructions:6} {r.seconds:6.1f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
