from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from symdisc.errors import (
    AmbiguousComponentError,
    BrokenComponentError,
    PluginError,
    UnknownComponentError,
)
from symdisc.interfaces import CoefficientDistribution
from symdisc.registry import PluginHost, check_kind, default_host

MakeHost = Callable[[dict[str, str]], PluginHost]


def _groups(*names: str) -> str:
    listed = ", ".join(f"Component({name!r}, 'a.module:Class', 'A group.')" for name in names)
    return f"SYMDISC_API_VERSION = 1\n@hookimpl\ndef symdisc_groups(): return [{listed}]\n"


LAWS = """
SYMDISC_API_VERSION = 1
from symdisc.interfaces import CoefficientDistribution

@hookimpl
def symdisc_coefficients():
    return [Component(n, f"{__name__}:{c}", "A law.") for n, c in
            (("good", "Good"), ("bare", "Bare"), ("alien", "Alien"), ("absent", "Absent"))]

class Good(CoefficientDistribution):
    def __init__(self, options, n_generators): self.n_generators = n_generators
    def sample(self, shape, rng): raise NotImplementedError
    def log_prob(self, z): raise NotImplementedError
    support = (0.0, 1.0)

class Bare(CoefficientDistribution): pass
class Alien: pass
"""


def test_making_a_host_imports_no_plugin(make_host: MakeHost) -> None:
    host = make_host({"acme": _groups("e2")})
    assert host.records[0].status == "found"
    assert host.records[0].entry_point.value not in sys.modules


def test_a_built_in_name_is_found_without_importing_third_parties(make_host: MakeHost) -> None:
    host = make_host({"basics@symdisc": _groups("so2"), "acme": _groups("so2", "e2")})
    assert host.find("group", "so2").name == "basics:so2"
    assert [record.status for record in host.records] == ["loaded", "found"]


def test_a_full_name_reaches_what_a_built_in_hides(make_host: MakeHost) -> None:
    host = make_host({"basics@symdisc": _groups("so2"), "acme": _groups("so2")})
    offer = host.find("group", "acme:so2")
    assert (offer.name, offer.kind, offer.plugin.name) == ("acme:so2", "group", "acme")
    assert host.records[0].status == "found"


def test_the_plugin_of_that_name_comes_before_other_plugins(make_host: MakeHost) -> None:
    host = make_host({"lorentz": _groups("lorentz"), "acme": _groups("lorentz")})
    assert host.find("group", "lorentz").name == "lorentz:lorentz"


def test_a_unique_name_among_third_parties_is_found(make_host: MakeHost) -> None:
    host = make_host({"lorentz": _groups("so13"), "acme": _groups("e2")})
    assert host.find("group", "e2").name == "acme:e2"


def test_an_ambiguous_name_lists_the_choices(make_host: MakeHost) -> None:
    host = make_host({"lorentz": _groups("e2"), "acme": _groups("e2")})
    message = "group 'e2' is offered by several plugins; choose one of: acme:e2, lorentz:e2"
    with pytest.raises(AmbiguousComponentError, match=message):
        host.find("group", "e2")


def test_collisions_name_every_owner(make_host: MakeHost) -> None:
    host = make_host({"basics@symdisc": _groups("so2"), "acme": _groups("so2", "e2")})
    assert host.collisions() == {("group", "so2"): ["acme:so2", "basics:so2"]}


def test_components_are_sorted_by_kind_name_and_plugin(make_host: MakeHost) -> None:
    encoder = "@hookimpl\ndef symdisc_encoders(): return [Component('z', 'a:B', 'Z.')]"
    host = make_host({"zeta": _groups("b", "a") + encoder, "acme": _groups("b")})
    names = [(offer.kind, offer.name) for offer in host.components()]
    assert names == [
        ("encoder", "zeta:z"),
        ("group", "zeta:a"),
        ("group", "acme:b"),
        ("group", "zeta:b"),
    ]
    assert [offer.name for offer in host.components("encoder")] == ["zeta:z"]


def test_an_unknown_name_gets_the_list_and_a_suggestion(make_host: MakeHost) -> None:
    host = make_host({"acme": _groups("lorentz", "e2")})
    message = r"^no group named 'lorenz'; installed: e2, lorentz\. Did you mean 'lorentz'\?$"
    with pytest.raises(UnknownComponentError, match=message):
        host.find("group", "lorenz")


def test_an_unknown_name_mentions_plugins_that_are_out_of_use(
    make_host: MakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_host({"acme": _groups("e2"), "bad": "import no_such_library", "off": _groups("so2")})
    monkeypatch.setenv("SYMDISC_DISABLE_PLUGINS", "off")
    with pytest.raises(UnknownComponentError) as caught:
        make_host({}).find("group", "so2")
    assert str(caught.value).splitlines() == [
        "no group named 'so2'; installed: e2.",
        "plugin 'bad' (symdisc-bad 1.0) is broken: import failed: ModuleNotFoundError: "
        "No module named 'no_such_library'",
        "plugin 'off' (symdisc-off 1.0) is disabled: named in SYMDISC_DISABLE_PLUGINS",
    ]


def test_a_name_of_another_kind_is_pointed_out(make_host: MakeHost) -> None:
    host = make_host({"acme": _groups("e2")})
    message = r"no method named 'e2'; installed: none\. Installed under that name: group acme:e2\."
    with pytest.raises(UnknownComponentError, match=message):
        host.find("method", "e2")


def test_an_unknown_prefix_has_its_own_message(make_host: MakeHost) -> None:
    host = make_host({"acme": _groups("e2"), "lorentz": _groups("so13")})
    message = r"^no plugin named 'acne'; installed: acme, lorentz\. Did you mean 'acme'\?$"
    with pytest.raises(UnknownComponentError, match=message):
        host.find("group", "acne:e2")


def test_a_known_prefix_lists_what_that_plugin_offers(make_host: MakeHost) -> None:
    host = make_host({"acme": _groups("e2"), "lorentz": _groups("so13")})
    message = (
        r"^no group named 'so13'; in plugin 'acme': e2\. "
        r"Installed under that name: group lorentz:so13\.$"
    )
    with pytest.raises(UnknownComponentError, match=message):
        host.find("group", "acme:so13")


def test_the_prefix_of_a_broken_plugin_says_why(make_host: MakeHost) -> None:
    host = make_host({"bad": "1 / 0", "acme": _groups("e2")})
    message = r"in plugin 'bad': none\. .* group acme:e2\.\nplugin 'bad' \(.*\) is broken: .*Zero"
    with pytest.raises(UnknownComponentError, match=message):
        host.find("group", "bad:e2")


def test_without_any_plugin_the_message_says_so() -> None:
    with pytest.raises(PluginError, match="no plugin is installed, not even a built-in one"):
        PluginHost([]).find("group", "so2")


@pytest.mark.parametrize("call", ["find", "get", "components"])
def test_an_unknown_kind_lists_the_kinds(call: str, make_host: MakeHost) -> None:
    host = make_host({})
    arguments = ("grup",) if call == "components" else ("grup", "so2")
    message = r"no kind of component is called 'grup'; kinds: encoder, .*Did you mean 'group'\?"
    with pytest.raises(UnknownComponentError, match=message):
        getattr(host, call)(*arguments)


def test_check_kind_returns_a_good_kind() -> None:
    assert check_kind("method") == "method"


def test_plugin_returns_all_records_of_a_name(make_host: MakeHost) -> None:
    host = make_host({"tools@zeta-tools": _groups("z"), "tools@alpha-tools": _groups("a")})
    assert [record.status for record in host.plugin("tools")] == ["loaded", "shadowed"]
    with pytest.raises(PluginError, match=r"no plugin named 'tool'; installed: tools\. Did you"):
        host.plugin("tool")


def test_get_returns_the_class(make_host: MakeHost) -> None:
    law = make_host({"laws": LAWS}).get("coefficients", "good")
    assert issubclass(law, CoefficientDistribution)
    assert law.__name__ == "Good"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "bare",
            "coefficients 'laws:bare' .* cannot be used: it does not implement '__init__'; "
            "it does not implement 'log_prob'; it does not implement 'sample'; "
            "it does not implement 'support'$",
        ),
        ("alien", "it must be a subclass of symdisc.interfaces.CoefficientDistribution$"),
        ("absent", "component 'absent' could not be imported from .*AttributeError"),
    ],
)
def test_get_refuses_what_breaks_its_interface(
    name: str, message: str, make_host: MakeHost
) -> None:
    with pytest.raises(BrokenComponentError, match=message):
        make_host({"laws": LAWS}).get("coefficients", name)


def test_the_default_host_is_shared_and_holds_the_built_in_plugins() -> None:
    host = default_host()
    assert default_host() is host
    built_in = {record.name: record.status for record in host.load_all() if record.builtin}
    assert set(built_in.values()) == {"loaded"}
    assert {"basics", "liegan"} <= set(built_in)
