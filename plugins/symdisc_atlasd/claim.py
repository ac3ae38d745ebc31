"""What of the things found is claimed: that of which the predictor is equivariant enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import torch
from torch import Tensor

_SHOWN = 8
"""Errors that a note lists, at most."""

MOST = 8
"""Representatives of each sign of the determinant that a seed claims, at most."""

USELESS = 0.95
"""Share of what the best constant misses from which on a predictor tells nothing [1]."""

_ALIKE = 0.05
"""Distance over the norm up to which two are the same matrix [1]."""


@final
@dataclass(frozen=True)
class Claim:
    """Generators and representatives with errors up to a limit.

    Attributes:
        generators: ``(E, k, n, n)``, of each seed those with the least errors.
        representatives: ``(E, m, n, n)``, nan where the error is too large; ``None``: there was
            no search.
        notes: Sentences for the report.
        doubt: Why the generators that are shown are no symmetries, in words; ``""``: they are.
    """

    generators: Tensor
    representatives: Tensor | None
    notes: tuple[str, ...]
    doubt: str = ""

    @classmethod
    def of(
        cls,
        generators: Tensor,
        errors: Tensor,
        representatives: Tensor | None,
        representative_errors: Tensor | None,
        limit: float,
        unexplained: Tensor | None = None,
    ) -> Self:
        """Leave out what has too large an error.

        Nothing is claimed where most predictors tell nothing: their errors on moved inputs are as
        large as on others, whatever moves these.

        Args:
            generators: ``(E, k, n, n)``.
            errors: Theirs, relative, ``(E, k)``.
            representatives: ``(E, m, n, n)``, or ``None``.
            representative_errors: Theirs, ``(E, m)``, or ``None``.
            limit: The largest error of a symmetry.
            unexplained: What the predictors miss over what the best constant misses ``(E,)``; of
                an oracle ``None``.
        """
        order = errors.argsort(1)
        ranked = torch.take_along_dim(generators, order[..., None, None], 1)
        errors = errors.gather(1, order)
        # As many as most seeds have.
        count = int((errors <= limit).sum(1).median()) if errors.numel() else 0
        notes = [] if unexplained is None else [_of_predictors(unexplained)]
        if unexplained is not None and float(unexplained.median()) > USELESS:
            doubt = "the predictors tell no more than a constant does, so that nothing is known"
            return cls(ranked[:, :1], None, (*notes, f"Nothing is claimed: {doubt}."), doubt)
        if errors.numel():
            notes.append(_of_generators(errors, count, limit))
        if representatives is not None and representative_errors is not None:
            low = representative_errors <= limit
            told = torch.stack(
                [_distinct(h, ok) for h, ok in zip(representatives, low, strict=True)]
            )
            kept = torch.where(told[..., None, None], representatives, torch.nan)
            notes.append(_of_representatives(low, limit))
            return cls(ranked[:, :count], kept, tuple(notes))
        if count:
            return cls(ranked[:, :count], None, tuple(notes))
        doubt = f"no generator has a relative predictor error of at most {limit:g}"
        return cls(ranked[:, :1], None, tuple(notes), doubt)


def _distinct(representatives: Tensor, low: Tensor) -> Tensor:
    """Which of ``(m, n, n)`` are claimed, ``(m,)``: of those alike the first, not too many.

    Every further one costs the comparison of its coset with all others. The two signs of the
    determinant have equal shares, as no component has both.
    """
    kept = torch.zeros_like(low)
    negative = torch.linalg.det(representatives) < 0
    for number in low.nonzero().flatten().tolist():
        h = representatives[number]
        away: Tensor = torch.linalg.vector_norm(representatives[kept] - h, dim=(1, 2))
        alike = bool((away < _ALIKE * torch.linalg.vector_norm(h)).any())
        full = int((kept & (negative == negative[number])).sum()) >= MOST
        kept[number] = not alike and not full
    return kept


def _of_predictors(unexplained: Tensor) -> str:
    values = ", ".join(f"{value:.2g}" for value in unexplained.tolist())
    return (
        "Of what the best constant misses, the predictors of the seeds still miss these shares, on "
        f"rows that they were not trained on: {values}."
    )


def _of_generators(errors: Tensor, count: int, limit: float) -> str:
    listed = errors.quantile(0.5, dim=0)[:_SHOWN]
    values = ", ".join(f"{value:.2g}" for value in listed.tolist())
    more = ", …" if errors.shape[1] > _SHOWN else ""
    return (
        "Predictor errors on inputs moved by each generator, over those of random generators: "
        f"{values}{more} (medians of the seeds); {count} of {errors.shape[1]} are claimed, the "
        f"limit is {limit:g}."
    )


def _of_representatives(low: Tensor, limit: float) -> str:
    counts = ", ".join(str(count) for count in low.sum(1).tolist())
    return (
        f"Of the {low.shape[1]} matrices of each seed, these many ended with a predictor error of "
        f"at most {limit:g} of that of predicting what belongs to another input: {counts}."
    )
