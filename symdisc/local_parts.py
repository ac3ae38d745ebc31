"""Methods whose group acts on parts of a sample: what is named and tested are the parts."""

from __future__ import annotations

from dataclasses import replace

from symdisc.data.samples import Samples
from symdisc.data.splits import Split
from symdisc.errors import UnknownComponentError
from symdisc.interfaces import LocalMethod, Method
from symdisc.options import parse_options
from symdisc.registry import PluginHost
from symdisc.result import SymmetryResult


def parts_of(method: Method, samples: Samples) -> Samples:
    """Parts of samples, of which the method tells; of other methods the samples themselves."""
    return method.parts(samples) if isinstance(method, LocalMethod) else samples


def split_parts(method: Method, split: Split) -> Split:
    """:func:`parts_of` each part of a split; what was held out stays so."""
    return Split(*(parts_of(method, s) for s in (split.train, split.validation, split.held_out)))


def named_by_parts(method: Method, result: SymmetryResult) -> SymmetryResult:
    """The result with a name of its group that says which parts it acts on."""
    name, on, _ = result.group.partition(" on ")
    if not (isinstance(method, LocalMethod) and method.parts_are and on):
        return result
    return replace(result, group=f"{name} on {method.parts_are}")


def parts_like(host: PluginHost, result: SymmetryResult, samples: Samples) -> Samples:
    """Parts of samples as the method of an earlier run sees them.

    Samples themselves where it is not installed: results are tested without their method.

    Args:
        host: The plugins to choose from.
        result: What was found.
        samples: Samples of the run, or others like these.
    """
    try:
        kind: type[Method] = host.get("method", str(result.config.get("method")))
    except UnknownComponentError:
        return samples
    if not issubclass(kind, LocalMethod):
        return samples
    settings = result.config.get("options", {}).get("method", {})
    return parts_of(kind(parse_options(kind.Options, settings, "method")), samples)
