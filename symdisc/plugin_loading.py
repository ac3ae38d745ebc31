"""Import one plugin and read its hooks; a failure stays within that plugin.

pluggy's ``load_setuptools_entrypoints`` is not used: it stops at the first plugin whose import
fails and skips a second plugin of the same name in silence. Each plugin also gets a plugin
manager of its own, so that nothing one plugin registers can reach another.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pluggy

from symdisc import API_VERSION, hookspecs
from symdisc.components import HOOK_OF_KIND, Component
from symdisc.errors import PluginError
from symdisc.plugin_record import PluginRecord
from symdisc.suggest import did_you_mean

VERSION_ATTRIBUTE = "SYMDISC_API_VERSION"
TRACE_VARIABLE = "SYMDISC_TRACE_PLUGINS"


def load_plugin(record: PluginRecord) -> None:
    """Import the plugin and list what it offers, once.

    Afterwards the record is ``loaded``, or says why it is not; nothing is raised.
    """
    if record.status != "found":
        return
    torch_was_imported = "torch" in sys.modules
    try:
        plugin = record.entry_point.load()
    except (Exception, SystemExit) as error:
        record.mark_broken("import failed", error)
        return
    if "torch" in sys.modules and not torch_was_imported:
        record.warnings.append("its light module imports torch, which slows every command down")
    try:
        if _speaks_our_version(record, plugin):
            _read_hooks(record, plugin)
            record.status = "loaded"
    except (Exception, SystemExit) as error:
        record.mark_broken("refused", error)


def _speaks_our_version(record: PluginRecord, plugin: object) -> bool:
    version = getattr(plugin, VERSION_ATTRIBUTE, None)
    if version is None:
        record.warnings.append(
            f"it does not say for which plugin interface it was written; "
            f"add {VERSION_ATTRIBUTE} = {API_VERSION} to {record.entry_point.value}"
        )
        return True
    if type(version) is not int:
        raise PluginError(f"{VERSION_ATTRIBUTE} must be a whole number, got {version!r}")
    if version != API_VERSION:
        older = "symdisc" if version > API_VERSION else record.distribution
        record.set_aside(
            "incompatible",
            f"written for plugin interface {version}, but this symdisc has {API_VERSION}; "
            f"install a newer {older}",
        )
    return version == API_VERSION


def _read_hooks(record: PluginRecord, plugin: object) -> None:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    if os.environ.get(TRACE_VARIABLE, "0") not in ("", "0"):
        manager.add_hookcall_monitoring(before=_trace_nothing, after=_trace_call)
    manager.register(plugin, name=record.name)
    callers = manager.get_hookcallers(plugin) or []
    _refuse_unknown_hooks(callers)
    if not callers:
        record.warnings.append("it implements no hook; mark its functions with @symdisc.hookimpl")
    record.hooks = tuple(sorted(caller.name for caller in callers))
    record.components = {
        kind: _distinct(kind, _listed(manager, hook))
        for kind, hook in HOOK_OF_KIND.items()
        if hook in record.hooks
    }


def _refuse_unknown_hooks(callers: Iterable[pluggy.HookCaller]) -> None:
    for caller in callers:
        if not caller.has_spec() and not all(i.optionalhook for i in caller.get_hookimpls()):
            hint = did_you_mean(caller.name, HOOK_OF_KIND.values())
            raise PluginError(
                f"it implements {caller.name!r}, a hook that this symdisc does not have.{hint}"
            )


def _listed(manager: pluggy.PluginManager, hook: str) -> Iterator[Component]:
    results = getattr(manager.hook, hook)()
    if not results:
        # pluggy drops the result of an implementation that returns None.
        raise PluginError(f"{hook} must return a list of symdisc.Component, got None")
    for result in results:
        if not isinstance(result, Iterable):
            kind = type(result).__name__
            raise PluginError(f"{hook} must return a list of symdisc.Component, got {kind}")
        for item in result:
            if not isinstance(item, Component):
                raise PluginError(
                    f"{hook} must list symdisc.Component objects, got {type(item).__name__}"
                )
            yield item


def _distinct(kind: str, components: Iterable[Component]) -> tuple[Component, ...]:
    by_name: dict[str, Component] = {}
    for component in components:
        if component.name in by_name:
            raise PluginError(f"it offers {kind} {component.name!r} twice")
        by_name[component.name] = component
    return tuple(by_name.values())


def _trace_nothing(
    hook_name: str, hook_impls: Sequence[pluggy.HookImpl], kwargs: Mapping[str, object]
) -> None:
    """The monitoring interface wants a function to call before each hook."""


def _trace_call(
    outcome: pluggy.Result[object],
    hook_name: str,
    hook_impls: Sequence[pluggy.HookImpl],
    kwargs: Mapping[str, object],
) -> None:
    plugins = ", ".join(implementation.plugin_name for implementation in hook_impls)
    failure = outcome.exception
    result = f"raised {failure!r}" if failure is not None else f"returned {outcome.get_result()!r}"
    sys.stderr.write(f"symdisc: trace: {hook_name}({', '.join(kwargs)}) of {plugins} {result}\n")
