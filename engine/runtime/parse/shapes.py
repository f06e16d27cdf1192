"""The law of our extension elements (namespace `urn:saraban:bpmn:1.0`): which exist, where, how.

`bpmn/saraban.xsd` says the same to editors; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from engine.runtime.parse import names
from engine.runtime.parse.findings import Findings

_MESSAGES = frozenset(
    [
        "receiveTask",
        "sendTask",
        "messageEventDefinition",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "startEvent",
        "endEvent",
    ]
)
_THROWS = frozenset(["sendTask", "intermediateThrowEvent", "endEvent", "messageEventDefinition"])
KINDS = frozenset(
    [
        "position",
        "role",
        "unit",
        "person",
        "starter",
        "superior",
        "performer",
        "field",
        "expression",
    ]
)
#: how many posts above someone a superior can be
LEVELS = frozenset("123456789")
#: kinds that mean someone without a value
BARE_KINDS = frozenset({"starter", "superior"})


@dataclass(frozen=True, slots=True)
class Shape:
    """`on`: the BPMN tags that may carry it ("*name" is another element of ours)."""

    on: frozenset[str]
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    values: dict[str, frozenset[str]] = field(default_factory=dict)
    once: bool = True


_BOOLEAN = frozenset({"true", "false"})
SHAPES: dict[str, Shape] = {
    "title": Shape(frozenset({"process"}), frozenset({"value"})),
    "start": Shape(
        frozenset({"process"}),
        optional=frozenset({"form", "role", "internal"}),
        values={"internal": _BOOLEAN},
    ),
    "assignment": Shape(
        frozenset({"userTask"}),
        frozenset({"kind"}),
        frozenset({"value", "level"}),
        {"kind": KINDS, "level": LEVELS},
        once=False,
    ),
    "exclude": Shape(
        frozenset({"userTask"}),
        frozenset({"kind"}),
        frozenset({"value"}),
        {"kind": KINDS},
        once=False,
    ),
    "form": Shape(frozenset({"userTask"}), frozenset({"key"})),
    "hide": Shape(frozenset({"userTask"}), frozenset({"variable"}), once=False),
    "outcomes": Shape(frozenset({"userTask"}), optional=frozenset({"variable"})),
    "outcome": Shape(
        frozenset({"*outcomes"}),
        frozenset({"id", "name"}),
        frozenset({"nameEn", "reasonRequired"}),
        {"reasonRequired": _BOOLEAN},
        once=False,
    ),
    "return": Shape(frozenset({"userTask"}), frozenset({"to"}), once=False),
    "due": Shape(
        frozenset({"userTask"}), frozenset({"value"}), frozenset({"working"}), {"working": _BOOLEAN}
    ),
    "priority": Shape(frozenset({"userTask"}), frozenset({"value"})),
    "act": Shape(
        frozenset({"userTask"}),
        frozenset({"kind"}),
        values={"kind": frozenset({"sign", "confirm", "acknowledge"})},
    ),
    "skip": Shape(
        frozenset({"userTask"}), frozenset({"samePerson"}), values={"samePerson": _BOOLEAN}
    ),
    "reminder": Shape(frozenset({"userTask"}), frozenset({"at"}), once=False),
    "escalation": Shape(
        frozenset({"userTask"}), frozenset({"to"}), values={"to": frozenset({"superior"})}
    ),
    "action": Shape(
        frozenset({"serviceTask", "sendTask"}), frozenset({"name"}), frozenset({"resultVariable"})
    ),
    "decision": Shape(
        frozenset({"businessRuleTask"}), frozenset({"ref"}), frozenset({"resultVariable"})
    ),
    "result": Shape(frozenset({"scriptTask"}), frozenset({"variable"})),
    "correlation": Shape(_MESSAGES, frozenset({"key"})),
    "input": Shape(
        frozenset({"*action", "callActivity"}) | _THROWS, frozenset({"name", "value"}), once=False
    ),
    "output": Shape(
        frozenset({"*action", "callActivity"}), frozenset({"name", "value"}), once=False
    ),
    "working": Shape(frozenset({"timerEventDefinition"})),
}


def check_extensions(root: etree._Element, found: Findings) -> None:
    """Every element of ours: known, in its place, with its attributes."""
    for element in root.iter(f"{{{names.SARABAN}}}*"):
        shape = SHAPES.get(names.local(element))
        if shape is None:
            found.error(
                "unknown_extension",
                element,
                f"Expected an element of the saraban: namespace, but there is no "
                f"<saraban:{names.local(element)}>.",
                "See bpmn/saraban.xsd for those that exist.",
            )
            continue
        _check_place(element, shape, found)
        _check_attributes(element, shape, found)


def _carrier(element: etree._Element) -> str:
    """The tag that an element of ours says something about."""
    parent = element.getparent()
    if parent is None:
        return ""
    if names.namespace(parent) == names.SARABAN:
        return f"*{names.local(parent)}"
    if names.local(parent) == "extensionElements":
        parent = parent.getparent()
    return "" if parent is None else names.local(parent)


def _check_place(element: etree._Element, shape: Shape, found: Findings) -> None:
    tag = names.local(element)
    if _carrier(element) not in shape.on:
        places = ", ".join(sorted(shape.on)).replace("*", "saraban:")
        found.error(
            "misplaced_extension",
            element,
            f"Expected <saraban:{tag}> in {places}, but it stands in {_carrier(element)}.",
            "Move it there or remove it.",
        )
    if shape.once and any(
        names.local(other) == tag for other in element.itersiblings(tag=element.tag)
    ):
        found.error(
            "repeated_extension",
            element,
            f"Expected <saraban:{tag}> once, but it is repeated.",
            "Keep one of them.",
        )


def _check_attributes(element: etree._Element, shape: Shape, found: Findings) -> None:
    tag, known = names.local(element), shape.required | shape.optional
    for name in sorted(shape.required - set(element.attrib)):
        found.error(
            "attribute_missing",
            element,
            f"Expected <saraban:{tag}> with the attribute {name}, but it is missing.",
            f"Add {name}.",
            name,
        )
    for name, value in ((str(key), str(value)) for key, value in element.attrib.items()):
        if name not in known and not name.startswith("{"):
            found.error(
                "unknown_attribute",
                element,
                f"Expected the attributes {sorted(known)} of <saraban:{tag}>, but found {name}.",
                "Remove it or correct its name.",
                name,
            )
        elif name in shape.values and value not in shape.values[name]:
            found.error(
                "unknown_value",
                element,
                f"Expected one of {sorted(shape.values[name])}, but {name} is “{value}”.",
                "Choose one of these.",
                name,
            )
