"""What our extension elements say about a node; `shapes` has judged them already."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.runtime.diagram import ActionCall, DecisionCall, Mapped, Named, Phrase, Rule, Settings
from engine.runtime.parse import names
from engine.runtime.values import OutcomeSpec


def extensions(element: etree._Element, tag: str) -> list[etree._Element]:
    holder = element.find(names.bpmn("extensionElements"))
    return [] if holder is None else holder.findall(names.ours(tag))


def first(element: etree._Element, tag: str) -> etree._Element | None:
    return next(iter(extensions(element, tag)), None)


def attribute(element: etree._Element, tag: str, name: str) -> str | None:
    found = first(element, tag)
    return None if found is None else found.get(name)


def phrase(element: etree._Element, tag: str, name: str, *, always: bool = False) -> Phrase | None:
    found = first(element, tag)
    if found is None or found.get(name) is None:
        return None
    return _phrase(found, name, always=always)


def named(element: etree._Element, tag: str, name: str) -> Named | None:
    if attribute(element, tag, name) is None:
        return None  # an optional attribute, such as the form of `saraban:start`
    return next(iter(_references(element, tag, name)), None)


def read_settings(node: etree._Element, events: etree._Element | None) -> Settings:
    """All of a node's settings; message settings may stand in its event definition as well."""
    return Settings(
        assignments=tuple(_rules(node, "assignment")),
        exclusions=tuple(_rules(node, "exclude")),
        form=named(node, "form", "key"),
        hidden=tuple(_references(node, "hide", "variable")),
        outcome_variable=attribute(node, "outcomes", "variable") or "outcome",
        outcomes=tuple(_outcomes(node)),
        returns=tuple(_references(node, "return", "to")),
        due=phrase(node, "due", "value"),
        due_working=attribute(node, "due", "working") != "false",
        priority=phrase(node, "priority", "value"),
        act=attribute(node, "act", "kind"),
        skip_same_person=attribute(node, "skip", "samePerson") == "true",
        reminders=tuple(_reminders(node)),
        escalation=attribute(node, "escalation", "to"),
        action=_action(node),
        decision=_decision(node),
        result=attribute(node, "result", "variable"),
        correlation=_either(node, events),
        inputs=tuple(_mapped(node, "input")) or tuple(_mapped(events, "input")),
        outputs=tuple(_mapped(node, "output")),
    )


def _phrase(element: etree._Element, name: str, *, always: bool = False) -> Phrase:
    where = f"saraban:{names.local(element)}/@{name}"
    return Phrase(element.get(name) or "", names.line(element), where, always)


def _either(node: etree._Element, events: etree._Element | None) -> Phrase | None:
    found = phrase(node, "correlation", "key")
    return found if found or events is None else phrase(events, "correlation", "key")


def _rules(node: etree._Element, tag: str) -> Iterator[Rule]:
    for element in extensions(node, tag):
        kind = element.get("kind") or ""
        value = _phrase(element, "value", always=kind == "expression")
        said = None if element.get("value") is None else value
        yield Rule(kind, said, names.line(element), element.get("level", "1"))


def _outcomes(node: etree._Element) -> Iterator[OutcomeSpec]:
    holder = first(node, "outcomes")
    for element in [] if holder is None else holder.findall(names.ours("outcome")):
        name = element.get("name") or element.get("id") or ""
        required = element.get("reasonRequired") == "true"
        yield OutcomeSpec(element.get("id") or "", name, element.get("nameEn") or name, required)


def _references(node: etree._Element, tag: str, name: str) -> Iterator[Named]:
    for element in extensions(node, tag):
        where = f"saraban:{tag}/@{name}"
        yield Named((element.get(name) or "").strip(), names.line(element), where)


def _reminders(node: etree._Element) -> Iterator[float]:
    for element in extensions(node, "reminder"):
        try:
            yield float(element.get("at") or "")
        except ValueError:
            yield -1.0  # the linter names it


def _mapped(node: etree._Element | None, tag: str) -> Iterator[Mapped]:
    if node is None:
        return
    for element in extensions(node, tag):
        yield _one_mapped(element)


def _one_mapped(element: etree._Element) -> Mapped:
    return Mapped(element.get("name") or "", _phrase(element, "value"), names.line(element))


def _action(node: etree._Element) -> ActionCall | None:
    found = first(node, "action")
    if found is None:
        return None
    inputs, outputs = (
        tuple(_one_mapped(element) for element in found.findall(names.ours(tag)))
        for tag in ("input", "output")
    )
    name = (found.get("name") or "").strip()
    return ActionCall(name, names.line(found), inputs, found.get("resultVariable"), outputs)


def _decision(node: etree._Element) -> DecisionCall | None:
    """Ours, `camunda:decisionRef`, or `implementation="<decision id>"`, in this order."""
    if names.local(node) != "businessRuleTask":
        return None
    line = names.line(node)
    found = first(node, "decision")
    if found is not None:
        ref = (found.get("ref") or "").strip()
        return DecisionCall(ref, names.line(found), found.get("resultVariable"))
    ref = _foreign(node, "decisionRef") or node.get("implementation") or ""
    if not ref or ref.startswith("##"):
        return None
    return DecisionCall(ref.strip(), line, _foreign(node, "resultVariable"))


def _foreign(node: etree._Element, name: str) -> str | None:
    for key, value in node.attrib.items():
        if str(key).startswith("{") and etree.QName(key).localname == name:
            return str(value)
    return None
