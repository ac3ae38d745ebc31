"""Options, presets and what the method hands to the core; one whole run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from symdisc import discover
from symdisc.errors import OptionError
from symdisc.interfaces import DataShapes
from symdisc.options import describe_options, parse_options
from symdisc.registry import default_host
from symdisc.representations import Representation
from symdisc.result import SymmetryResult
from symdisc_laligan.method import LaLiGAN
from symdisc_laligan.options import PAPER, LaLiGANOptions
from symdisc_laligan.stage import LatentStage
from tests.plugins.symdisc_laligan.rings import rings

ONE_LENGTH = "set the other to null, for instance --set method.epochs=null"
QUICK = {"verify.steps": 30, "verify.n_references": 6, "verify.resamples": 200}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epochs": 10}, ONE_LENGTH),
        ({"steps": None}, ONE_LENGTH),
        ({"conditional": 0, "law": 0}, "give conditional, law or adversarial a weight above 0"),
        ({"spread": -1}, r"option 'method\.spread' = -1: .* greater than or equal to 0"),
        ({"frozen_share": 1.0}, r"option 'method\.frozen_share' = 1\.0: .* less than 1"),
        ({"threshold": 0.0}, r"option 'method\.threshold' = 0\.0: .* greater than 0"),
        ({"sindy_degree": 4}, r"option 'method\.sindy_degree' = 4: .* 1, 2 or 3"),
        ({"sindy_functions": ["cos"]}, r"'cos'.* 'sine' or 'exp'"),
        ({"adverserial": 1}, r"unknown option 'method\.adverserial'; .*mean 'adversarial'\?"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        parse_options(LaLiGANOptions, options, "method")


@pytest.mark.parametrize("preset", list(LaLiGAN.presets))
def test_presets_name_options_that_exist_and_fit(preset: str) -> None:
    host = default_host()
    settings = dict(LaLiGAN.presets[preset])
    chosen = {**LaLiGAN.uses, **{k: v for k, v in settings.items() if k in LaLiGAN.uses}}
    models = {kind: host.get(kind, name).Options for kind, name in chosen.items()}
    models["method"] = LaLiGANOptions
    by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in models}
    for address, value in settings.items():
        kind, _, option = address.partition(".")
        if option and kind != "run":
            by_kind[kind][option] = value
    for kind, options in by_kind.items():
        parse_options(models[kind], options, kind)


def test_the_paper_preset_is_the_published_objective_and_no_more() -> None:
    settings = parse_options(
        LaLiGANOptions,
        {k.removeprefix("method."): v for k, v in PAPER.items() if k.startswith("method.")},
        "method",
    )
    assert (settings.conditional, settings.law, settings.spread) == (0, 0, 0)
    assert (settings.reconstruction, settings.adversarial, settings.similarity) == (1, 0.01, 0.1)
    assert (settings.encoder_rate, settings.generator_rate, settings.batch_size) == (
        1e-3,
        1e-3,
        256,
    )
    assert (settings.decay, settings.same_size) == (0, False)


def test_networks_of_the_paper_preset_have_the_published_sizes() -> None:
    """2,111,496 parameters with batch normalisation, of which 5,124 belong to that; 1,053,697."""
    host = default_host()
    shapes = DataShapes(2, Representation.vector(2))
    counts = []
    for kind in ("encoder", "discriminator"):
        component = host.get(kind, "mlp")
        own = {k.removeprefix(f"{kind}."): v for k, v in PAPER.items() if k.startswith(f"{kind}.")}
        module = component(parse_options(component.Options, own, kind), shapes)
        counts.append(sum(parameter.numel() for parameter in module.parameters()))
    assert counts == [2_111_496 - 5_124, 1_053_697]


def test_short_names_stand_for_options_that_exist() -> None:
    host = default_host()
    for address in LaLiGAN.short_names.values():
        kind, _, option = address.partition(".")
        model = LaLiGANOptions if kind == "method" else host.get(kind, LaLiGAN.uses[kind]).Options
        assert option in model.model_fields


def test_every_numeric_option_states_its_unit() -> None:
    for name, kind, _, text in describe_options(LaLiGANOptions):
        if "number" in kind or "integer" in kind:
            assert text.endswith("]"), name


def test_there_is_one_stage() -> None:
    (stage,) = LaLiGAN(LaLiGANOptions()).stages()
    assert isinstance(stage, LatentStage)


def trajectories() -> list[np.ndarray[Any, Any]]:
    samples = rings(n_trajectories=60)
    return [samples.states[samples.trajectory == i, 0].numpy() for i in range(60)]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[SymmetryResult, Path]:
    folder = tmp_path_factory.mktemp("runs") / "rings"
    result = discover(
        trajectories(),
        method="laligan",
        steps=600,
        seeds=3,
        latent_dim=2,
        options={"encoder.width": 32, **QUICK},
        out=folder,
    )
    return result, folder


@pytest.mark.slow
def test_a_bent_rotation_is_confirmed(found: tuple[SymmetryResult, Path]) -> None:
    result, _ = found
    assert result.holds
    assert result.group.startswith("SO(2)")
    assert result.latent is not None
    assert result.latent_figures is not None
    assert result.latent_figures.consensus.within_total < 0.1
    assert result.latent_figures.raw_ellipse > 0.15
    assert result.latent_figures.consensus.reconstruction < 1e-3


@pytest.mark.slow
def test_the_criterion_chose_among_states(found: tuple[SymmetryResult, Path]) -> None:
    result, folder = found
    rows = (folder / "metrics" / "laligan-validation.csv").read_text().splitlines()
    assert len(rows) > 3
    chosen = result.provenance["validation"]["laligan"]
    assert all(value < 0.05 for value in chosen["criterion"])


@pytest.mark.slow
def test_points_move_along_their_ring(found: tuple[SymmetryResult, Path]) -> None:
    result, _ = found
    first = torch.from_numpy(np.stack([t[0] for t in trajectories()])).double()
    moved = torch.as_tensor(result.transform(first, t=1.0))
    far = [(x[:, 0] ** 2 + (x[:, 1] - 0.6 * x[:, 0] ** 2) ** 2).sqrt() for x in (first, moved)]
    assert (far[0] - far[1]).abs().median() < 0.03
    assert (first - moved).norm(dim=1).min() > 0.1


def test_single_states_without_targets_are_never_confirmed() -> None:
    states = rings(steps=1).states[:, 0].numpy()
    result = discover(
        states, method="laligan", steps=20, seeds=2, options={"encoder.width": 8, **QUICK}
    )
    assert not result.holds
