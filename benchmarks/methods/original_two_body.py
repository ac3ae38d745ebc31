"""LieGAN on the original two-body file, one core: time to a good generator, time of a step.

Needs the data set of the original repository (``SYMDISC_PARITY_DATA`` names its folder) and is
meant for one processor:

    OMP_NUM_THREADS=1 taskset -c 0 python benchmarks/methods/original_two_body.py
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, final

import numpy as np
import torch
from recording import record, spread

from symdisc import default_host
from symdisc.algebra.consensus import find_consensus
from symdisc.algebra.spans import cosine
from symdisc.configuration import Settings, resolve
from symdisc.data.prepare import prepare
from symdisc.data.samples import Samples
from symdisc.engine.context import RunContext
from symdisc.engine.loop import run_stages
from symdisc.engine.metrics import MetricsFiles
from symdisc.engine.progress import Silent
from symdisc.interfaces import (
    Artifacts,
    Batch,
    EnsembleModule,
    IterativeStage,
    Losses,
    OptimizerSettings,
    Stage,
    StageContext,
)

BLOCKS = [2, 2, 2, 2]
TRUTH = torch.kron(torch.eye(len(BLOCKS)), torch.tensor([[0.0, 1.0], [-1.0, 0.0]])).double()
LOOK_EVERY = 10
"""Steps between two looks at the generator."""


def main() -> None:
    """Measure and write the result files."""
    folder = Path(os.environ.get("SYMDISC_PARITY_DATA", "../shared/data"))
    states = np.load(folder / "two_body.npz")["coords_reordered"]
    samples = prepare(states, representation="V8")
    single = [time_to_success(samples, "default", seed) for seed in range(2000, 2010)]
    record("original_two_body_single", single)
    print("CPU seconds to 0.99:", spread([row["cpu_time_to_0.99 [s]"] for row in single]))
    ensembles = [ensemble(samples, seed) for seed in (3000, 4000, 5000)]
    record("original_two_body_ensemble", ensembles)
    print("CPU seconds of 16 seeds:", spread([row["cpu_time [s]"] for row in ensembles]))
    print("consensus |cosine|:", spread([row["|cosine| [1]"] for row in ensembles]))
    steps = [step_time(samples, seed) for seed in range(5)]
    record("original_two_body_paper_step", steps)
    print("CPU ms of a step, paper:", spread([row["cpu_time_per_step [ms]"] for row in steps]))


def time_to_success(samples: Samples, preset: str, seed: int) -> dict[str, Any]:
    """CPU seconds of one seed until |cosine| ≥ 0.99, and where it ends."""
    _, _, watch = train(samples, preset, seed, seeds=1)
    reached = [(step, cpu) for step, cpu, value in watch.seen if value >= 0.99]
    step, cpu = reached[0] if reached else (-1, float("nan"))
    return {
        "preset": preset,
        "model_seed [1]": seed,
        "steps_to_0.99 [1]": step,
        "cpu_time_to_0.99 [s]": round(cpu, 3),
        "final_|cosine| [1]": round(watch.final, 6),
    }


def ensemble(samples: Samples, seed: int) -> dict[str, Any]:
    """CPU seconds of the whole default ensemble and its consensus."""
    begun = time.process_time()
    generators, _, _ = train(samples, "default", seed, seeds=16)
    consensus = find_consensus(generators)
    cpu_time = time.process_time() - begun
    singles = [cosine(member[0], TRUTH) for member in generators]
    return {
        "preset": "default",
        "first_model_seed [1]": seed,
        "seeds [1]": len(singles),
        "|cosine| [1]": round(cosine(consensus.generators[0], TRUTH), 6),
        "agreement [1]": consensus.agreement,
        "seeds_above_0.99 [1]": sum(value >= 0.99 for value in singles),
        "cpu_time [s]": round(cpu_time, 2),
    }


def step_time(samples: Samples, seed: int) -> dict[str, Any]:
    """CPU milliseconds of one step of the paper preset, set-up excluded."""
    train(samples, "paper", seed, 1, 20)  # what is imported and compiled on first use
    few, many = 100, 500
    times = [train(samples, "paper", seed, 1, steps)[1] for steps in (few, many)]
    per_step = (times[1] - times[0]) / (many - few) * 1e3
    return {"preset": "paper", "repeat [1]": seed, "cpu_time_per_step [ms]": round(per_step, 3)}


def train(
    samples: Samples,
    preset: str,
    seed: int,
    seeds: int,
    steps: int | None = None,
    more: Mapping[str, Any] | None = None,
) -> tuple[torch.Tensor, float, Watch]:
    """Generators ``(E, 1, 8, 8)``, CPU seconds of the training and what was seen on the way."""
    options: dict[str, Any] = {"run.seed": seed, "run.seeds": seeds, "group.blocks": BLOCKS}
    options |= more or {}
    if steps is not None:
        options |= {"method.steps": steps, "method.epochs": None}
    settings = resolve(default_host(), options, short={"preset": preset})
    context = _context(samples, settings)
    watch = Watch(settings.classes["method"](settings.options["method"]).stages()[0])
    stages: Sequence[Stage] = [watch if steps is None and seeds == 1 else watch.inner]
    begun = time.process_time()
    outcome = run_stages(stages, context, MetricsFiles(None, context.seeds), Silent())
    return outcome.artifacts["generators"], time.process_time() - begun, watch


def _context(samples: Samples, settings: Settings) -> RunContext:
    def build(kind: str, *arguments: Any) -> Any:
        return settings.classes[kind](settings.options[kind], *arguments)

    seed, seeds = settings.run.seed, settings.run.seeds
    return RunContext(
        samples=samples,
        seeds=tuple(range(seed, seed + seeds)),
        device=torch.device("cpu"),
        rng=torch.Generator().manual_seed(seed),
        builders={
            kind: functools.partial(build, kind) for kind in ("encoder", "group", "discriminator")
        },
        make_coefficients=lambda n_generators: build("coefficients", n_generators),
    )


@final
class Watch(IterativeStage):
    """The stage inside, watched: looks at the generator now and then, off the clock."""

    name = "watched"

    def __init__(self, inner: IterativeStage) -> None:
        self.inner = inner
        self.batch_size = inner.batch_size
        self.seen: list[tuple[int, float, float]] = []
        self.final = float("nan")
        self._begun = time.process_time()

    def n_steps(self, n_samples: int) -> int:
        """See :class:`IterativeStage`."""
        return self.inner.n_steps(n_samples)

    def modules(self, context: StageContext, artifacts: Artifacts) -> Mapping[str, EnsembleModule]:
        """See :class:`IterativeStage`."""
        self._begun = time.process_time()
        return self.inner.modules(context, artifacts)

    def optimizers(self) -> Mapping[str, OptimizerSettings]:
        """See :class:`IterativeStage`."""
        return self.inner.optimizers()

    def losses(self, batch: Batch, modules: Mapping[str, EnsembleModule], step: int) -> Losses:
        """See :class:`IterativeStage`."""
        if step % LOOK_EVERY == 0:
            now = time.process_time()
            generators = modules["generator"].call("generators").detach()
            self.seen.append((step, now - self._begun, cosine(generators[0, 0], TRUTH)))
            self._begun += time.process_time() - now
        return self.inner.losses(batch, modules, step)

    def finish(self, modules: Mapping[str, EnsembleModule]) -> Artifacts:
        """See :class:`IterativeStage`."""
        artifacts = self.inner.finish(modules)
        self.final = cosine(artifacts["generators"][0, 0], TRUTH)
        return artifacts


if __name__ == "__main__":
    main()
