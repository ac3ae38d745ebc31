"""An earlier result is tested again: on its own held-out rows or on new data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from symdisc.applying import check_kind, read_again
from symdisc.configuration import flatten, resolve
from symdisc.cosets.discrete_part import DiscretePart
from symdisc.data.fingerprint import fingerprint
from symdisc.data.samples import Samples
from symdisc.data.splits import split
from symdisc.data.standardise import Standardisation, rescaled
from symdisc.engine.context import derived_seed
from symdisc.errors import DataError
from symdisc.field_retesting import claim_on, claims_function
from symdisc.local_parts import parts_like
from symdisc.options import parse_options
from symdisc.registry import PluginHost
from symdisc.result import SymmetryResult, load
from symdisc.result_saving import save_and_report
from symdisc.run_folder import RunFolder
from symdisc.run_lock import locked
from symdisc.sources import find_source, load_samples
from symdisc.verify.defect_options import DefectOptions
from symdisc.verify.element_verifying import with_element_tests
from symdisc.verify.result_verifying import verifier_for, verify_result

THOROUGH = {
    "max_rows": 50_000,
    "n_references": 50,
    "n_elements": 6,
    "steps": 400,
    "draws": 8,
    "resamples": 5_000,
}
"""What is set where the test may take minutes in place of seconds."""


@dataclass(frozen=True)
class Retest:
    """How a result is tested again.

    Attributes:
        data: New data, a data set's name, a file or arrays; ``None``: the run's own held-out rows.
        alpha: Intervals have confidence 1 − alpha; ``None``: as in the run.
        thorough: More rows, random generators, training and draws.
    """

    data: Any = None
    alpha: float | None = None
    thorough: bool = False

    def test(self, host: PluginHost, result: SymmetryResult) -> SymmetryResult:
        """The result with a new verification; nothing is written.

        Raises:
            DataError: The data of the run have changed, are not at hand, or do not fit.
            OptionError: A setting is wrong.
        """
        options = self._options(result)
        samples, standard = self._rows(host, result)
        shown, rows = _comparable(result, samples, standard)
        verifier, why = verifier_for(host, options.verifier, result, samples)
        seed = derived_seed(run_seed(result), "verification")
        claim = None
        if claims_function(result):
            claim, rows = claim_on(host, shown, rows, seed=seed)
        tested = verify_result(shown, rows, verifier, seed=seed, options=options, claim=claim)
        shown = replace(shown, verification=tested)
        shown = with_element_tests(shown, rows, verifier, seed=seed, options=options)
        how = {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "data": "held-out rows of the run" if self.data is None else samples.source,
            "options": options.model_dump(mode="json"),
        }
        which = "held-out rows" if self.data is None else f"rows of {Path(samples.source).name}"
        return replace(
            result,
            verification=None if shown.verification is None else shown.verification.on(which),
            discrete=_retested(result.discrete, shown.discrete, which),
            provenance={**result.provenance, "verification": how},
            notes=tuple(dict.fromkeys((*result.notes, *why))),
        )

    def _options(self, result: SymmetryResult) -> DefectOptions:
        of_run = result.config.get("options", {}).get("verify", {})
        asked = {} if self.alpha is None else {"alpha": self.alpha}
        thorough = THOROUGH if self.thorough else {}
        return parse_options(DefectOptions, {**of_run, **thorough, **asked}, "verify")

    def _rows(self, host: PluginHost, result: SymmetryResult) -> tuple[Samples, Standardisation]:
        """Rows that nothing was trained on, and the scales in which they are compared."""
        how = result.config.get("options", {}).get("data", {}).get("standardise", "none")
        if self.data is None:
            samples = own_samples(host, result)
            parts = split(samples, seed=run_seed(result))
            train = parts_like(host, result, parts.train)
            return parts_like(host, result, parts.held_out), Standardisation.of(train, how)
        samples = parts_like(host, result, read_again(host, result, self.data))
        check_kind(result, samples)
        standard = Standardisation.of(samples, how)
        # The group acts about the centre that was found, wherever the new data lie.
        centre = result.centre if result.centre is not None else torch.zeros_like(standard.mean)
        return samples, replace(standard, mean=centre)


def retest_run(
    path: Path, how: Retest, host: PluginHost, say: Callable[[str], None]
) -> SymmetryResult:
    """Test the result of a run again, save it with the new verification and write the report.

    The earlier result is kept under the name ``result-earlier-N``.

    Args:
        path: The run folder.
        how: Data and settings.
        host: The plugins to choose from.
        say: Told what to do where the report is cut short.

    Raises:
        DataError: There is no result, or the data of the run have changed.
        OptionError: A setting is wrong.
        OutputError: The folder cannot be written, or another process is writing it.
    """
    folder = RunFolder.open(path)
    with locked(folder.path):
        result = how.test(host, load(folder.result))
        save_and_report(result, folder, say, aside="earlier")
    return result


def _comparable(
    result: SymmetryResult, samples: Samples, standard: Standardisation
) -> tuple[SymmetryResult, Samples]:
    """The result and rows, on the CPU, in units in which the result was found."""
    latent = result.latent
    if latent is None:
        generators = rescaled(result.generators, 1 / standard.vector)
        discrete = result.discrete
        discrete = None if discrete is None else discrete.in_units(1 / standard.vector)
        shown = replace(result, generators=generators, discrete=discrete)
        return shown, standard.apply(samples).to("cpu")
    states = ((samples.states.double() - latent.mean) / latent.scales).float()
    zero, one = torch.zeros_like(latent.mean), torch.ones_like(latent.scales)
    bare = replace(result, latent=latent.in_units_of(zero, one))
    return bare, replace(samples, states=states).to("cpu")


def _retested(
    part: DiscretePart | None, tested: DiscretePart | None, rows: str
) -> DiscretePart | None:
    """The discrete part, in its own units, with the tests of that in comparable units."""
    if part is None or tested is None or tested.tests is None:
        return part
    return part.tested(replace(tested.tests, rows=rows))


def run_seed(result: SymmetryResult) -> int:
    """The seed of the run, by which its data were split."""
    return int(result.config["options"]["run"]["seed"])


def own_samples(host: PluginHost, result: SymmetryResult) -> Samples:
    """All samples of the run, made or read again.

    Raises:
        DataError: They were arrays in memory, or have changed since.
    """
    address = str(result.config.get("source", "arrays"))
    if address == "arrays":
        raise DataError(
            "this run was on arrays in memory, which are not kept; give rows that it never saw "
            "with --data FILE"
        )
    source = find_source(host, address)
    layer = flatten(result.config)
    for name in ("source", "dataset"):
        layer.pop(name, None)
    samples = load_samples(source, resolve(host, layer, source.layer, short={}))
    kept = result.provenance.get("fingerprint")
    if kept is None:
        raise DataError(
            "this run is of an earlier version, which kept nothing by which its data can be "
            "recognised; give rows that it never saw with --data FILE, or run it again with "
            "symdisc discover --config"
        )
    if fingerprint(samples) != kept:
        raise DataError(
            f"the data of this run have changed: what is read from {address} now is not what it "
            "was run on, so that its held-out rows are unknown; give rows that it never saw with "
            "--data FILE"
        )
    return samples
