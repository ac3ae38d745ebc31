"""``.pt``: tensors as torch.save writes them, and nothing else."""

from __future__ import annotations

import pickletools
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from symdisc.data.given import Given
from symdisc.data.readers.arrays import as_trajectories
from symdisc.data.readers.damage import pickled, unreadable
from symdisc.data.readers.memory import refuse_too_large
from symdisc.data.readers.named_arrays import read_named
from symdisc.data.selection import Selection
from symdisc.errors import DataError

_ALLOWED = {
    "torch._utils _rebuild_tensor_v2",
    "torch._utils _rebuild_parameter",
    "torch.storage UntypedStorage",
    "collections OrderedDict",
}


def read_file(path: Path, selection: Selection) -> Given:
    """Read a tensor, a list of tensors (trajectories) or a dictionary of these.

    Before torch reads it, the file is searched for anything but plain tensors and refused if
    there is some; torch then reads it with ``weights_only=True``.

    Raises:
        DataError: The file cannot be read or holds something else.
    """
    selection.refuse_columns(f"{path} holds tensors")
    content = _load(path)
    if not isinstance(content, Mapping):
        selection.refuse_keys(f"{path} holds tensors without names")
        arrays, is_rows = as_trajectories(_checked(content, path, "it"))
        return Given(arrays, is_rows, source=path.name)
    names = [name for name in content if isinstance(name, str)]
    return read_named(
        names, lambda name: _checked(content[name], path, f"{name!r}"), selection, path
    )


def _load(path: Path) -> Any:
    try:
        if not zipfile.is_zipfile(path):
            raise DataError(
                f"{path} is not an archive as torch.save writes it since torch 1.6, or it is "
                "truncated; load it where it was made and save the tensors again"
            )
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            refuse_too_large(unpacked, str(path))
            _check_program(archive, path)
        content = torch.load(path, map_location="cpu", weights_only=True)
    except DataError:
        raise
    except Exception as error:  # Damaged bytes raise anything: zip, pickle, runtime errors.
        raise unreadable(path, "it", error) from error
    return content


def _check_program(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse whatever the instructions in the archive could build besides plain tensors."""
    programs = [name for name in archive.namelist() if name.endswith("data.pkl")]
    if len(programs) != 1 or any(name.endswith("constants.pkl") for name in archive.namelist()):
        raise DataError(
            f"{path} is not an archive of tensors; write it with torch.save(tensor, path)"
        )
    for operation, argument, _ in pickletools.genops(archive.read(programs[0])):
        if operation.name == "STACK_GLOBAL" or (
            operation.name in ("GLOBAL", "INST") and not _is_plain(str(argument))
        ):
            raise pickled(path, f"it ({argument or operation.name})")


def _is_plain(name: str) -> bool:
    module, _, item = name.partition(" ")
    return name in _ALLOWED or (module == "torch" and item.endswith("Storage"))


def _checked(content: Any, path: Path, what: str) -> Any:
    tensors = content if isinstance(content, list | tuple) else [content]
    if not tensors or not all(isinstance(tensor, torch.Tensor) for tensor in tensors):
        raise DataError(
            f"{path}: {what} is not a tensor or a list of tensors, but {type(content).__name__}; "
            "save tensors by name, torch.save({'states': x, 'targets': y}, path)"
        )
    size = 0
    for tensor in tensors:
        # A few stored numbers can claim any shape by strides of zero.
        size += tensor.numel() * tensor.element_size()
        refuse_too_large(size, f"{path}: {what}")
        if tensor.untyped_storage().nbytes() > path.stat().st_size:
            raise DataError(
                f"{path}: {what} declares the shape {tuple(tensor.shape)}, more than the file "
                "holds; it is truncated or damaged, write it again"
            )
    return content
