"""One grammar of settings for Python, YAML and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from symdisc.configuration import Settings, flatten, resolve
from symdisc.errors import OptionError, UnknownComponentError
from symdisc.options import Field, Options
from symdisc.registry import default_host
from symdisc.run_folder import RunFolder, read_config


class NetOptions(Options):
    width: int = Field(8, ge=1, description="Units [1]")
    file: Path | None = Field(None, description="Where weights are")
    bounds: tuple[float, float] = Field((0.5, 1.5), description="Bounds [1]")


class Net:
    Options: ClassVar[type[Options]] = NetOptions


class Plain:
    Options: ClassVar[type[Options]] = Options


class MethodOptions(Options):
    steps: int = Field(100, ge=1, description="Steps [1]")


class OneKind:
    """A method that uses an encoder only."""

    Options: ClassVar[type[Options]] = MethodOptions
    uses: ClassVar[Mapping[str, str]] = {"encoder": "net"}
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "default": {},
        "wide": {"encoder": "net", "encoder.width": 64, "method.steps": 7, "run.seeds": 3},
        "faulty": {"encoder.widht": 64},
    }
    short_names: ClassVar[Mapping[str, str]] = {"width": "encoder.width"}


class NoKind(OneKind):
    """A method that uses no component."""

    uses: ClassVar[Mapping[str, str]] = {}
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"default": {}}
    short_names: ClassVar[Mapping[str, str]] = {}


CLASSES: dict[tuple[str, str], Any] = {
    ("method", "liegan"): OneKind,
    ("method", "none"): NoKind,
    ("encoder", "net"): Net,
    ("encoder", "acme:net"): Net,
    ("encoder", "plain"): Plain,
    ("dataset", "rows"): Plain,
}


class Host:
    def get(self, kind: str, name: str) -> Any:
        try:
            return CLASSES[kind, name]
        except KeyError:
            raise UnknownComponentError(f"no {kind} named {name!r}") from None


def _resolve(
    *layers: Mapping[str, Any],
    short: Mapping[str, Any] | None = None,
    suggested: Mapping[str, Any] | None = None,
) -> Settings:
    return resolve(Host(), *layers, short=short or {}, suggested=suggested)


def _encoder(settings: Settings) -> NetOptions:
    options = settings.options["encoder"]
    assert isinstance(options, NetOptions)
    return options


@pytest.mark.parametrize(
    ("given", "flat"),
    [
        ({"group": {"blocks": [2]}}, {"group.blocks": [2]}),
        ({"group.blocks": [2]}, {"group.blocks": [2]}),
        ({"options": {"group": {"blocks": [2]}}}, {"group.blocks": [2]}),
        ({"options": {"group.blocks": [2]}}, {"group.blocks": [2]}),
        ({"method": "liegan", "preset": "paper"}, {"method": "liegan", "preset": "paper"}),
        ({"group.law": {"a": 1}}, {"group.law": {"a": 1}}),
        ({}, {}),
    ],
)
def test_nested_and_dotted_settings_mean_the_same(
    given: dict[str, Any], flat: dict[str, Any]
) -> None:
    assert flatten(given) == flat


def test_what_cannot_be_flattened() -> None:
    with pytest.raises(OptionError, match=r"^'options' must be a mapping; got 3$"):
        flatten({"options": 3})
    message = r"^a setting is named by text such as 'group.n_generators'; got True = 3$"
    with pytest.raises(OptionError, match=message):
        flatten({True: 3})  # type: ignore[dict-item]


# Each level sets the width; the levels are listed from the weakest to the strongest.
LEVELS: list[tuple[dict[str, Any], int]] = [
    ({}, 8),
    ({"preset": 64}, 64),
    ({"preset": 64, "suggested": 1}, 1),
    ({"preset": 64, "suggested": 1, "config": 2}, 2),
    ({"preset": 64, "suggested": 1, "config": 2, "options": 3}, 3),
    ({"preset": 64, "suggested": 1, "config": 2, "short": 4}, 4),
]


@pytest.mark.parametrize(("levels", "width"), LEVELS)
def test_precedence(levels: dict[str, Any], width: int) -> None:
    def layer(name: str) -> dict[str, Any]:
        return {"encoder.width": levels[name]} if name in levels else {}

    settings = _resolve(
        layer("config"),
        layer("options"),
        short={
            **({"preset": "wide"} if "preset" in levels else {}),
            **({"width": levels["short"]} if "short" in levels else {}),
        },
        suggested=layer("suggested"),
    )
    assert _encoder(settings).width == width


@pytest.mark.parametrize("name", ["method", "encoder", "preset"])
def test_short_names_are_stronger_than_the_config_file(name: str) -> None:
    config = {"method": "liegan", "encoder": "plain", "preset": "wide"}
    stronger = {"method": "none", "encoder": "acme:net", "preset": "default"}[name]
    config = config if name != "method" else {"method": "liegan"}
    settings = _resolve(config, {}, short={name: stronger})
    assert settings.as_dict()[name] == stronger
    assert settings.classes["method"] is (NoKind if name == "method" else OneKind)


def test_a_method_named_by_the_data_gives_way_to_the_user() -> None:
    assert _resolve(suggested={"method": "none"}).components == {"method": "none"}
    chosen = _resolve({"method": "liegan"}, suggested={"method": "none"})
    assert chosen.components == {"method": "liegan", "encoder": "net"}


def test_defaults_presets_and_core_short_names() -> None:
    settings = _resolve(short={"preset": "wide", "seed": 5, "window": 3, "representation": "V2"})
    assert settings.components == {"method": "liegan", "encoder": "net"}
    assert settings.preset == "wide"
    assert (settings.run.seeds, settings.run.seed) == (3, 5)
    assert (settings.data.window, settings.data.representation) == (3, "V2")
    assert settings.options["method"] == MethodOptions(steps=7)
    assert _resolve().run.seeds == 16


def test_the_test_on_held_out_rows_has_options_of_its_own() -> None:
    settings = _resolve({"verify.steps": 300}, short={})
    assert (settings.verify.steps, settings.verify.draws) == (300, 4)
    assert settings.as_dict()["options"]["verify"]["steps"] == 300
    message = r"^option 'verify.steps' = 1: Input should be greater than or equal to 10$"
    with pytest.raises(OptionError, match=message):
        _resolve({"verify.steps": 1}, short={})


def test_the_kernel_is_a_short_name_although_it_is_a_kind_too() -> None:
    assert _resolve(short={"kernel": "reference"}).run.kernel == "reference"


def test_suggestions_without_use_are_passed_over() -> None:
    suggested = {
        "group.blocks": [2, 2],
        "encoder.depth": 3,
        "encoder.width": 5,
        "method.steps": 9,
        "data.window": 4,
    }
    settings = _resolve(suggested=suggested)
    assert _encoder(settings).width == 5
    assert settings.options["method"] == MethodOptions(steps=9)
    assert settings.data.window == 4
    assert _resolve(short={"method": "none"}, suggested=suggested).data.window == 4


def test_blocks_of_the_data_are_none_of_learned_coordinates() -> None:
    def blocks(**layer: Any) -> Any:
        suggested = {"group.blocks": (2, 2), **layer.pop("suggested", {})}
        settings = resolve(default_host(), layer, short={}, suggested=suggested)
        return settings.options["group"].model_dump()["blocks"]

    assert blocks(method="liegan") == [2, 2]
    assert blocks(method="laligan") is None
    assert blocks(method="laligan", **{"encoder": "mlp", "group.blocks": [1, 1]}) == [1, 1]
    assert blocks(method="laligan", encoder="identity") == [2, 2]
    assert blocks(method="laligan", suggested={"encoder": "mlp"}) == [2, 2]


def test_a_suggested_preset_is_the_weakest_choice_of_one() -> None:
    suggested = {"preset": "wide"}
    settings = _resolve(suggested=suggested)
    assert (settings.preset, settings.run.seeds) == ("wide", 3)
    assert _resolve({"preset": "default"}, suggested=suggested).preset == "default"
    assert _resolve(short={"preset": "default"}, suggested=suggested).run.seeds == 16


def test_a_preset_suggested_for_another_method_is_passed_over() -> None:
    suggested = {"method": "none", "preset": "wide"}
    assert _resolve({"method": "liegan"}, suggested=suggested).preset == "default"
    assert _resolve(short={"method": "none"}, suggested={"preset": "wide"}).preset == "default"


def test_options_suggested_for_another_method_are_passed_over() -> None:
    suggested = {"method": "none", "method.steps": 9}
    assert _resolve(suggested=suggested).options["method"] == MethodOptions(steps=9)
    other = _resolve({"method": "liegan"}, suggested=suggested)
    assert other.options["method"] == MethodOptions(steps=100)


def test_a_preset_does_not_burden_a_component_that_replaces_its_own() -> None:
    settings = _resolve(short={"preset": "wide", "encoder": "plain"})
    assert settings.options["encoder"] == Options()
    with pytest.raises(OptionError, match=r"unknown option 'encoder\.width'; allowed: none"):
        _resolve(short={"preset": "wide", "encoder": "plain", "width": 3})


def test_a_faulty_preset_is_not_hidden() -> None:
    with pytest.raises(OptionError, match=r"unknown option 'encoder\.widht'.* Did you mean 'wid"):
        _resolve(short={"preset": "faulty"})


def test_a_verifier_is_an_option_of_the_test() -> None:
    assert _resolve(short={"verifier": "distributional"}).verify.verifier == "distributional"
    with pytest.raises(OptionError, match=r"^verifier = 'x': how held-out rows are tested is an"):
        _resolve({"verifier": "x"})


def test_every_problem_in_one_message() -> None:
    layer = {
        "encoder.widht": 3,
        "encoder.bounds": "x",
        "group.blocks": [2],
        "discriminator": "mlp",
        "methd.steps": 3,
        "run.seeds": 0,
        "colour": "red",
    }
    with pytest.raises(OptionError) as caught:
        _resolve(layer, short={"widt": 3, "preset": "wid"})
    assert str(caught.value).splitlines() == [
        "unknown argument 'widt'; allowed: coefficients, columns, device, discriminator, encoder, "
        "group, kernel, method, oracle, preset, representation, seed, seeds, standardise, "
        "states_key, target_columns, target_representation, targets_key, trajectory_column, "
        "verifier, width, window. Did you mean 'width'?",
        "no preset named 'wid'; allowed: default, wide, faulty. Did you mean 'wide'?",
        "option 'group.blocks' has no use here: this method uses no group; it uses encoder",
        "discriminator = 'mlp' has no use here: this method uses encoder",
        "unknown option 'methd.steps'; options look like 'group.n_generators', their sections are "
        "run, data, verify, method, encoder. Did you mean 'method.steps'?",
        "unknown option 'colour'; options look like 'group.n_generators', their sections are run, "
        "data, verify, method, encoder.",
        "option 'run.seeds' = 0: Input should be greater than or equal to 1",
        "option 'encoder.bounds' = 'x': Input should be a valid tuple",
        "unknown option 'encoder.widht'; allowed: bounds, file, width. Did you mean 'width'?",
    ]


def test_a_wrong_value_of_an_option_of_several_types_is_named_by_its_place() -> None:
    with pytest.raises(OptionError) as caught:
        resolve(default_host(), {"group.blocks": [2, "x"]}, short={})
    assert str(caught.value).splitlines() == [
        "option 'group.blocks.1' = 'x': Input should be a valid integer, unable to parse string as "
        "an integer",
        "option 'group.blocks.0' = 2: Input should be a valid list",
        "option 'group.blocks.1' = 'x': Input should be a valid list",
    ]


def test_unknown_components_are_collected_with_the_rest() -> None:
    with pytest.raises(OptionError) as caught:
        _resolve({"encoder": "nat", "encoder.x": 1, "dataset": "rws"}, short={"seeds": 0})
    assert str(caught.value).splitlines() == [
        "no encoder named 'nat'",
        "no dataset named 'rws'",
        "option 'run.seeds' = 0: Input should be greater than or equal to 1",
    ]


def test_an_unknown_method_is_reported_at_once() -> None:
    with pytest.raises(UnknownComponentError, match=r"^no method named 'lieagn'$"):
        _resolve(short={"method": "lieagn"})


def test_a_method_without_components_says_so() -> None:
    with pytest.raises(OptionError, match=r"this method uses no encoder; it uses no component$"):
        _resolve({"encoder.width": 3}, short={"method": "none"})
    with pytest.raises(
        OptionError, match=r"^encoder = 'net' has no use here: .* uses no component"
    ):
        _resolve({"encoder": "net"}, short={"method": "none"})


def test_a_short_name_that_contradicts_its_option() -> None:
    message = r"^width = 3 and encoder\.width = 4 contradict each other; give one of them$"
    with pytest.raises(OptionError, match=message):
        _resolve({"encoder.width": 4}, short={"width": 3})
    assert _encoder(_resolve({"encoder.width": 3}, short={"width": 3})).width == 3


@pytest.mark.parametrize("seed", [-1, 2**62])
def test_seeds_out_of_range(seed: int) -> None:
    with pytest.raises(OptionError, match=r"option 'run\.seed' = -?\d+: Input should be"):
        _resolve(short={"seed": seed})


def test_settings_written_by_a_run_resolve_to_the_same(tmp_path: Path) -> None:
    first = _resolve(
        {"dataset": "rows", "encoder": "acme:net", "encoder.file": tmp_path / "w"},
        short={"preset": "wide", "width": 3, "seeds": 2, "representation": "2*V2 + 1*S"},
        suggested={"encoder.bounds": (1, 2)},
    )
    folder = RunFolder.create(tmp_path / "run")
    folder.write_config(first.as_dict())
    again = _resolve(flatten(read_config(folder.config)))
    assert again == first
    assert _encoder(again).file == tmp_path / "w"
    assert _encoder(again).bounds == (1.0, 2.0)


def test_plugin_prefix_of_an_installed_component() -> None:
    settings = resolve(default_host(), {"discriminator": "basics:mlp"}, short={})
    assert settings.components["discriminator"] == "basics:mlp"
    assert settings.classes["discriminator"].__name__ == "MLPDiscriminator"
    assert "depth" in settings.options["discriminator"].model_dump()
    with pytest.raises(
        OptionError, match="no discriminator named 'mpl'; in plugin 'basics': conv, mlp"
    ):
        resolve(default_host(), {"discriminator": "basics:mpl"}, short={})


def _presets() -> list[tuple[str, str]]:
    methods = default_host().components("method")
    return [(offer.name, preset) for offer in methods for preset in offer.load().presets]


@pytest.mark.parametrize(("method", "preset"), _presets())
def test_every_preset_of_every_installed_method_resolves(method: str, preset: str) -> None:
    settings = resolve(default_host(), short={"method": method, "preset": preset})
    values = settings.as_dict()
    for address, value in settings.classes["method"].presets[preset].items():
        section, dot, option = address.partition(".")
        assert (values["options"][section][option] if dot else values[section]) == value


def test_what_suits_the_data_as_a_whole_goes_with_its_preset() -> None:
    suggested = {"method.steps": 9, "encoder": "net", "encoder.width": 5, "data.window": 4}
    meant, other = (_resolve({"preset": p}, suggested=suggested) for p in ("default", "wide"))
    assert meant.options["method"] == MethodOptions(steps=9)
    assert meant.options["encoder"] == NetOptions(width=5)
    assert other.options["method"] == MethodOptions(steps=7)
    assert other.options["encoder"] == NetOptions(width=64)
    assert (meant.data.window, other.data.window) == (4, 4)


def test_what_suits_the_data_by_itself_goes_with_every_preset() -> None:
    settings = _resolve({"preset": "wide"}, suggested={"encoder.width": 5})
    assert settings.options["encoder"] == NetOptions(width=5)
