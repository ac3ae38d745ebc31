"""Settings of a run: one grammar for Python, YAML and the command line, checked all at once.

An option's address is ``kind.option``, for instance ``group.n_generators``. ``run``, ``data``
and ``verify`` are the core's own sections; the others are component kinds. A bare kind chooses
the component: ``{"discriminator": "acme:wide-mlp", "discriminator.width": 256}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, Self, cast

from pydantic import model_validator

from symdisc.components import KINDS
from symdisc.errors import OptionError, SymdiscError
from symdisc.options import Field, Options, option_problems
from symdisc.suggest import did_you_mean
from symdisc.verify.defect_options import DefectOptions

Flat = dict[str, Any]

DEFAULT_METHOD = "liegan"
"""Used when neither the user nor the data set names a method."""

DATA_SPACE = "identity"
"""The encoder with which the group acts on the coordinates of the data."""

_OF_DATA = {"group.blocks"}
"""Options that name coordinates on which the group acts."""

CORE_SHORT_NAMES = {
    "seeds": "run.seeds",
    "seed": "run.seed",
    "device": "run.device",
    "kernel": "run.kernel",
    "window": "data.window",
    "representation": "data.representation",
    "target_representation": "data.target_representation",
    "states_key": "data.states_key",
    "targets_key": "data.targets_key",
    "columns": "data.columns",
    "target_columns": "data.target_columns",
    "trajectory_column": "data.trajectory_column",
    "standardise": "data.standardise",
    "verifier": "verify.verifier",
}
"""Keyword arguments that every method has; a method adds its own."""


class RunOptions(Options):
    """Settings of the run itself."""

    seeds: int = Field(16, ge=1, description="Seeds trained at once [1]")
    seed: int = Field(0, ge=0, lt=2**62, description="First seed; the others count up from it [1]")
    device: str = Field("auto", description="Where to compute: auto, cpu, cuda or cuda:N")
    kernel: str = Field("auto", description="Kernel backend: auto or a name of `list kernel`")
    checkpoint_every: float | None = Field(
        None,
        ge=0,
        description="Time between checkpoints, 0 for every step; null: at most 1 % of the time of "
        "the run goes into them [s]",
    )
    evaluate_every: int | None = Field(
        None, ge=1, description="Steps between looks at the validation rows; null: none [1]"
    )
    keep: Literal["last", "best"] = Field(
        "last", description="What a seed ends with: its last state or the best one looked at"
    )
    patience: int | None = Field(
        None, ge=1, description="Looks that improve no seed, after which a stage ends; null: never"
    )
    loggers: tuple[str, ...] = Field(
        (), description="Where values go besides the metrics files: names of `list logger`"
    )

    @model_validator(mode="after")
    def _looks_are_made(self) -> Self:
        if self.evaluate_every is None and (self.keep == "best" or self.patience is not None):
            raise ValueError(
                "keep = 'best' and patience need looks at the validation rows; set "
                "run.evaluate_every, for instance to 50"
            )
        return self


class DataOptions(Options):
    """How the data are to be read."""

    representation: str | None = Field(
        None,
        description="How a state transforms, e.g. 'V8' or '4*V2 + 1*S'; null: as the data say, "
        "else one vector",
    )
    target_representation: str | None = Field(
        None, description="How number targets transform; null: as the data say, else not at all"
    )
    window: int | None = Field(
        None, ge=1, description="Consecutive states in a sample; null: 2 for trajectories, else 1"
    )
    states_key: str | None = Field(None, description="Array of a file that holds the states")
    targets_key: str | None = Field(None, description="Array of a file that holds the targets")
    columns: tuple[str, ...] | None = Field(
        None, description="Columns of a table that are the coordinates of a state; null: the rest"
    )
    target_columns: tuple[str, ...] | None = Field(
        None, description="Columns of a table that are targets; null: y, target(s) or label"
    )
    trajectory_column: str | None = Field(
        None, description="Column that marks trajectories; null: trajectory or run; '': none does"
    )
    standardise: Literal["none", "scale", "centre"] = Field(
        "none",
        description="scale: divide coordinates by their root mean square while searching, for "
        "unlike units; centre: subtract their mean before, about which the group then acts",
    )


SECTIONS: dict[str, type[Options]] = {
    "run": RunOptions,
    "data": DataOptions,
    "verify": DefectOptions,
}


class Lookup(Protocol):
    """What the configuration needs of the plugin host."""

    def get(self, kind: str, name: str) -> Any:
        """The class behind a component."""


@dataclass(frozen=True)
class Settings:
    """A run, fully resolved.

    Attributes:
        components: Name of the chosen component, by kind.
        classes: The class behind each of them.
        options: Checked options by section (the core's own and each kind).
        preset: The preset the method started from.
    """

    components: dict[str, str]
    classes: dict[str, Any] = field(repr=False)
    options: dict[str, Options]
    preset: str

    @property
    def run(self) -> RunOptions:
        """The run's own options."""
        return cast("RunOptions", self.options["run"])

    @property
    def data(self) -> DataOptions:
        """How the data are read."""
        return cast("DataOptions", self.options["data"])

    @property
    def verify(self) -> DefectOptions:
        """How generators are tested on held-out rows."""
        return cast("DefectOptions", self.options["verify"])

    def as_dict(self) -> dict[str, Any]:
        """Plain values for ``config.yaml``; reading them back gives the same settings."""
        return {
            **self.components,
            "preset": self.preset,
            "options": {
                name: model.model_dump(mode="json") for name, model in self.options.items()
            },
        }


def flatten(given: Mapping[str, Any]) -> Flat:
    """Read nested or dotted settings: ``{"group": {"blocks": …}}`` as ``{"group.blocks": …}``.

    Raises:
        OptionError: ``options`` is not a mapping, or a name is not text.
    """
    flat: Flat = {}
    for key, value in given.items():
        if not isinstance(key, str):
            raise OptionError(
                f"a setting is named by text such as 'group.n_generators'; got {key!r} = {value!r}"
            )
        if key == "options":
            if not isinstance(value, Mapping):
                raise OptionError(f"'options' must be a mapping; got {value!r}")
            flat |= flatten(value)
        elif isinstance(value, Mapping) and "." not in key:
            flat |= {f"{key}.{name}": inner for name, inner in value.items()}
        else:
            flat[key] = value
    return flat


def resolve(
    host: Lookup,
    *layers: Mapping[str, Any],
    short: Mapping[str, Any],
    suggested: Mapping[str, Any] | None = None,
) -> Settings:
    """Merge the layers, later ones win, and check everything that was asked for.

    Args:
        host: Finds component classes by name.
        layers: Flat settings from the weakest to the strongest; ``method`` and ``preset`` may
            stand in any of them.
        short: Short names (``n_generators=1``), as strong as the last layer.
        suggested: What suits the data: stronger than the preset, weaker than the layers, and
            passed over where the method has no use for it.

    Raises:
        OptionError: Lists every unknown component, option and wrong value.
        UnknownComponentError: No such method.
    """
    merged: Flat = {}
    for layer in layers:
        merged |= layer
    suggested = suggested or {}
    chosen = short.get("method") or merged.get("method") or suggested.get("method")
    merged["method"] = str(chosen or DEFAULT_METHOD)
    method = _method(host, merged["method"], {**merged, **short})
    problems: list[str] = []
    explicit = dict(layers[-1]) if layers else {}
    merged |= _expand_short_names(method, short, explicit, problems)
    preset = str(merged.pop("preset", None) or _suggested_preset(method, suggested, merged))
    kinds = [*method.uses, *(["dataset"] if "dataset" in merged else [])]
    useful = _useful(suggested, merged, preset) & {*kinds, *SECTIONS, "method"}
    fitting = {key: value for key, value in suggested.items() if key.partition(".")[0] in useful}
    weak = _preset(method, preset, problems) | fitting
    asked = merged
    if _learns_coordinates(method, {**weak, **asked}, suggested):
        weak = {key: value for key, value in weak.items() if key not in _OF_DATA & set(suggested)}
    merged = {**weak, **asked}
    components = {"method": str(merged.pop("method"))}
    classes = {"method": method}
    for kind in kinds:
        components[kind] = str(merged.pop(kind, method.uses.get(kind)))
        try:
            classes[kind] = host.get(kind, components[kind])
        except SymdiscError as error:
            problems.append(str(error))
    models = SECTIONS | {kind: cls.Options for kind, cls in classes.items()}
    for address in _without_use(weak, suggested, asked, models):
        del merged[address]
    sections = _sections(merged, models, classes, set(kinds), problems)
    for name, model in models.items():
        problems += option_problems(model, sections[name], name)
    if problems:
        raise OptionError("\n".join(problems))
    options = {name: model.model_validate(sections[name]) for name, model in models.items()}
    return Settings(components, classes, options, preset)


def _method(host: Lookup, name: str, asked: Mapping[str, Any]) -> Any:
    """The method's class; where it is unknown, other unknown components are reported with it."""
    try:
        return host.get("method", name)
    except SymdiscError as error:
        problems = [str(error)]
        for kind in sorted(set(KINDS) & set(asked) - {"method", "kernel"}):
            try:
                host.get(kind, str(asked[kind]))
            except SymdiscError as other:
                problems.append(str(other))
        if len(problems) == 1:
            raise
        raise OptionError("\n".join(problems)) from None


def _expand_short_names(
    method: Any, short: Mapping[str, Any], explicit: Mapping[str, Any], problems: list[str]
) -> Flat:
    addresses = CORE_SHORT_NAMES | dict(method.short_names)
    expanded: Flat = {}
    for name, value in short.items():
        if name in addresses:
            address = addresses[name]
        elif name == "preset" or name in KINDS:
            address = name
        else:
            known = sorted({*addresses, *KINDS, "preset"} - {"dataset", "logger", "problem"})
            problems.append(
                f"unknown argument {name!r}; allowed: {', '.join(known)}."
                + did_you_mean(name, known)
            )
            continue
        if address in explicit and explicit[address] != value:
            problems.append(
                f"{name} = {value!r} and {address} = {explicit[address]!r} contradict each other; "
                "give one of them"
            )
        expanded[address] = value
    return expanded


def _preset(method: Any, name: str, problems: list[str]) -> Flat:
    if name in method.presets:
        return dict(method.presets[name])
    problems.append(
        f"no preset named {name!r}; allowed: {', '.join(method.presets)}."
        + did_you_mean(name, method.presets)
    )
    return {}


def _suggested_preset(method: Any, suggested: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """The preset that suits the data, where it is one of the method in use."""
    meant = suggested.get("method", asked["method"]) == asked["method"]
    preset = suggested.get("preset") if meant else None
    return str(preset) if preset in method.presets else "default"


def _useful(suggested: Mapping[str, Any], asked: Mapping[str, Any], preset: str) -> set[str]:
    """Sections of suggestions that count beside the method and the preset in use.

    What is suggested for another method's own options does not. Nor does, beside another preset,
    what comes as a whole with that method: its options, and components with options of theirs.
    """
    sections = {address.partition(".")[0] for address in suggested}
    if suggested.get("method", asked["method"]) != asked["method"]:
        return sections - {"method"}
    if suggested.get("preset", "default") == preset:
        return sections
    with_options = {address.partition(".")[0] for address in suggested if "." in address}
    return sections - (with_options & {"method", *suggested})


def _learns_coordinates(
    method: Any, merged: Mapping[str, Any], suggested: Mapping[str, Any]
) -> bool:
    """Whether the group acts on coordinates of which the data set that suggests knows nothing."""
    if "encoder" not in method.uses or "encoder" in suggested:
        return False
    return str(merged.get("encoder", method.uses["encoder"])).split(":")[-1] != DATA_SPACE


def _without_use(
    weak: Mapping[str, Any],
    suggested: Mapping[str, Any],
    asked: Mapping[str, Any],
    models: Mapping[str, type[Options]],
) -> set[str]:
    """Weak options that the chosen component lacks, where it is not the one they were made for.

    A preset that does not fit the components it chooses itself is a fault of its method, which
    is not hidden.
    """
    found = set()
    for address in set(weak) - set(asked):
        section, dot, option = address.partition(".")
        foreign = address in suggested or section in asked or section in suggested
        if dot and foreign and section in models and option not in models[section].model_fields:
            found.add(address)
    return found


def _sections(
    merged: Flat,
    models: Mapping[str, type[Options]],
    classes: Mapping[str, Any],
    kinds: set[str],
    problems: list[str],
) -> dict[str, Flat]:
    sections: dict[str, Flat] = {name: {} for name in models}
    for address, value in merged.items():
        section, dot, option = address.partition(".")
        if dot and section in sections:
            sections[section][option] = value
        elif section in kinds and section not in classes:
            continue  # the component itself is unknown, which is reported already
        elif section in KINDS and dot:
            problems.append(
                f"option {address!r} has no use here: this method uses no {section}; "
                f"it uses {', '.join(sorted(kinds)) or 'no component'}"
            )
        elif section == "logger":
            problems.append(
                f"logger = {value!r}: a run may have several loggers; write "
                f"--set run.loggers='[{value}]'"
            )
        elif section == "verifier":
            problems.append(
                f"verifier = {value!r}: how held-out rows are tested is an option; write "
                f"--set verify.verifier={value}"
            )
        elif section in KINDS:
            problems.append(
                f"{section} = {value!r} has no use here: this method uses "
                f"{', '.join(sorted(kinds)) or 'no component'}"
            )
        else:
            known = [
                *models,
                *(f"{name}.{key}" for name, model in models.items() for key in model.model_fields),
            ]
            problems.append(
                f"unknown option {address!r}; options look like 'group.n_generators', their "
                f"sections are {', '.join(models)}.{did_you_mean(address, known)}"
            )
    return sections
