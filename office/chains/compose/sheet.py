"""A diagram that is being drawn: its elements, its flows, and where each of them stands."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
#: the name space of what is composed
COMPOSED = "urn:saraban:chains"
SARABAN = "urn:saraban:bpmn:1.0"
_NAMES: dict[str | None, str] = {
    None: BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI, "saraban": SARABAN,
}  # fmt: skip

#: width and height by the kind of element
_SIZES = {"event": (36, 36), "gateway": (50, 50), "task": (100, 80)}

LABEL, MOST_LABEL = 90, 132
#: the height of a line of a name, and the width of a letter
LINE, LETTER = 14, 7

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """Where an element stands; `y` counts downwards."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> Point:
        return self.x + self.width, self.y + self.height // 2

    @property
    def left(self) -> Point:
        return self.x, self.y + self.height // 2

    @property
    def top(self) -> Point:
        return self.x + self.width // 2, self.y

    @property
    def bottom(self) -> Point:
        return self.x + self.width // 2, self.y + self.height


@dataclass(slots=True)
class Sheet:
    """Elements in the order in which they are added; the flows come last."""

    process: etree._Element
    #: the subprocess that is being drawn
    inside: etree._Element | None = None
    boxes: dict[str, Box] = field(default_factory=dict)
    nodes: dict[str, etree._Element] = field(default_factory=dict)
    flows: dict[str, tuple[etree._Element, Sequence[Point]]] = field(default_factory=dict)

    def add(self, id_: str, tag: str, name: str, x: int, axis: int) -> etree._Element:
        """An element that begins at `x`, its middle on the axis."""
        width, height = _SIZES[_kind(tag)]
        around = self.process if self.inside is None else self.inside
        node = etree.SubElement(around, bpmn(tag), id=id_)
        if name:
            node.set("name", name)
        self.nodes[id_] = node
        self.boxes[id_] = Box(x, axis - height // 2, width, height)
        return node

    def hang(self, id_: str, host: str, name: str, middle: Point) -> etree._Element:
        """An event on the border of its host."""
        node = self.add(id_, "boundaryEvent", name, middle[0] - 18, middle[1])
        node.set("attachedToRef", host)
        return node

    def declare(self, variable: str) -> None:
        """A variable that elements refer to by its id."""
        element = etree.Element(bpmn("property"), id=variable, name=variable)
        before = {bpmn("documentation"), bpmn("extensionElements"), bpmn("property")}
        place = next((n for n, child in enumerate(self.process) if child.tag not in before), 0)
        self.process.insert(place, element)

    def define_error(self, id_: str, code: str) -> None:
        """An error that is thrown and caught by this code."""
        self.process.addprevious(etree.Element(bpmn("error"), id=id_, errorCode=code))

    def define_escalation(self, id_: str, code: str) -> None:
        self.process.addprevious(etree.Element(bpmn("escalation"), id=id_, escalationCode=code))

    def reserve(self, flow_id: str) -> None:
        """A flow that comes before those added from now on: the first condition that holds wins."""
        self.flows[flow_id] = (etree.Element(bpmn("sequenceFlow")), ())

    def flow(
        self,
        id_: str,
        source: str,
        target: str,
        points: Sequence[Point],
        *,
        name: str = "",
        condition: str = "",
        default: bool = False,
    ) -> None:
        element = etree.Element(bpmn("sequenceFlow"), id=id_, sourceRef=source, targetRef=target)
        if name:
            element.set("name", name)
        if condition:
            asked = etree.SubElement(element, bpmn("conditionExpression"))
            asked.set(f"{{{XSI}}}type", "tFormalExpression")
            asked.text = condition
        if default:
            self.nodes[source].set("default", id_)
        self.flows[id_] = (element, points)

    def finish(self) -> bytes:
        """The whole file, with incoming and outgoing flows named and everything drawn."""
        for id_, (element, _points) in self.flows.items():
            for end, tag in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
                _name_flow(self.nodes[element.get(end) or ""], tag, id_)
            around = self.nodes[element.get("sourceRef") or ""].getparent()
            assert around is not None, "elements stand in their process"
            around.append(element)
        root = self.process.getparent()
        assert root is not None, "the process stands in its definitions"
        plane = etree.SubElement(
            etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id="diagram"),
            f"{{{BPMNDI}}}BPMNPlane",
            id="plane",
            bpmnElement=self.process.get("id") or "",
        )
        self._draw(plane)
        etree.indent(root)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    def _draw(self, plane: etree._Element) -> None:
        for id_, box in self.boxes.items():
            shape = etree.SubElement(
                plane, f"{{{BPMNDI}}}BPMNShape", id=f"{id_}_di", bpmnElement=id_
            )
            if self.nodes[id_].tag == bpmn("subProcess"):
                shape.set("isExpanded", "true")
            sides = {name: str(getattr(box, name)) for name in ("x", "y", "width", "height")}
            etree.SubElement(shape, f"{{{DC}}}Bounds", sides)
            if self.nodes[id_].get("name") and _kind(self.nodes[id_].tag) != "task":
                over = box.y - 22 if _kind(self.nodes[id_].tag) == "gateway" else box.bottom[1] + 4
                _label(shape, box.top[0] - LABEL // 2, over)
        for id_, (element, points) in self.flows.items():
            edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", id=f"{id_}_di", bpmnElement=id_)
            for x, y in points:
                etree.SubElement(edge, f"{{{DI}}}waypoint", x=str(x), y=str(y))
            name = element.get("name")
            if name:
                _flow_label(edge, points, name)


def _flow_label(edge: etree._Element, points: Sequence[Point], name: str) -> None:
    """Where a flow's name disturbs nothing: over its first level part, else beside it."""
    for (x, y), (other, level) in itertools.pairwise(points):
        room = abs(other - x)
        if y == level and room >= LABEL // 2:
            width = max(LABEL, min(room - 8, MOST_LABEL))
            high = LINE * _lines(name, width)
            _label(edge, min(x, other) + 2, y - 4 - high, width, high)
            return
    (x, y), (_x, after) = points[:2]
    _label(edge, x - LABEL // 2 + 46, y + 2 if after > y else y - LINE - 2)


def _lines(text: str, width: int) -> int:
    """About as many as a viewer breaks it into; vowels and tones above and below take no room."""
    letters = sum(unicodedata.category(one) != "Mn" for one in text)
    return max(1, -(-letters * LETTER // width))


def _label(drawn: etree._Element, x: int, y: int, width: int = LABEL, height: int = LINE) -> None:
    """Wide enough for a line: without it a viewer breaks short names."""
    holder = etree.SubElement(drawn, f"{{{BPMNDI}}}BPMNLabel")
    sides = {"x": str(x), "y": str(y), "width": str(width), "height": str(height)}
    etree.SubElement(holder, f"{{{DC}}}Bounds", sides)


def new_sheet(key: str, name: str) -> Sheet:
    root = etree.Element(bpmn("definitions"), nsmap=cast(dict[str, str], _NAMES))
    root.set("id", f"{key}-file")
    root.set("targetNamespace", COMPOSED)
    process = etree.SubElement(root, bpmn("process"), id=key, name=name, isExecutable="true")
    return Sheet(process)


def bpmn(tag: str) -> str:
    return f"{{{BPMN}}}{tag}"


def say(node: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    """An extension element of ours about the node."""
    holder = node.find(bpmn("extensionElements"))
    if holder is None:
        holder = etree.Element(bpmn("extensionElements"))
        node.insert(1 if node.find(bpmn("documentation")) is not None else 0, holder)
    return etree.SubElement(holder, ours(tag), attributes)


def ours(tag: str) -> str:
    return f"{{{SARABAN}}}{tag}"


def document(node: etree._Element, note: str) -> None:
    if note:
        element = etree.Element(bpmn("documentation"))
        element.text = note
        node.insert(0, element)


def _kind(tag: str) -> str:
    for kind in ("Event", "Gateway"):
        if tag.endswith(kind):
            return kind.lower()
    return "task"


def _name_flow(node: etree._Element, tag: str, flow_id: str) -> None:
    """The standard's order: what is said, then flows in, then flows out, then the rest."""
    before = {bpmn("documentation"), bpmn("extensionElements"), bpmn("incoming")}
    if tag == "outgoing":
        before.add(bpmn("outgoing"))
    place = next((n for n, child in enumerate(node) if child.tag not in before), len(node))
    element = etree.Element(bpmn(tag))
    element.text = flow_id
    node.insert(place, element)
