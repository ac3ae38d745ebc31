"""Do damaged files ever do more than raise a DataError?

    python benchmarks/data/fuzz_readers.py    # 2,000 files for each reader, some minutes

For each reader a few good files are damaged in seeded ways: cut off, bits flipped, blocks copied,
zeroed or swapped, bytes made up, numbers in the header exchanged for extreme ones. Each is read in
a process that this script starts, with limits on time and memory, so that a crash inside a C
library is seen. ``results/fuzz_readers.csv`` counts what was read (the damage did not matter or
could not be seen), what was refused with a DataError, and what went wrong in any other way; the
seeds of the latter are printed, and ``--first SEED --files 1`` repeats one.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import resource
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

RESULTS = Path(__file__).parent / "results"
READERS = ("npy", "npz", "csv", "parquet", "h5", "pt")
SECONDS_A_FILE = 30
MEMORY = 2 * 2**30
"""What reading one damaged file of some kilobytes may take on top of the libraries [bytes]."""

Array = NDArray[np.floating]
Damage = Callable[[bytearray, np.random.Generator], bytearray]
_EXTREME = [0, 1, 0x7F, 0x80, 0xFF]


def good_files(reader: str) -> list[bytes]:
    """Small good files of different layouts."""
    rng = np.random.default_rng(7)
    rows, runs = rng.standard_normal((30, 4)), rng.standard_normal((5, 8, 3)).astype("f4")
    made = {
        "npy": _npy,
        "npz": _npz,
        "csv": _csv,
        "parquet": _parquet,
        "h5": _hdf5,
        "pt": _torch,
    }
    return made[reader](rows, runs)


def _npy(rows: Array, runs: Array) -> list[bytes]:
    return [_saved(partial(np.save, arr=x)) for x in (rows, runs)]


def _npz(rows: Array, runs: Array) -> list[bytes]:
    said: dict[str, Any] = {
        "representation": "2*V2",
        "names": list("abcd"),
        "truth": np.eye(2)[None],
    }
    return [
        _saved(lambda file: np.savez(file, x=rows, y=rows[:, 0])),
        _saved(lambda file: np.savez_compressed(file, states=runs)),
        _saved(lambda file: np.savez(file, states=rows, units=["m"] * 4, **said)),
    ]


def _csv(rows: Array, runs: Array) -> list[bytes]:
    lines = ["q1 [m],q2 (m),E,run", *(",".join(f"{v:.5g}" for v in row) for row in rows)]
    quoted = ['"a,b","c\nd",e', *(f'"{v:.3f}",{v},7' for v in runs.ravel())]
    return ["\n".join(lines).encode(), "\r\n".join(quoted).encode()]


def _parquet(rows: Array, runs: Array) -> list[bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    plain = pa.table({f"c{i}": column for i, column in enumerate(rows.T)})
    flat = runs.reshape(-1, 3)
    keys = pa.array([f"r{i // 8}" for i in range(len(flat))])
    mixed = pa.table({"a": flat[:, 0], "b": np.arange(len(flat)), "run": keys})
    return [
        _saved(lambda file: pq.write_table(plain, file, compression="none")),
        _saved(lambda file: pq.write_table(mixed, file, compression="zstd", row_group_size=16)),
        _saved(lambda file: pq.write_table(mixed, file, write_page_checksum=True)),
    ]


def _hdf5(rows: Array, runs: Array) -> list[bytes]:
    import h5py

    def arrays(file: io.BytesIO) -> None:
        with h5py.File(file, "w") as made:
            made.create_dataset("x", data=rows, chunks=(10, 4), compression="gzip", shuffle=True)
            made["x"].attrs["units"] = ["m", "m", "s", "s"]
            made["y"] = rows[:, 0]

    def newest(file: io.BytesIO) -> None:
        with h5py.File(file, "w", libver="latest") as made:
            made["group/states"] = runs
            table = np.zeros(20, dtype=[("a", "f8"), ("b", "i4")])
            made["table"] = table

    def one_table(file: io.BytesIO) -> None:
        with h5py.File(file, "w") as made:
            table = np.zeros(20, dtype=[("a", "f8"), ("b", "i4"), ("run", "S3")])
            table["a"] = rows[:20, 0]
            made["table"] = table

    return [_saved(arrays), _saved(newest), _saved(one_table)]


def _torch(rows: Array, runs: Array) -> list[bytes]:
    import torch

    x = torch.from_numpy(rows)
    return [
        _saved(lambda file: torch.save(x, file)),
        _saved(lambda file: torch.save({"states": x, "targets": x[:, 0]}, file)),
        _saved(lambda file: torch.save([torch.from_numpy(run) for run in runs], file)),
    ]


def _saved(write: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


def damaged(good: bytes, rng: np.random.Generator) -> bytes:
    """The file with one to three kinds of damage."""
    content = bytearray(good)
    for _ in range(rng.integers(1, 4)):
        if content:
            content = DAMAGES[rng.integers(len(DAMAGES))](content, rng)
    return bytes(content)


def _cut(content: bytearray, rng: np.random.Generator) -> bytearray:
    return content[: rng.integers(len(content))]


def _flip(content: bytearray, rng: np.random.Generator) -> bytearray:
    for place in rng.integers(len(content), size=rng.integers(1, 9)):
        content[place] ^= 1 << rng.integers(8)
    return content


def _splice(content: bytearray, rng: np.random.Generator) -> bytearray:
    size = int(rng.integers(1, 1 + min(256, len(content))))
    start, target = rng.integers(len(content) - size + 1, size=2)
    block = content[start : start + size]
    replaced = size if rng.integers(2) else 0
    return content[:target] + block + content[target + replaced :]


def _made_up(content: bytearray, rng: np.random.Generator) -> bytearray:
    size = int(rng.integers(1, 1 + min(64, len(content))))
    start = int(rng.integers(len(content) - size + 1))
    content[start : start + size] = rng.bytes(size)
    return content


def _zeros(content: bytearray, rng: np.random.Generator) -> bytearray:
    size = int(rng.integers(1, 1 + min(256, len(content))))
    start = int(rng.integers(len(content) - size + 1))
    content[start : start + size] = bytes(size)
    return content


def _extreme_number(content: bytearray, rng: np.random.Generator) -> bytearray:
    """A field of 1, 2, 4 or 8 bytes near an end of the file, where headers are, made extreme."""
    size = int(2 ** rng.integers(4))
    reach = max(min(len(content), 512) - size, 0) + 1
    start = int(rng.integers(reach))
    start = start if rng.integers(2) else max(len(content) - size - start, 0)
    content[start : start + size] = bytes([_EXTREME[rng.integers(len(_EXTREME))]]) * size
    return content


def _digits(content: bytearray, rng: np.random.Generator) -> bytearray:
    """A digit of the text in the file made many nines."""
    places = [place for place, byte in enumerate(content) if 0x30 <= byte <= 0x39]
    if not places:
        return content
    place = places[rng.integers(len(places))]
    return content[:place] + b"9" * int(rng.integers(1, 20)) + content[place + 1 :]


DAMAGES: tuple[Damage, ...] = (
    _cut,
    _flip,
    _splice,
    _made_up,
    _zeros,
    _extreme_number,
    _extreme_number,
    _digits,
)


def read_one(reader: str, seed: int, good: Sequence[bytes], folder: Path) -> str:
    """Read one damaged file: ``read``, ``refused``, or what went wrong."""
    from symdisc.data.reading import read
    from symdisc.errors import DataError

    rng = np.random.default_rng([seed, READERS.index(reader)])
    path = folder / f"damaged.{reader}"
    path.write_bytes(damaged(good[seed % len(good)], rng))
    try:
        read(path)
    except DataError:
        return "refused"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return "read"


def worker(reader: str, first: int, count: int) -> None:
    """Read ``count`` files, a line of JSON for each; dies where a library crashes or hangs."""
    good = good_files(reader)
    warnings.simplefilter("ignore")
    with TemporaryDirectory() as name:
        for number, intact in enumerate(good):
            _check_good(Path(name) / f"good{number}.{reader}", intact)
        _limit_memory()
        for seed in range(first, first + count):
            signal.setitimer(signal.ITIMER_REAL, SECONDS_A_FILE)
            found = read_one(reader, seed, good, Path(name))
            signal.setitimer(signal.ITIMER_REAL, 0)
            print(json.dumps([seed, found]), flush=True)


def _check_good(path: Path, content: bytes) -> None:
    """Raise if an undamaged file cannot be read: then refusals would say nothing."""
    from symdisc.data.reading import read
    from symdisc.data.selection import Selection
    from symdisc.errors import DataError

    path.write_bytes(content)
    try:
        read(path)
    except DataError as error:
        if "say which one" not in str(error):
            raise
        read(path, selection=Selection(states_key="group/states"))


def _limit_memory() -> None:
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))


def fuzz(reader: str, first: int, count: int) -> dict[int, str]:
    """What happened to each seed; a worker that dies is started again behind that seed."""
    found: dict[int, str] = {}
    while len(found) < count:
        start = first + len(found)
        command = [sys.executable, __file__, "--worker", reader, "--first", str(start)]
        command += ["--files", str(count - len(found))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        found |= {int(seed): str(what) for seed, what in lines}
        if done.returncode > 0:
            raise RuntimeError(f"the worker itself failed:\n{done.stderr}")
        if done.returncode < 0:
            found[first + len(found)] = f"died by signal {-done.returncode}"
    return found


def row_of(reader: str, first: int, count: int) -> dict[str, object]:
    """Fuzz one reader and count; what went wrong is printed."""
    start = time.monotonic()
    found = fuzz(reader, first, count)
    wrong = {seed: what for seed, what in found.items() if what not in ("read", "refused")}
    for seed, what in wrong.items():
        print(f"{reader}, seed {seed}: {what[:300]}")
    return {
        "reader": reader,
        "files": len(found),
        "read": sum(what == "read" for what in found.values()),
        "refused": sum(what == "refused" for what in found.values()),
        "crashed": len(wrong),
        "seconds": round(time.monotonic() - start, 1),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz all readers and write the table; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--readers", default=",".join(READERS))
    parser.add_argument("--files", type=int, default=2000, help="damaged files for each reader")
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    parser.add_argument("--out", type=Path, default=RESULTS / "fuzz_readers.csv")
    options = parser.parse_args(arguments)
    if options.worker:
        worker(options.worker, options.first, options.files)
        return 0
    rows = [row_of(name, options.first, options.files) for name in options.readers.split(",")]
    _write(rows, options.out)
    return int(any(row["crashed"] for row in rows))


def _write(rows: Sequence[dict[str, object]], path: Path) -> None:
    import torch

    from symdisc.provenance import machine, versions

    installed = versions()
    origin = {
        "date": datetime.now(UTC).date().isoformat(),
        **machine(torch.device("cpu")),
        **{name: installed[name] for name in ("symdisc", "torch", "numpy")},
        **_reader_versions(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], *origin])
        writer.writeheader()
        writer.writerows({**row, **origin} for row in rows)


def _reader_versions() -> dict[str, str]:
    import h5py
    import pyarrow

    return {"pyarrow": pyarrow.__version__, "hdf5": h5py.version.hdf5_version}


if __name__ == "__main__":
    sys.exit(main())
