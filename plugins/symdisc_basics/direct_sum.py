"""Known algebras and learned generators, side by side, each with coefficients of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torch import Tensor, nn

from symdisc.algebra.known import known_algebra, parse_call
from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes, GroupParameterization
from symdisc.options import Field, Options
from symdisc.representations import Representation
from symdisc_basics.masks import generator_mask
from symdisc_basics.published_parts import is_published, own_parts


class DirectSumOptions(Options):
    """Options of ``direct-sum``."""

    parts: str = Field(
        description="What acts on consecutive coordinates, separated by ';': known algebras such "
        "as so(3) or so(1,3), learned(n) or learned(n, k) for k generators, trivial(n) for "
        "coordinates that stay; '+' joins those on the same coordinates, e.g. "
        "'so(2); learned(3, 2) + scaling(3)'; LaLiGAN's '(2,1,2);(1,so2)' is read too",
    )
    init_scale: float = Field(
        0.3, gt=0, description="Standard deviation of learned entries at the start [1]"
    )


@final
class DirectSum(GroupParameterization):
    """g = exp(Σ z_i L_i) with L_i known, or learned, in blocks one after the other.

    Every generator has a coefficient of its own, so that the blocks move independently. Known
    generators never change: a run with known ones only tests whether they are a symmetry. The
    blocks are those of LieGAN (arXiv:2302.00236, section 4.3) and the direct sums of LaLiGAN
    (arXiv:2310.00105, section 4.2).
    """

    Options: ClassVar[type[Options]] = DirectSumOptions

    def __init__(self, options: DirectSumOptions, shapes: DataShapes) -> None:
        super().__init__(options, shapes)
        self.dimension = shapes.representation.dimension
        parts = own_parts(options.parts, shapes) if is_published(options.parts) else options.parts
        terms = _terms(parts.split(";"), shapes.representation)
        self.n_generators = sum(term.count for term in terms)
        spans = dict.fromkeys((term.start, term.size) for term in terms)
        self.blocks = tuple(tuple(range(start, start + size)) for start, size in spans)
        self.register_buffer(
            "_mask", generator_mask(self.blocks, shapes.representation), persistent=False
        )
        known, place, free = _layout(terms, self.dimension, self.mask())
        self.register_buffer("_known", known, persistent=False)
        self.register_buffer("_place", place, persistent=False)
        self.register_buffer("_free", free, persistent=False)
        self.weight = None
        if len(free):
            self.weight = nn.Parameter(options.init_scale * torch.randn(free.shape))

    def generators(self) -> Tensor:
        """See :class:`GroupParameterization`."""
        known = self.get_buffer("_known")
        if self.weight is None:
            return known
        learned = self.weight * self.get_buffer("_free")
        return known + torch.einsum("gl,...lij->...gij", self.get_buffer("_place"), learned)

    def mask(self) -> Tensor:
        """See :class:`GroupParameterization`."""
        return self.get_buffer("_mask")

    def regularizers(self) -> Mapping[str, Tensor]:
        """None: what keeps generators apart belongs to the method."""
        return {}

    @staticmethod
    def stack(members: Sequence[DirectSum]) -> DirectSum:
        """All members as one module: its methods work with a leading dimension as they are."""
        stacked = DirectSum.__new__(DirectSum)
        nn.Module.__init__(stacked)
        first = members[0]
        stacked.n_generators, stacked.dimension = first.n_generators, first.dimension
        stacked.blocks = first.blocks
        for name in ("_mask", "_place", "_free"):
            stacked.register_buffer(name, first.get_buffer(name), persistent=False)
        # Not expanded: a checkpoint, or the best state of a seed, is copied into it.
        known = torch.stack([member.get_buffer("_known") for member in members])
        stacked.register_buffer("_known", known, persistent=False)
        weights = [member.weight.detach() for member in members if member.weight is not None]
        stacked.weight = nn.Parameter(torch.stack(weights)) if weights else None
        return stacked


@dataclass(frozen=True, eq=False)
class _Term:
    """Generators of one block.

    Attributes:
        start: First coordinate of the block.
        size: Coordinates of the block.
        count: Generators.
        known: Their matrices ``(count, size, size)``; ``None`` where they are learned.
    """

    start: int
    size: int
    count: int
    known: Tensor | None


def _terms(parts: Sequence[str], representation: Representation) -> list[_Term]:
    """Read all parts.

    Raises:
        OptionError: Lists every part that cannot be read or does not fit.
    """
    terms: list[_Term] = []
    problems: list[str] = []
    start = 0
    for part in parts:
        found: list[_Term] = []
        for text in part.split("+"):
            try:
                found += _term(text.strip(), start, representation)
            except OptionError as error:
                problems.append(str(error))
        sizes = {term.size for term in found}
        if len(sizes) > 1:
            problems.append(f"{part.strip()!r} adds algebras of different sizes {sorted(sizes)}")
        start += max(sizes, default=0)
        terms += [term for term in found if term.count]
    n = representation.dimension
    if not problems and start > n:
        problems.append(f"they need {start} coordinates, but the vectors have {n}")
    if not problems and not terms:
        problems.append("nothing moves: add a known algebra or learned(n)")
    if problems:
        raise OptionError("\n".join(f"group.parts: {problem}" for problem in problems))
    return terms


def _term(text: str, start: int, representation: Representation) -> list[_Term]:
    call = parse_call(text)
    if call is not None and call.name in ("learned", "trivial"):
        size, *rest = call.arguments
        learned = call.name == "learned"
        count = (rest or [1])[0] if learned else 0
        if size < 1 or not learned <= count <= size * size or (rest and not learned):
            raise OptionError(f"{text!r} must look like learned(n), learned(n, k) or trivial(n)")
        return [_Term(start, size, count, None)]
    # Before it is built, since a basis of gl(n) holds n⁴ numbers; what is a little too large is
    # told with its size below, which is not the number itself for all algebras.
    if call is not None and max(call.arguments) > 2 * representation.dimension:
        raise OptionError(
            f"{text!r} is too large: the vectors have {representation.dimension} coordinates"
        )
    try:
        known = torch.tensor(known_algebra(text), dtype=torch.float32)
    except OptionError as error:
        raise OptionError(f"{error}; and learned(n), learned(n, k), trivial(n)") from None
    size = known.shape[-1]
    affine = representation.grid is None or start + size < representation.dimension
    if not affine and known[:, -1].any():
        raise OptionError(
            f"{text!r} does not act on images: their matrices have a last row of zeros; use "
            "se(2), learned(3), or an algebra on the first two coordinates"
        )
    return [_Term(start, size, len(known), known)]


def _layout(terms: Sequence[_Term], n: int, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Known matrices ``(k, n, n)``, the place of learned ones ``(k, l)`` and their free entries."""
    k = sum(term.count for term in terms)
    known, free = torch.zeros(k, n, n), torch.zeros(k, n, n)
    first = 0
    for term in terms:
        block = slice(term.start, term.start + term.size)
        rows = slice(first, first + term.count)
        if term.known is None:
            free[rows, block, block] = 1
        else:
            known[rows, block, block] = term.known
        first += term.count
    learned = free.flatten(1).any(1)
    return known, torch.eye(k)[:, learned], free[learned] * mask
