"""The main path: data and a method in, a named and measured symmetry out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from symdisc.assembly import assemble
from symdisc.configuration import Settings, flatten, resolve
from symdisc.data.fingerprint import fingerprint
from symdisc.data.samples import Samples
from symdisc.data.splits import Split, split
from symdisc.data.standardise import Standardisation
from symdisc.discrete_assembly import assemble_discrete, with_discrete
from symdisc.engine.context import RunContext, derived_seed
from symdisc.engine.keeping import Checkpoints
from symdisc.engine.loggers import Loggers
from symdisc.engine.loop import Outcome, Watchers, positions, run_stages
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.notices import Notices
from symdisc.engine.progress import Reporter, reporter
from symdisc.engine.selection import SelectionSettings
from symdisc.errors import OptionError
from symdisc.field_assembly import assemble_fields
from symdisc.interfaces import CoefficientDistribution, Discovery, Method, Oracle, Verifier
from symdisc.latent_assembly import assemble_latent
from symdisc.local_parts import named_by_parts, parts_of, split_parts
from symdisc.own_units import in_own_units
from symdisc.provenance import machine, stopwatch, versions
from symdisc.registry import PluginHost, default_host
from symdisc.result import SymmetryResult
from symdisc.result_saving import save_and_report
from symdisc.resuming import Unfinished, refuse_settings, unfinished
from symdisc.run_device import choose_backend, choose_device
from symdisc.run_folder import RunFolder, default_path, read_config
from symdisc.run_lock import locked
from symdisc.sources import Source, find_source, load_samples, suggestions
from symdisc.surplus import without_surplus
from symdisc.verify.choice import choose_verifier
from symdisc.verify.element_verifying import with_element_tests
from symdisc.verify.result_verifying import verifier_for, verify_result, with_support
from symdisc_kernels import use_backend


def discover(
    data: Any = None,
    targets: Any = None,
    *,
    config: str | Path | Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    resume: str | Path | None = None,
    quiet: bool = True,
    host: PluginHost | None = None,
    **short: Any,
) -> SymmetryResult:
    """Find the symmetry of data.

    Args:
        data: Name of a data set, path of a file (``.npy``, ``.npz``, ``.csv``, ``.tsv``,
            ``.parquet``, ``.h5``, ``.pt``), array or tensor ``(N, size)`` of rows, array
            ``(R, T, size)`` or list of ``(T_i, size)`` trajectories, data frame, ``DataArray``
            or ``Dataset``; ``None`` if ``config`` names the source.
        targets: ``(N, m)`` numbers or ``(N,)`` class labels for rows.
        config: Settings file or mapping, for instance the ``config.yaml`` of an earlier run.
        options: Settings by address, e.g. ``{"group.blocks": [2, 2]}``; stronger than
            ``config``.
        out: Folder to make for this run; nothing is written where it is ``None``.
        resume: Folder of a run that was cut short, to go on from its last checkpoint with its
            own settings; ``data`` is needed only for runs on arrays.
        quiet: Show no progress.
        host: The plugins to choose from; those installed by default.
        **short: ``method``, ``preset``, a kind of component (``encoder="identity"``) or a short
            name of the method or the core (``n_generators``, ``seeds``, ``seed``, ``device``;
            ``columns``, ``target_columns``, ``trajectory_column``, ``standardise``).

    Returns:
        What was found, with the evidence for it.

    Raises:
        DataError: The data cannot be used; everything wrong with them is listed. Or the run to
            resume is finished, or ran on other data.
        OptionError: Unknown components, options or values; all are listed.
        OutputError: The run folder exists or cannot be written.
        TrainingError: Training broke down.
    """
    request = Request(
        data, targets, config, options or {}, short, out=out, resume=resume, quiet=quiet, host=host
    )
    result, _ = request.run()
    return result


@dataclass(frozen=True)
class Request:
    """Everything that one run was asked for; the arguments of :func:`discover`.

    Attributes:
        data: As in :func:`discover`, like all attributes but the last.
        targets: See there.
        config: See there.
        options: See there.
        short: See there.
        out: See there.
        resume: See there.
        quiet: See there.
        host: See there.
        keep: Choose a folder below ``runs/`` where ``out`` is ``None``.
    """

    data: Any
    targets: Any
    config: str | Path | Mapping[str, Any] | None
    options: Mapping[str, Any]
    short: Mapping[str, Any]
    out: str | Path | None = None
    resume: str | Path | None = None
    quiet: bool = True
    host: PluginHost | None = None
    keep: bool = False

    def run(self) -> tuple[SymmetryResult, Path | None]:
        """Check the request and run it; also say where the run folder is, if there is one."""
        if self.resume is not None:
            return self._go_on(Path(self.resume))
        source, settings = self._resolved(flatten(_read_layer(self.config)))
        out = None if self.out is None else Path(self.out)
        if out is None and self.keep:
            out = default_path(source.name, settings.components["method"])
        run = _Run(self._host, source, settings, self.quiet)
        return run.execute(out), out

    def _go_on(self, path: Path) -> tuple[SymmetryResult, Path]:
        refuse_settings(path, self.config, self.options, self.short, self.out)
        folder = RunFolder.open(path)
        with locked(folder.path):
            before = unfinished(path)
            source, settings = self._resolved(flatten(before.config))
            run = _Run(self._host, source, settings, self.quiet, before)
            return run.execute_in(folder, run.load()), path

    def _resolved(self, layer: dict[str, Any]) -> tuple[Source, Settings]:
        source = find_source(self._host, _named(self.data, layer.pop("source", None)), self.targets)
        layer.pop("dataset", None)
        asked = flatten(self.options)
        _refuse_dataset({**asked, **self.short})
        settings = resolve(
            self._host,
            layer,
            source.layer,
            asked,
            short={name: value for name, value in self.short.items() if value is not None},
            suggested=suggestions(self._host, source),
        )
        return source, settings

    @property
    def _host(self) -> PluginHost:
        return self.host or default_host()


class _Run:
    """One run, from checked settings to the written report."""

    def __init__(
        self,
        host: PluginHost,
        source: Source,
        settings: Settings,
        quiet: bool,
        before: Unfinished | None = None,
    ) -> None:
        self._settings = settings
        self._source = source
        self._before = before
        self._reporter: Reporter = reporter(quiet)
        self._notices = Notices(self._reporter)
        self._device = choose_device(settings.run.device)
        self._backend = choose_backend(host, settings.run.kernel, self._device)
        self._host = host
        self._logger_classes = {name: host.get("logger", name) for name in settings.run.loggers}
        self._spent = before.spent if before is not None else {"wall": 0.0, "cpu": 0.0}
        # Where this run went on after it was cut short, oldest first.
        self._resumed = [] if before is None else [*before.resumed, before.position]
        self._watch = stopwatch(**self._spent)

    def load(self) -> Samples:
        """The samples; those of an earlier run must be the same as then."""
        samples = load_samples(self._source, self._settings)
        if self._before is not None:
            self._before.check_data(samples)
        return samples

    def execute(self, out: Path | None) -> SymmetryResult:
        """Run in a new folder, or without one."""
        samples = self.load()
        method: Method = self._build("method")
        if out is None:
            return self._run(method, samples, None)
        folder = RunFolder.create(out)
        try:
            with locked(folder.path):
                folder.write_config(self._config)
                return self._run(method, samples, folder)
        except BaseException:
            folder.remove_unused()
            raise

    def execute_in(self, folder: RunFolder, samples: Samples) -> SymmetryResult:
        """Go on in the folder of an earlier run, whose lock is held."""
        return self._run(self._build("method"), samples, folder)

    def _run(self, method: Method, samples: Samples, folder: RunFolder | None) -> SymmetryResult:
        self._fingerprint = fingerprint(samples)
        # Chosen again once it is known what the generators act on; a wrong name is told at once.
        choose_verifier(self._host, self._settings.verify.verifier, samples)
        parts = split(samples, seed=self._settings.run.seed)
        standard = Standardisation.of(parts.train, self._settings.data.standardise)
        parts = Split(
            standard.apply(parts.train),
            standard.apply(parts.validation),
            standard.apply(parts.held_out),
        )
        context = self._context(parts)
        loggers = Loggers(
            self._logger_classes, None if folder is None else folder.path, self._notices
        )
        loggers.start({**self._config, "seeds": list(context.seeds)})
        with use_backend(self._backend):
            watchers = Watchers(self._notices, self._checkpoints(folder), loggers)
            outcome = self._train(method, context, folder, watchers)
            found = method.discovery(outcome.artifacts)
            parts, every = split_parts(method, parts), parts_of(method, standard.apply(samples))
            _refuse_scaled_fields(found, standard)
            result = self._assembled(found, context.seeds, parts, outcome)
            result = replace(result, spectrum=found.spectrum)
            verifier, why = verifier_for(
                self._host, self._settings.verify.verifier, result, parts.held_out
            )
            result = replace(result, notes=(*result.notes, *why, *_how_it_ran(context)))
            result = replace(result, provenance=self._provenance(parts, method, outcome))
            try:
                if found.surplus and found.latent is None and not outcome.interrupted:
                    result = self._without_surplus(result, parts, verifier)
                if found.representatives is not None and not outcome.interrupted:
                    result = self._with_discrete(result, found.representatives, parts, verifier)
                result = named_by_parts(method, result)
                result = self._verified(result, parts.held_out, every, outcome, verifier, found)
            except Exception as error:
                # Hours of training are not lost because the test of their result failed.
                if folder is not None:
                    failed = f"the test on held-out rows failed: {error}"
                    failed_result = replace(result, interrupted=failed)
                    self._save(in_own_units(failed_result, standard), folder)
                    self._reporter.say(f"{failed}; the untested result is in {folder.path}")
                raise
        loggers.end(result.summary())
        result = in_own_units(result, standard)
        result = replace(
            result,
            notes=(*result.notes, *self._notices.told),
            provenance=self._provenance(parts, method, outcome),
        )
        if folder is not None:
            self._save(result, folder)
        return result

    @property
    def _config(self) -> dict[str, Any]:
        if self._before is not None:
            return dict(self._before.config)
        return {"source": self._source.address, **self._settings.as_dict()}

    def _checkpoints(self, folder: RunFolder | None) -> Checkpoints | None:
        if folder is None:
            return None
        fixed = {
            "config": self._config,
            "data": self._fingerprint,
            "resumed": self._resumed,
        }
        return Checkpoints(
            folder.checkpoint,
            self._settings.run.checkpoint_every,
            fixed,
            self._times,
            self._notices,
        )

    def _times(self) -> dict[str, float]:
        watch = self._watch()
        return {"wall": watch["wall_time [s]"], "cpu": watch["cpu_time [s]"]}

    def _build(self, kind: str, *arguments: Any) -> Any:
        return self._settings.classes[kind](self._settings.options[kind], *arguments)

    def _context(self, parts: Split) -> RunContext:
        run = self._settings.run
        seed = derived_seed(run.seed, "run")
        others = ("method", "dataset", "oracle")
        modules = [k for k in self._settings.classes if k not in others]

        def coefficients(n_generators: int) -> CoefficientDistribution:
            law: CoefficientDistribution = self._build("coefficients", n_generators)
            return law

        return RunContext(
            samples=parts.train.to(self._device),
            validation=parts.validation.to(self._device),
            seeds=tuple(range(run.seed, run.seed + run.seeds)),
            device=self._device,
            rng=torch.Generator(self._device).manual_seed(seed),
            builders={kind: _builder(self._build, kind) for kind in modules},
            make_coefficients=coefficients if "coefficients" in modules else None,
            make_oracle=self._oracle if "oracle" in self._settings.classes else None,
        )

    def _oracle(self) -> Oracle:
        oracle: Oracle = self._build("oracle")
        return oracle

    def _train(
        self,
        method: Method,
        context: RunContext,
        folder: RunFolder | None,
        watchers: Watchers,
    ) -> Outcome:
        place = None if folder is None else folder.metrics
        metrics = MetricsFiles(place, context.seeds, self._spent["cpu"])
        saved = () if self._before is None else self._before.stages
        if self._before is not None:
            metrics.cut(positions(saved))
            self._reporter.say(f"going on from {self._resumed[-1]}")
        return run_stages(
            method.stages(),
            context,
            metrics,
            self._reporter,
            watchers=watchers,
            selecting=self._selecting,
            saved=saved,
        )

    @property
    def _selecting(self) -> SelectionSettings:
        run = self._settings.run
        return SelectionSettings(run.evaluate_every, run.keep, run.patience)

    def _assembled(
        self, found: Discovery, seeds: tuple[int, ...], parts: Split, outcome: Outcome
    ) -> SymmetryResult:
        if found.claim is not None and found.by_flow:
            return assemble_fields(found, found.claim, seeds, parts.held_out, self._config)
        if found.generators.shape[1] == 0:
            return assemble_discrete(found, seeds, parts.held_out, self._config)
        if found.latent is None:
            return assemble(found, seeds, parts.held_out, self._config, reference=parts.train)
        evaluated = list(outcome.criteria.values())
        return assemble_latent(
            found,
            seeds,
            parts,
            self._config,
            self._host,
            self._settings.verify,
            evaluated[-1]["criterion"] if evaluated else None,
        )

    def _verified(
        self,
        result: SymmetryResult,
        held_out: Samples,
        every: Samples,
        outcome: Outcome,
        verifier: Verifier,
        found: Discovery,
    ) -> SymmetryResult:
        if outcome.interrupted:
            return self._untested(result, outcome.interrupted)
        if result.interrupted:
            return result
        self._reporter.say("testing on held-out rows")
        seed = derived_seed(self._settings.run.seed, "verification")
        rows, options = held_out.to("cpu"), self._settings.verify
        claim, doubt = found.claim, found.doubt
        try:
            result = with_support(result, every.to("cpu"), seed=seed)
            verification = verify_result(
                result, rows, verifier, seed=seed, options=options, claim=claim, doubt=doubt
            )
            tested = replace(result, verification=verification)
            return with_element_tests(tested, rows, verifier, seed=seed, options=options)
        except KeyboardInterrupt:
            return self._untested(result, "stopped while testing on held-out rows")

    def _without_surplus(
        self, result: SymmetryResult, parts: Split, verifier: Verifier
    ) -> SymmetryResult:
        self._reporter.say("testing how many generators there are")
        seed = derived_seed(self._settings.run.seed, "surplus")
        try:
            return without_surplus(
                result, parts.train.to("cpu"), verifier, seed=seed, options=self._settings.verify
            )
        except KeyboardInterrupt:
            return self._untested(result, "stopped while testing how many generators there are")

    def _with_discrete(
        self, result: SymmetryResult, representatives: Tensor, parts: Split, verifier: Verifier
    ) -> SymmetryResult:
        self._reporter.say("testing which discrete elements there are")
        seed = derived_seed(self._settings.run.seed, "discrete elements")
        rows, options = parts.train.to("cpu"), self._settings.verify
        try:
            return with_discrete(
                result, representatives, rows, verifier, seed=seed, options=options
            )
        except KeyboardInterrupt:
            return self._untested(result, "stopped while testing which discrete elements there are")

    def _untested(self, result: SymmetryResult, why: str) -> SymmetryResult:
        self._reporter.say(f"interrupted: {why}; not tested on held-out rows")
        return replace(result, interrupted=why)

    def _provenance(self, parts: Split, method: Method, outcome: Outcome) -> dict[str, Any]:
        facts = {
            **self._watch(),
            **machine(self._device),
            "kernel": self._backend,
            "versions": versions(),
            "data": parts.train.source,
            "fingerprint": self._fingerprint,
            "rows": {
                "train": len(parts.train),
                "validation": len(parts.validation),
                "held out": len(parts.held_out),
            },
            "citation": method.citation,
        }
        if outcome.criteria:
            facts["validation"] = outcome.criteria
        if self._resumed:
            facts["resumed"] = self._resumed
        return facts

    def _save(self, result: SymmetryResult, folder: RunFolder) -> None:
        save_and_report(result, folder, self._reporter.say)


def _refuse_scaled_fields(found: Discovery, standard: Standardisation) -> None:
    if found.by_flow and standard.changes:
        raise OptionError(
            f"data.standardise = {standard.how!r}: the functions of vector fields are those of "
            "coordinates in their own units; leave it at 'none', which the solution does not mind"
        )


def _builder(build: Any, kind: str) -> Any:
    return lambda shapes: build(kind, shapes)


def _read_layer(config: str | Path | Mapping[str, Any] | None) -> Mapping[str, Any]:
    if config is None or isinstance(config, Mapping):
        return config or {}
    return read_config(Path(config))


def _named(data: Any, source: Any) -> Any:
    if data is None and source is None:
        raise OptionError(
            "no data given; name a data set or a file, e.g. symdisc discover two-body"
        )
    if data is None and source == "arrays":
        raise OptionError("these settings are of a run on arrays; pass the arrays again")
    return source if data is None else data


def _refuse_dataset(asked: Mapping[str, Any]) -> None:
    if "dataset" in asked:
        raise OptionError(
            f"dataset = {asked['dataset']!r}: a data set is named as the data; write "
            f"discover({asked['dataset']!r}) or symdisc discover {asked['dataset']}"
        )


def _how_it_ran(context: RunContext) -> list[str]:
    return [
        f"The {kind} cannot be run for all seeds at once, so it ran seed by seed: {e.reason}"
        for kind, e in context.ensembles.items()
        if e.strategy == "one by one"
    ]
