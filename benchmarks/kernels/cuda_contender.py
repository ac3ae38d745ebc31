"""y = exp(Σ z L) x and its gradients by plain CUDA C++, for comparison with the Triton kernels.

The source is ``cuda/action.cu``; nvcc compiles it into a shared library without torch's headers,
in a few seconds, which is kept in the cache folder and called through ctypes on torch's stream.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "kernels"))

import torch  # noqa: E402
from torch import Tensor  # noqa: E402

from symdisc_kernels.cache_folder import cache_folder  # noqa: E402

SOURCE = Path(__file__).parent / "cuda" / "action.cu"
HEADERS = ("action.h", "memory.h")
FLAGS = ("-O3", "-std=c++17", "-shared", "-Xcompiler", "-fPIC")
SIZES = (2, 3, 4, 8)
LEAST_CAPABILITY = (8, 0)

_POINTER, _INT, _LONG = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
_SIGNATURES: dict[str, tuple[type, ...]] = {
    "symdisc_action": (_INT, *[_POINTER] * 4, _LONG, _INT, _INT, _POINTER),
    "symdisc_adjoint_blocks": (_INT, _INT, _LONG, _POINTER),
    "symdisc_adjoint": (_INT, *[_POINTER] * 8, _LONG, _LONG, _INT, _INT, _POINTER),
}


def find_nvcc() -> Path:
    """The CUDA compiler: on PATH, in CUDA_HOME, where it is usually installed, or from pip.

    Raises:
        RuntimeError: There is none.
    """
    homes = [os.environ.get("CUDA_HOME"), os.environ.get("CUDA_PATH"), "/usr/local/cuda"]
    homes += [f"{packages}/nvidia/cu13" for packages in site.getsitepackages()]
    found = [shutil.which("nvcc"), *[shutil.which("nvcc", path=f"{home}/bin") for home in homes]]
    for program in found:
        if program is not None:
            return Path(program)
    raise RuntimeError(
        "no CUDA compiler found (looked for nvcc on PATH, in CUDA_HOME, /usr/local/cuda and "
        "Python's packages); install the CUDA toolkit, or name it with CUDA_HOME=/path/to/cuda"
    )


def build(nvcc: Path, capability: tuple[int, int]) -> Path:
    """The shared library for a compute capability, from the cache or compiled now.

    Raises:
        RuntimeError: The compiler failed; the message has what it said.
    """
    flags = [*FLAGS, f"-arch=sm_{capability[0]}{capability[1]}"]
    # Toolkits from pip keep their libraries where nvcc does not look.
    library_folder = nvcc.resolve().parents[1] / "lib"
    flags += [f"-L{library_folder}"] if library_folder.is_dir() else []
    files = [SOURCE, *(SOURCE.parent / name for name in HEADERS)]
    parts = [*(file.read_bytes() for file in files), "\0".join([str(nvcc), *flags]).encode()]
    name = f"cuda_action_{hashlib.sha256(b'|'.join(parts)).hexdigest()[:16]}.so"
    library = cache_folder() / "kernels" / name
    if not library.exists():
        _compile([str(nvcc), *flags], library)
    return library


def _compile(command: Sequence[str], library: Path) -> None:
    """Compile beside the place of the library, which therefore appears whole."""
    library.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=library.parent) as folder:
        built = Path(folder) / library.name
        done = subprocess.run(
            [*command, str(SOURCE), "-o", str(built)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        built.replace(library)


def open_library(path: Path) -> ctypes.CDLL:
    """The library with the types of its functions declared."""
    library = ctypes.CDLL(str(path))
    for name, types in _SIGNATURES.items():
        function = getattr(library, name)
        function.argtypes, function.restype = types, ctypes.c_int
    library.symdisc_error.argtypes = (ctypes.c_int,)
    library.symdisc_error.restype = ctypes.c_char_p
    return library


@cache
def library_for(device: torch.device) -> ctypes.CDLL:
    """The library for a CUDA device.

    Raises:
        RuntimeError: There is no such device, it is too old, or there is no compiler.
    """
    if device.type != "cuda":
        raise RuntimeError(f"the tensors have to be on a CUDA device; they are on {device}")
    if not torch.cuda.is_available():
        raise RuntimeError("torch sees no CUDA device; run it on a machine that has one")
    capability = torch.cuda.get_device_capability(device)
    if capability < LEAST_CAPABILITY:
        given, needed = (".".join(map(str, c)) for c in (capability, LEAST_CAPABILITY))
        raise RuntimeError(
            f"{device} has compute capability {given}; the kernels need {needed} or later"
        )
    return open_library(build(find_nvcc(), capability))


def check_arguments(z: Tensor, generators: Tensor, *vectors: Tensor) -> None:
    """Raise ValueError unless z is (B, k), L (k, n, n) and each vector (B, c, n), all float32."""
    shapes = [tuple(tensor.shape) for tensor in (z, generators, *vectors)]
    if [len(shape) for shape in shapes] != [2, 3] + [3] * len(vectors):
        raise ValueError(f"z has to be (B, k), L (k, n, n), x and gy (B, c, n); given {shapes}")
    (batch, k), n = shapes[0], shapes[1][-1]
    right = shapes[1] == (k, n, n) and len(set(shapes[2:])) == 1
    if not right or shapes[2][0] != batch or shapes[2][2] != n:
        raise ValueError(f"z has to be (B, k), L (k, n, n), x and gy (B, c, n); given {shapes}")
    if n not in SIZES:
        raise ValueError(f"n has to be one of {', '.join(map(str, SIZES))}; given {n}")
    for tensor in (z, generators, *vectors):
        # Vectors of four numbers are loaded at once.
        aligned = tensor.data_ptr() % 16 == 0
        if tensor.dtype != torch.float32 or not tensor.is_contiguous() or not aligned:
            raise ValueError(
                "tensors have to be float32, contiguous and aligned to 16 bytes; given "
                f"{tensor.dtype} with strides {tensor.stride()}; type .float().contiguous().clone()"
            )


def action(z: Tensor, L: Tensor, x: Tensor) -> Tensor:  # noqa: N803
    """Compute y = exp(z L) x, ``(B, c, n)``, on the GPU; one launch.

    Args:
        z: Coefficients ``(B, k)``.
        L: Generators ``(k, n, n)``.
        x: Points ``(B, c, n)``.

    Raises:
        ValueError: Wrong shapes, types or sizes.
        RuntimeError: No CUDA device, no compiler, or CUDA reports an error.
    """
    check_arguments(z, L, x)
    library = library_for(x.device)
    y = torch.empty_like(x)
    with torch.cuda.device_of(x):  # type: ignore[no-untyped-call]
        run_action(library, z, L, x, y, torch.cuda.current_stream().cuda_stream)
    return y


def run_action(
    library: ctypes.CDLL, z: Tensor, generators: Tensor, x: Tensor, y: Tensor, stream: int | None
) -> None:
    """Store y; on a stream of the device that the tensors are on."""
    batch, c, n = x.shape
    if y.numel() == 0:
        return
    pointers = [tensor.data_ptr() for tensor in (z, generators, x, y)]
    _checked(library, "symdisc_action", n, *pointers, batch, z.shape[1], c, stream)


def adjoint(
    z: Tensor,
    L: Tensor,  # noqa: N803
    x: Tensor,
    gy: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients (gz, gL, gx) of :func:`action` for the gradient gy of y; two launches.

    The batch is summed in a fixed order, so gL is the same at every call on one device.

    Raises:
        ValueError: Wrong shapes, types or sizes.
        RuntimeError: No CUDA device, no compiler, or CUDA reports an error.
    """
    check_arguments(z, L, x, gy)
    library = library_for(x.device)
    with torch.cuda.device_of(x):  # type: ignore[no-untyped-call]
        return run_adjoint(library, z, L, x, gy, torch.cuda.current_stream().cuda_stream)


def run_adjoint(
    library: ctypes.CDLL, z: Tensor, generators: Tensor, x: Tensor, gy: Tensor, stream: int | None
) -> tuple[Tensor, Tensor, Tensor]:
    """(gz, gL, gx); on a stream of the device that the tensors are on."""
    (batch, c, n), k = x.shape, z.shape[1]
    if batch * k * c == 0:
        return torch.zeros_like(z), torch.zeros_like(generators), gy.clone()
    gz, gx = torch.empty_like(z), torch.empty_like(x)
    blocks = ctypes.c_int64()
    _checked(library, "symdisc_adjoint_blocks", n, k, batch, ctypes.byref(blocks))
    parts = z.new_empty((blocks.value, k, n, n))
    sums = torch.empty_like(generators)
    tensors = (z, generators, x, gy, gz, sums, gx, parts)
    pointers = [tensor.data_ptr() for tensor in tensors]
    _checked(library, "symdisc_adjoint", n, *pointers, blocks.value, batch, k, c, stream)
    return gz, sums, gx


def _checked(library: ctypes.CDLL, name: str, *arguments: object) -> None:
    status = getattr(library, name)(*arguments)
    if status != 0:
        raise RuntimeError(f"{name}: CUDA reports {library.symdisc_error(status).decode()!r}")
