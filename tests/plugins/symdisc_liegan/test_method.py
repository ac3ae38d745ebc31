from __future__ import annotations

from typing import Any

import pytest
import torch

from symdisc.errors import OptionError
from symdisc.options import describe_options, parse_options
from symdisc.registry import default_host
from symdisc_liegan.method import LieGAN
from symdisc_liegan.options import PAPER, LieGANOptions
from symdisc_liegan.stage import AdversarialStage

ONE_LENGTH = "set the other to null, for instance --set method.epochs=null"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epochs": 10}, ONE_LENGTH),
        ({"steps": None}, ONE_LENGTH),
        ({"steps": 0}, r"option 'method\.steps' = 0: .* greater than or equal to 1"),
        ({"epochs": 0, "steps": None}, r"option 'method\.epochs' = 0: .* greater than 0"),
        ({"similarity": -1}, r"option 'method\.similarity' = -1"),
        ({"decay": 1.5}, r"option 'method\.decay' = 1\.5"),
        ({"tail_average": -0.1}, r"option 'method\.tail_average' = -0\.1"),
        ({"generator_momentum": 1.0}, r"option 'method\.generator_momentum' = 1\.0: .* less than"),
        ({"sparsty": 1}, r"unknown option 'method\.sparsty'; .*Did you mean 'sparsity'\?"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        parse_options(LieGANOptions, options, "method")


@pytest.mark.parametrize("options", [{}, {"steps": 7}, {"steps": None, "epochs": 2.5}])
def test_one_length_is_right(options: dict[str, Any]) -> None:
    parse_options(LieGANOptions, options, "method")


@pytest.mark.parametrize("preset", list(LieGAN.presets))
def test_presets_name_options_that_exist_and_fit(preset: str) -> None:
    host = default_host()
    settings = dict(LieGAN.presets[preset])
    chosen = {**LieGAN.uses, **{k: v for k, v in settings.items() if k in LieGAN.uses}}
    models = {kind: host.get(kind, name).Options for kind, name in chosen.items()}
    models["method"] = LieGANOptions
    by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in models}
    for address, value in settings.items():
        kind, _, option = address.partition(".")
        if option and kind != "run":
            by_kind[kind][option] = value
    for kind, options in by_kind.items():
        parse_options(models[kind], options, kind)


def test_the_paper_preset_fixes_everything_that_the_paper_states() -> None:
    """Arxiv 2302.00236, appendix: rates 1e-3 and 2e-4, 100 epochs, batches of 64."""
    settings = parse_options(
        LieGANOptions,
        {k.removeprefix("method."): v for k, v in PAPER.items() if k.startswith("method.")},
        "method",
    )
    assert (settings.generator_rate, settings.discriminator_rate) == (1e-3, 2e-4)
    assert (settings.epochs, settings.batch_size) == (100, 64)
    assert settings.size_range is None
    assert not settings.whiten


def test_short_names_stand_for_options_that_exist() -> None:
    host = default_host()
    for address in LieGAN.short_names.values():
        kind, _, option = address.partition(".")
        model = LieGANOptions if kind == "method" else host.get(kind, LieGAN.uses[kind]).Options
        assert option in model.model_fields


def test_every_numeric_option_states_its_unit() -> None:
    for name, kind, _, text in describe_options(LieGANOptions):
        if "number" in kind or "integer" in kind:
            assert text.endswith("]"), name


def test_one_stage_and_its_generators_are_the_discovery() -> None:
    method = LieGAN(LieGANOptions())
    (stage,) = method.stages()
    assert isinstance(stage, AdversarialStage)
    generators, mask = torch.zeros(4, 1, 2, 2), torch.ones(2, 2)
    artifacts = {"generators": generators, "mask": mask, "blocks": ((0, 1),)}
    representatives = torch.ones(4, 3, 2, 2)
    artifacts |= {"discrete": True, "learned": True, "surplus": True}
    artifacts |= {"representatives": representatives}
    found = method.discovery(artifacts)
    given = method.discovery({**artifacts, "learned": False})
    assert len(given.generators) == 1
    assert given.notes[0].startswith("Every generator was given, so nothing was trained")
    assert found.discrete
    assert found.surplus
    assert torch.equal(found.generators, generators)
    assert found.representatives is representatives
    assert found.mask is mask
    assert found.blocks == ((0, 1),)
    assert "2302.00236" in LieGAN.citation
