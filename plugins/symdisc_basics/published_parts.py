"""The text in which LaLiGAN writes direct sums, e.g. ``(2,1,2);(1,so2)``, in the words used here.

Of each block the original (arXiv:2310.00105) states how many components, that is vectors in all
states of a sample, share its group element; then either its number of generators and the
dimension, or the name of a known algebra. A single number stands for invariant coordinates.
"""

from __future__ import annotations

import re

from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes

_BLOCK = re.compile(r"\(\s*([^()]*?)\s*\)")
_KNOWN = {
    "so2": "so(2)",
    "so2*r": "so(2) + scaling(2)",
    "so3": "so(3)",
    "so3+1": "so(3); trivial(1)",
    "so4": "so(4)",
}
"""Names of the original and what they are called here."""

_ALLOWED = (
    "blocks look like (components, generators, dimension), (components, name) with name one of "
    f"{', '.join(_KNOWN)}, or (coordinates that stay)"
)


def is_published(text: str) -> bool:
    """Whether the text is of this form."""
    return text.lstrip().startswith("(")


def own_parts(text: str, shapes: DataShapes) -> str:
    """The same as the option ``group.parts`` has it.

    Args:
        text: For instance ``"(2,1,2)"``.
        shapes: Of what the group acts on; samples of two states have two components for each
            vector of a state.

    Raises:
        OptionError: Lists every block that cannot be read or has another number of components.
    """
    found, problems = [], []
    for block in text.split(";"):
        try:
            found.append(_own_part(block.strip(), shapes))
        except OptionError as error:
            problems.append(f"group.parts: {error}")
    if problems:
        raise OptionError("\n".join(problems))
    return "; ".join(part for part in found if part)


def _own_part(block: str, shapes: DataShapes) -> str:
    match = _BLOCK.fullmatch(block)
    fields = [field.strip() for field in match[1].split(",")] if match else []
    if len(fields) == 1 and fields[0].isdecimal():
        # Scalars of the representation follow the vectors and are no coordinates of the group.
        return "" if shapes.representation.n_scalars else f"trivial({fields[0]})"
    if len(fields) == 2 and fields[0].isdecimal() and fields[1] in _KNOWN:
        _check_components(block, int(fields[0]), shapes)
        return _KNOWN[fields[1]]
    if len(fields) == 3 and all(field.isdecimal() for field in fields):
        _check_components(block, int(fields[0]), shapes)
        return f"learned({fields[2]}, {fields[1]})"
    raise OptionError(f"{block!r} cannot be read; {_ALLOWED}")


def _check_components(block: str, count: int, shapes: DataShapes) -> None:
    each = shapes.representation.n_vectors
    if count not in (each, each * shapes.steps):
        raise OptionError(
            f"{block!r} has {count} components, but a sample has {shapes.steps} states of {each} "
            f"vectors that share a group element; write {each * shapes.steps} (or {each}, those "
            "of one state)"
        )
