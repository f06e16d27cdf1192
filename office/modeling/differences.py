"""What one diagram says and the other does not, element by element: pure, and in no language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal, TypeAlias

from lxml import etree

from engine.runtime import read_xml

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
SARABAN = "{urn:saraban:bpmn:1.0}"
#: what stands on its own in a comparison; whatever else has an id belongs to what is around it
ELEMENTS = frozenset(
    {
        "process", "collaboration", "participant", "lane", "startEvent", "endEvent",
        "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "task", "userTask",
        "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask",
        "callActivity", "subProcess", "transaction", "adHocSubProcess", "exclusiveGateway",
        "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway",
        "sequenceFlow", "messageFlow", "association", "textAnnotation", "group",
        "dataObjectReference", "dataStoreReference", "message", "signal", "error", "escalation",
    }
)  # fmt: skip
#: what flows lead from and to
_NODES = frozenset(
    one
    for one in ELEMENTS
    if one.endswith(("Event", "Task", "task", "Gateway", "Activity", "Process", "transaction"))
)
#: elements without a name that may stand between one and what it is called after
_NEAR = 5
#: what follows from the flows and is said there
_DERIVED = frozenset({"incoming", "outgoing", "flowNodeRef"})
Verb: TypeAlias = Literal["added", "removed", "changed"]
#: what is told of something that says nothing but that it is there
THERE = "✓"
#: what an element without a name is called: of its kind, behind (or before) the named one
Unnamed: TypeAlias = Callable[[str, Literal["behind", "before"], str], str]


@dataclass(frozen=True, slots=True)
class Change:
    """`what` is an attribute, or the tag of what stands inside, ours after `saraban:`."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    verb: Verb
    id: str
    kind: str
    name: str
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """`moved`: how many elements are only drawn elsewhere; `names` of all, by id; of a
    way without one, those of its ends; of a step without one what `unnamed` makes of its place.
    """

    differences: Sequence[Difference]
    moved: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Told:
    kind: str
    facts: Mapping[str, str]


def compare(
    before: bytes, after: bytes, unnamed: Unnamed = lambda _kind, _side, _name: ""
) -> Comparison:
    """Both are diagrams that were read before; elements are the same where their ids are."""
    old_root, new_root = read_xml(before), read_xml(after)
    old, new = _elements(old_root), _elements(new_root)
    found = [
        *(_whole("added", id_, one) for id_, one in new.items() if id_ not in old),
        *(_whole("removed", id_, one) for id_, one in old.items() if id_ not in new),
        *_changed(old, new),
    ]
    was, now = _places(old_root), _places(new_root)
    moved = sum(was[id_] != now[id_] for id_ in was.keys() & now.keys())
    return Comparison(found, moved, _names(old, new, unnamed))


def _names(
    old: Mapping[str, _Told], new: Mapping[str, _Told], unnamed: Unnamed
) -> Mapping[str, str]:
    """A way without a name is known by its ends, another element by what leads to it."""
    elements = {**old, **new}
    names = {id_: one.facts.get("name", "") for id_, one in elements.items()}
    called = dict(names)
    was, now = _Around.of(old), _Around.of(new)
    for id_, one in elements.items():
        if not names[id_] and one.kind in _NODES:
            called[id_] = (now if id_ in new else was).called(id_, one.kind, unnamed)
    for id_, one in elements.items():
        ends = (one.facts.get("sourceRef"), one.facts.get("targetRef"))
        if not names[id_] and all(ends):
            called[id_] = " → ".join(called.get(str(end)) or str(end) for end in ends)
    return called


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands behind and before each element of one diagram, by the ways between them."""

    names: Mapping[str, str]
    behind: Mapping[str, Set[str]]
    before: Mapping[str, Set[str]]

    @classmethod
    def of(cls, elements: Mapping[str, _Told]) -> _Around:
        behind: dict[str, set[str]] = {}
        before: dict[str, set[str]] = {}
        for one in elements.values():
            source, target = one.facts.get("sourceRef"), one.facts.get("targetRef")
            if one.kind == "sequenceFlow" and source and target:
                behind.setdefault(target, set()).add(source)
                before.setdefault(source, set()).add(target)
        names = {id_: one.facts.get("name", "") for id_, one in elements.items()}
        return cls(names, behind, before)

    def called(self, id_: str, kind: str, unnamed: Unnamed) -> str:
        """Empty where several lead to it and it leads to several, or none near has a name."""
        if name := self._nearest(id_, self.behind):
            return unnamed(kind, "behind", name)
        if name := self._nearest(id_, self.before):
            return unnamed(kind, "before", name)
        return ""

    def _nearest(self, id_: str, ways: Mapping[str, Set[str]]) -> str:
        at = id_
        for _step in range(_NEAR):
            if len(ends := ways.get(at, frozenset())) != 1:
                return ""
            (at,) = ends
            if name := self.names.get(at):
                return name
        return ""


def _whole(verb: Literal["added", "removed"], id_: str, one: _Told) -> Difference:
    changes = [
        Change(what, *(("", value) if verb == "added" else (value, "")))
        for what, value in one.facts.items()
        if what != "name"
    ]
    return Difference(verb, id_, one.kind, one.facts.get("name", ""), changes)


def _changed(old: Mapping[str, _Told], new: Mapping[str, _Told]) -> Iterator[Difference]:
    for id_, now in new.items():
        was = old.get(id_)
        if was is None or was == now:
            continue
        kind = [] if was.kind == now.kind else [Change("kind", was.kind, now.kind)]
        facts = {**was.facts, **now.facts}
        changes = [
            Change(what, was.facts.get(what, ""), now.facts.get(what, ""))
            for what in facts
            if was.facts.get(what, "") != now.facts.get(what, "")
        ]
        name = now.facts.get("name", "")
        yield Difference("changed", id_, now.kind, name, [*kind, *changes])


def _elements(root: etree._Element) -> dict[str, _Told]:
    return {
        str(one.get("id")): _Told(_local(one), dict(_facts(one)))
        for one in root.iter(f"{BPMN}*")
        if one.get("id") and _local(one) in ELEMENTS
    }


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _facts(element: etree._Element) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if name != "id":
            yield etree.QName(name).localname, str(value)
    inside: dict[str, list[str]] = {}
    for child in _inside(element):
        inside.setdefault(_tag(child), []).append(_text(child) or THERE)
    for tag, texts in inside.items():
        yield tag, "; ".join(texts)


def _inside(element: etree._Element) -> Iterator[etree._Element]:
    """What belongs to it, extension elements opened; other elements tell for themselves."""
    for child in element:
        if child.tag == f"{BPMN}extensionElements":
            yield from child
        elif _local(child) not in ELEMENTS | _DERIVED | {"laneSet"}:
            yield child


def _tag(element: etree._Element) -> str:
    return f"saraban:{_local(element)}" if element.tag.startswith(SARABAN) else _local(element)


def _text(element: etree._Element) -> str:
    """Its values, and those of what is in it, in one line."""
    values = [
        f"{etree.QName(name).localname}={value!s}"
        for name, value in element.attrib.items()
        if etree.QName(name).localname not in ("id", "type") or element.tag.startswith(SARABAN)
    ]
    own = " ".join((element.text or "").split())
    inner = [f"{_local(child)}({_text(child)})" for child in element]
    return " ".join([*values, *([own] if own else []), *inner])


def _places(root: etree._Element) -> dict[str, list[tuple[str, ...]]]:
    """Where each element is drawn: its box, or its way."""
    return {
        str(one.get("bpmnElement")): [
            tuple(str(part.get(name)) for name in ("x", "y", "width", "height"))
            for part in one.iter("{*}Bounds", "{*}waypoint")
        ]
        for one in root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")
    }
