"""Whether a diagram says what the cards taken from it say: element by element, flow by flow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from engine.runtime.diagram import Flow, Node, Process
from office.chains.errors import NotComposable

#: where something stands, and what is compared by itself
_LEFT_OUT = frozenset({"line", "id", "default", "name", "attribute", "lane"})


def differences(found: Process, again: Process, ids: Mapping[str, str]) -> Iterator[NotComposable]:
    """`ids`: how each element of the file is called where the cards are written again."""
    for node in found.nodes.values():
        twin = again.nodes.get(ids.get(node.id, ""))
        if twin is None:
            yield NotComposable(node.id, node.name, "unreached")
        else:
            yield from _compare(node, twin, ids)
    yield from _compare_flows(found, again, ids)
    for one, other in ((found.title, again.title), (found.start_form, again.start_form)):
        if _plain(one, {}) != _plain(other, {}):
            yield NotComposable(found.id, found.name, "differs", "title")


def _compare(node: Node, twin: Node, ids: Mapping[str, str]) -> Iterator[NotComposable]:
    for one in fields(Node):
        if one.name in _LEFT_OUT:
            continue
        before, after = getattr(node, one.name), getattr(twin, one.name)
        if one.name == "settings":
            yield from _compare_settings(node, twin)
        elif _plain(before, ids if one.name == "attached_to" else {}) != _plain(after, {}):
            yield NotComposable(node.id, node.name, "differs", one.name)
    if node.lane:
        yield NotComposable(node.id, node.name, "differs", "lane")


def _compare_settings(node: Node, twin: Node) -> Iterator[NotComposable]:
    for one in fields(node.settings):
        before, after = getattr(node.settings, one.name), getattr(twin.settings, one.name)
        if _plain(before, {}) != _plain(after, {}):
            yield NotComposable(node.id, node.name, "differs", one.name)


def _plain(value: Any, ids: Mapping[str, str]) -> Any:
    """Facts without their places, and texts without the white space around them."""
    if is_dataclass(value):
        kept = (one.name for one in fields(value) if one.name not in ("line", "attribute"))
        return [(name, _plain(getattr(value, name), ids)) for name in kept]
    if isinstance(value, tuple | list):
        return [_plain(one, ids) for one in value]
    return ids.get(value.strip(), value.strip()) if isinstance(value, str) else value


def _compare_flows(
    found: Process, again: Process, ids: Mapping[str, str]
) -> Iterator[NotComposable]:
    wanted = Counter(_flow(flow, again, {}) for flow in again.flows.values())
    for flow in found.flows.values():
        said = _flow(flow, found, ids)
        if wanted[said] == 0:
            yield NotComposable(flow.id, flow.name, "flow")
        wanted[said] -= 1


def _flow(flow: Flow, process: Process, ids: Mapping[str, str]) -> tuple[str, str, str, bool]:
    """A default flow of a gateway with one way out says nothing."""
    source = process.nodes[flow.source]
    ways = sum(1 for other in process.flows.values() if other.source == flow.source)
    condition = " ".join(flow.condition.feel.split()) if flow.condition else ""
    default = source.default == flow.id and ways > 1
    here, there = ids.get(flow.source, flow.source), ids.get(flow.target, flow.target)
    return here, there, condition, default
