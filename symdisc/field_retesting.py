"""The test of vector fields of a saved result, for which the function is fitted again."""

from __future__ import annotations

from typing import Any

import torch

from symdisc.data.pairs import Pairs
from symdisc.data.samples import Samples
from symdisc.errors import DataError
from symdisc.interfaces import FieldClaim, Oracle
from symdisc.options import parse_options
from symdisc.registry import PluginHost
from symdisc.result import SymmetryResult
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.field_defect import verify_fields
from symdisc.verify.verification import Verification


def retest_fields(
    host: PluginHost, result: SymmetryResult, rows: Samples, *, seed: int, options: DefectOptions
) -> Verification:
    """Fit the oracle of the run to new rows and test the fields of the result.

    An oracle that is not quick is fitted to half of the rows, and the other half tests.

    Args:
        host: Where the oracle is looked up.
        result: A result with ``fields``.
        rows: Rows that the run never saw, on the CPU.
        seed: Seed of all that is random here.
        options: Settings of the test and limits of the verdicts.

    Raises:
        DataError: It is not kept how the targets move.
        UnknownComponentError: The oracle is not installed.
    """
    if result.fields is None:
        raise ValueError("this result has no vector fields")
    settings: dict[str, Any] = result.config.get("options", {})
    if settings.get("method", {}).get("output", "as-data") != "as-data":
        raise DataError(
            "how the targets of this result move is not kept with it; run it again with "
            "symdisc discover --config"
        )
    kind: type[Oracle] = host.get("oracle", str(result.config["oracle"]))
    oracle = kind(parse_options(kind.Options, settings.get("oracle", {}), "oracle"))
    pairs, rng = Pairs.of(rows), torch.Generator().manual_seed(seed)
    order = torch.randperm(len(pairs), generator=rng)
    half = len(pairs) // 2
    fitted, tested = pairs, pairs
    if not kind.quick:
        fitted, tested = pairs.at(order[:half]), pairs.at(order[half:])
    oracle.fit(fitted.x, fitted.y, rng)
    form = pairs.representation
    claim = FieldClaim(result.fields, oracle, form, pairs.y_representation)
    return verify_fields(claim, tested, seed=seed, options=options)
