"""The function of a saved result, fitted again to other rows."""

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
from symdisc.verify.defect import FIELD
from symdisc.verify.result_verifying import matrix_fields

_GIVEN = "given"


def claims_function(result: SymmetryResult) -> bool:
    """Whether what was found is said of a function that was fitted to the data."""
    tested = result.verification
    told = () if tested is None else (tested, tested.beside)
    statements = {d.statement for one in told if one is not None for d in one.defects}
    return result.fields is not None or FIELD in statements


def claim_on(
    host: PluginHost, result: SymmetryResult, rows: Samples, *, seed: int
) -> tuple[FieldClaim, Samples]:
    """The claim of a result on the oracle of its run, fitted to new rows, and the rows that test.

    An oracle that is not quick is fitted to half of the rows, and the other half tests.

    Args:
        host: Where the oracle is looked up.
        result: A result about a function.
        rows: Rows that the run never saw, on the CPU.
        seed: Seed of all that is random here.

    Raises:
        DataError: The function was given in Python, or it is not kept how the targets move.
        UnknownComponentError: The oracle is not installed.
    """
    settings: dict[str, Any] = result.config.get("options", {})
    output = settings.get("method", {}).get("output", "as-data")
    if output != "as-data" and result.target_generators is None:
        raise DataError(
            "this result is of an earlier version, which did not keep how the targets move; run it "
            "again with symdisc discover --config"
        )
    oracle = _oracle(host, str(result.config["oracle"]), settings.get("oracle", {}))
    rng = torch.Generator().manual_seed(seed)
    fitted, tested = (rows, rows) if oracle.quick else _halves(rows, rng)
    pairs = Pairs.of(fitted)
    oracle.fit(pairs.x, pairs.y, rng)
    fields = result.fields if result.fields is not None else matrix_fields(result)
    moves = pairs.y_representation if output == "as-data" else None
    claim = FieldClaim(fields, oracle, pairs.representation, moves, result.target_generators)
    return claim, tested


def _oracle(host: PluginHost, name: str, options: dict[str, Any]) -> Oracle:
    if name.split(":")[0] == _GIVEN:
        raise DataError(
            "the function of this result was given in Python and is not kept; in Python, give it "
            "again: symdisc_vector_field.given.discover_in(function, data)"
        )
    kind: type[Oracle] = host.get("oracle", name)
    return kind(parse_options(kind.Options, options, "oracle"))


def _halves(rows: Samples, rng: torch.Generator) -> tuple[Samples, Samples]:
    chosen = torch.zeros(len(rows), dtype=torch.bool)
    chosen[torch.randperm(len(rows), generator=rng)[: len(rows) // 2]] = True
    return rows.rows(chosen), rows.rows(~chosen)
