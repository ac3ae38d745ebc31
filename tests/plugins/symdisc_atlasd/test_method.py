"""Options, presets and what the method hands to the core; whole runs on known groups."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from symdisc import discover, load
from symdisc.algebra.spans import largest_angle
from symdisc.errors import DataError, OptionError
from symdisc.interfaces import Artifacts
from symdisc.options import describe_options, parse_options
from symdisc.registry import default_host
from symdisc.retesting import Retest
from symdisc.testing import check_method
from symdisc_atlasd.algebra_stage import AlgebraStage
from symdisc_atlasd.coset_stage import CosetStage
from symdisc_atlasd.method import AtlasD
from symdisc_atlasd.options import PAPER, AtlasDOptions
from symdisc_atlasd.predictor_stage import NetworkStage, OracleStage
from tests.plugins.symdisc_atlasd.films import films

QUICK = {"verify.steps": 60, "verify.n_references": 8, "verify.draws": 1, "verify.resamples": 400}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"predictor": "tree"}, r"option 'method\.predictor' = 'tree': .* 'network' or 'oracle'"),
        (
            {"algebra_steps": 0},
            r"option 'method\.algebra_steps' = 0: .* than or equal to 1",
        ),
        ({"tolerance": 0}, r"option 'method\.tolerance' = 0: .* greater than 0"),
        ({"decay": 1.5}, r"option 'method\.decay' = 1\.5: .* less than or equal to 1"),
        ({"candidate_rat": 1}, r"unknown option 'method\.candidate_rat'; .*'candidate_rate'\?"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        parse_options(AtlasDOptions, options, "method")


@pytest.mark.parametrize("preset", list(AtlasD.presets))
def test_presets_name_options_that_exist_and_fit(preset: str) -> None:
    host = default_host()
    settings = dict(AtlasD.presets[preset])
    chosen = {**AtlasD.uses, **{k: v for k, v in settings.items() if k in AtlasD.uses}}
    models = {kind: host.get(kind, name).Options for kind, name in chosen.items()}
    models["method"] = AtlasDOptions
    by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in models}
    for address, value in settings.items():
        kind, _, option = address.partition(".")
        if option and kind != "run":
            by_kind[kind][option] = value
    for kind, options in by_kind.items():
        parse_options(models[kind], options, kind)


def test_the_paper_preset_has_the_published_objective_and_step_sizes() -> None:
    own = {k.removeprefix("method."): v for k, v in PAPER.items() if k.startswith("method.")}
    settings = parse_options(AtlasDOptions, own, "method")
    assert (settings.overlap, settings.growth_limit, settings.growth) == (0.05, 1.0, 0.35)
    assert (settings.generator_rate, settings.predictor_rate) == (5e-4, 1e-3)
    assert (settings.orthonormal, settings.together) == (False, True)


def test_short_names_stand_for_options_that_exist() -> None:
    host = default_host()
    for address in AtlasD.short_names.values():
        kind, _, option = address.partition(".")
        model = AtlasDOptions if kind == "method" else host.get(kind, AtlasD.uses[kind]).Options
        assert option in model.model_fields


def test_every_numeric_option_states_its_unit() -> None:
    for name, kind, _, text in describe_options(AtlasDOptions):
        if "number" in kind or "integer" in kind:
            assert text.endswith("]"), name


def test_a_predictor_comes_first_then_the_algebra_then_the_cosets() -> None:
    first, *others = AtlasD(AtlasDOptions()).stages()
    assert isinstance(first, NetworkStage)
    assert [type(stage) for stage in others] == [AlgebraStage, CosetStage]
    assert isinstance(AtlasD(AtlasDOptions(predictor="oracle")).stages()[0], OracleStage)


def test_what_is_handed_to_the_core() -> None:
    artifacts: Artifacts = {
        "generators": torch.ones(2, 3, 2, 2),
        "errors": torch.tensor([[0.1, 0.1, 0.9]] * 2),
        "representatives": torch.ones(2, 4, 2, 2),
        "representative_errors": torch.full((2, 4), 0.05),
        "mask": torch.ones(2, 2),
        "blocks": ((0, 1),),
        "discrete": False,
        "surplus": True,
    }
    found = AtlasD(AtlasDOptions()).discovery(artifacts)
    assert found.generators.shape == (2, 2, 2, 2)
    assert found.representatives is not None
    assert found.representatives.shape == (2, 4, 2, 2)
    assert found.surplus
    assert len(found.notes) == 2
    one = AtlasD(AtlasDOptions()).discovery({**artifacts, "errors": torch.full((2, 1), 0.1)})
    assert not one.surplus


def test_data_with_nothing_to_predict_are_refused() -> None:
    with pytest.raises(DataError, match="atlasd learns to predict targets, or the next state of"):
        discover(torch.randn(200, 2).numpy(), method="atlasd")


@pytest.mark.slow
def test_rotations_and_reflections_of_o2_regression_are_confirmed() -> None:
    result = discover("o2-regression", method="atlasd", seeds=2, options=QUICK)
    assert result.holds
    turn = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]], dtype=torch.float64)
    assert largest_angle(turn, result.generators) < 1
    assert result.discrete is not None
    assert result.discrete.group == "Z2"
    assert result.discrete.names == ("identity", "reflection")


@pytest.mark.slow
def test_an_odd_term_leaves_the_rotations_alone() -> None:
    given = {**QUICK, "dataset.odd": 0.3}
    result = discover("o2-regression", method="atlasd", seeds=2, options=given)
    assert result.group.startswith("SO(2)")
    assert result.discrete is None or len(result.discrete.representatives) == 1


@pytest.mark.slow
def test_a_polynomial_as_oracle_does_as_well() -> None:
    short = {"method.algebra_steps": 300, "method.coset_steps": 150, "dataset.n_samples": 4000}
    result = discover(
        "o2-regression",
        method="atlasd",
        oracle="polynomial",
        predictor="oracle",
        seeds=2,
        options={**QUICK, **short},
    )
    assert result.group.startswith("SO(2)")
    assert result.discrete is not None
    assert result.discrete.group == "Z2"


@pytest.mark.slow
def test_the_turn_of_patches_of_films_is_found_and_tested_again(tmp_path: Path) -> None:
    small = {"dataset.size": 32, "dataset.n_trajectories": 60, "dataset.n_states": 4}
    short = {"method.predictor_steps": 500, "method.algebra_steps": 120, "method.coset_steps": 30}
    result = discover(
        "heat-equation",
        method="atlasd",
        preset="local",
        seeds=1,
        out=tmp_path / "run",
        options={**QUICK, **small, **short, "method.charts": 2, "group.n_representatives": 4},
    )
    assert str(result.representation) == "4*V2 + 2*S"
    assert result.group.endswith(" on patches")
    assert any("moments of patches" in note for note in result.notes)
    turn = torch.tensor([[[0.0, -1.0], [1.0, 0.0]]], dtype=torch.float64)
    assert largest_angle(turn, result.generators) < 8
    again = Retest().test(default_host(), load(tmp_path / "run"))
    assert again.verification is not None
    assert again.verification.defects[0].statement == "conditional"
    fresh = films(16)
    np.savez(
        tmp_path / "films.npz",
        states=fresh.states.reshape(16, -1, 2, 32 * 32)[:, :, 0],
        representation=np.array("G32x32"),
    )
    tested = Retest(data=tmp_path / "films.npz").test(default_host(), load(tmp_path / "run"))
    assert tested.verification is not None
    assert tested.verification.defects[0].n_rows > 50
    np.savez(tmp_path / "pictures.npz", states=np.random.rand(40, 1024), representation="G32x32")
    with pytest.raises(DataError, match="here nothing would be predicted"):
        Retest(data=tmp_path / "pictures.npz").test(default_host(), load(tmp_path / "run"))


@pytest.mark.slow
def test_conformance() -> None:
    short = {"method.predictor_steps": 1500, "method.algebra_steps": 500, "method.coset_steps": 100}
    check_method(AtlasD, {**QUICK, **short, "group.n_representatives": 8}, seeds=2)
