"""Event definitions: which event an event node, a send or a receive task means."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from engine.runtime.diagram import Event, Phrase, Timer
from engine.runtime.parse import instead, names
from engine.runtime.parse.expressions import expression
from engine.runtime.parse.extensions import first
from engine.runtime.parse.findings import Findings

#: event definitions that run, by the node types in which they do
RUNS: dict[str, frozenset[str]] = {
    "message": names.EVENTS,
    "signal": names.EVENTS,
    "timer": frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"}),
    "conditional": frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"}),
    "error": frozenset({"startEvent", "endEvent", "boundaryEvent"}),
    "escalation": frozenset({"startEvent", "endEvent", "boundaryEvent", "intermediateThrowEvent"}),
    "terminate": frozenset({"endEvent"}),
    "link": frozenset({"intermediateCatchEvent", "intermediateThrowEvent"}),
}
_THROWS = ("endEvent", "intermediateThrowEvent")
_TIMES = ("timeDate", "timeDuration", "timeCycle")


@dataclass(slots=True)
class Catalogue:
    """What events refer to: messages and signals by id to name, errors and escalations to code."""

    messages: dict[str, str] = field(default_factory=dict)
    signals: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str | None] = field(default_factory=dict)
    escalations: dict[str, str | None] = field(default_factory=dict)


def read_catalogue(root: etree._Element) -> Catalogue:
    return Catalogue(
        {_id(e): e.get("name") or _id(e) for e in root.findall(names.bpmn("message"))},
        {_id(e): e.get("name") or _id(e) for e in root.findall(names.bpmn("signal"))},
        {_id(e): e.get("errorCode") or _id(e) for e in root.findall(names.bpmn("error"))},
        {_id(e): e.get("escalationCode") or _id(e) for e in root.findall(names.bpmn("escalation"))},
    )


def _id(element: etree._Element) -> str:
    return element.get("id") or ""


def reference(text: str | None) -> str:
    """A QName reference without its prefix: messageRef="tns:m1" means m1."""
    return (text or "").strip().rsplit(":", 1)[-1]


def definitions(node: etree._Element) -> list[etree._Element]:
    return [e for e in names.bpmn_children(node) if names.local(e).endswith("EventDefinition")]


def read_event(node: etree._Element, catalogue: Catalogue, found: Findings) -> Event:
    """The one event of a node; several, or one that does not run here, are found as problems."""
    all_of_them = definitions(node)
    if node.find(names.bpmn("eventDefinitionRef")) is not None:
        mend = "Put the event definition into the event itself."
        return _refuse(node, "an eventDefinitionRef", mend, found)
    if not all_of_them:
        return Event("none", names.line(node))
    if len(all_of_them) > 1:
        mend = instead.of_several(names.local(node))
        return _refuse(node, "several event definitions in one event", mend, found)
    return _one(node, all_of_them[0], catalogue, found)


def _refuse(node: etree._Element, what: str, mend: str, found: Findings) -> Event:
    """What stands in its place says nothing more: one mistake is one finding."""
    found.error(
        "unsupported_event",
        node,
        f"Expected an event that runs here, but {what} of a {names.local(node)} does not.",
        mend,
    )
    return Event("refused", names.line(node))


def _one(
    node: etree._Element, definition: etree._Element, catalogue: Catalogue, found: Findings
) -> Event:
    kind = names.local(definition).removesuffix("EventDefinition")
    if names.local(node) not in RUNS.get(kind, frozenset()):
        return _refuse(node, f"the {kind} event", instead.of_event(kind), found)
    line = names.line(definition)
    if kind in ("message", "signal", "link"):
        return Event(kind, line, name=_name(node, definition, kind, catalogue, found))
    if kind in ("error", "escalation"):
        return Event(kind, line, code=_code(node, definition, kind, catalogue, found))
    if kind == "timer":
        return Event(kind, line, timer=_timer(definition, found))
    if kind == "conditional":
        return Event(kind, line, condition=_condition(definition, found))
    return Event(kind, line)


def _name(
    node: etree._Element,
    definition: etree._Element,
    kind: str,
    catalogue: Catalogue,
    found: Findings,
) -> str:
    if kind == "link":
        return definition.get("name") or node.get("name") or ""
    known = catalogue.messages if kind == "message" else catalogue.signals
    ref = reference(definition.get(f"{kind}Ref"))
    if ref and ref in known:
        _check_plain(definition, kind, known[ref], found)
        return known[ref]
    return _missing(definition, kind, ref, found)


def message_name(node: etree._Element, catalogue: Catalogue, found: Findings) -> str | None:
    """The message of a send or receive task, or None where it names none."""
    ref = reference(node.get("messageRef"))
    if not ref:
        return None
    name = catalogue.messages.get(ref)
    if not name:
        return _missing(node, "message", ref, found)
    _check_plain(node, "message", name, found)
    return name


def _check_plain(at: etree._Element, kind: str, name: str, found: Findings) -> None:
    """Names are compared as they are written: none is worked out."""
    if name.lstrip().startswith("="):
        found.error(
            f"{kind}_missing",
            at,
            f"Expected a {kind} with a plain name, but its name is the expression “{name}”.",
            "Name it plainly; what tells instances apart goes into saraban:correlation.",
            f"{kind}Ref",
        )


def _missing(at: etree._Element, kind: str, ref: str, found: Findings) -> str:
    what = f"there is no {kind} with the id “{ref}”" if ref else f"it names no {kind}"
    found.error(
        f"{kind}_missing",
        at,
        f"Expected a reference to a {kind} of this file, but {what}.",
        f"Define the {kind} and refer to it by {kind}Ref.",
        f"{kind}Ref",
    )
    return ""


def _code(
    node: etree._Element,
    definition: etree._Element,
    kind: str,
    catalogue: Catalogue,
    found: Findings,
) -> str | None:
    """None catches any code; who throws must say which."""
    ref = reference(definition.get(f"{kind}Ref"))
    if not ref and names.local(node) not in _THROWS:
        return None
    known = catalogue.errors if kind == "error" else catalogue.escalations
    return known[ref] if ref in known else _missing(definition, kind, ref, found)


def _timer(definition: etree._Element, found: Findings) -> Timer | None:
    times = [e for e in names.bpmn_children(definition) if names.local(e) in _TIMES]
    if len(times) != 1 or not names.text_of(times[0]):
        found.error(
            "timer_missing",
            definition,
            "Expected exactly one of timeDate, timeDuration and timeCycle, and a text in it.",
            "Say when: ISO text such as PT8H, or FEEL after “=”.",
        )
        return None
    kind = names.local(times[0])
    return Timer(
        kind, expression(times[0], found), working=first(definition, "working") is not None
    )


def _condition(definition: etree._Element, found: Findings) -> Phrase | None:
    element = definition.find(names.bpmn("condition"))
    if element is None or not names.text_of(element):
        found.error(
            "condition_missing",
            definition,
            "Expected a conditional event with a condition, but it has none.",
            "Add a FEEL condition.",
            "condition",
        )
        return None
    return expression(element, found, always=True)
