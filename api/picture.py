"""A deployed diagram as plain places: what the SVG and the printed picture are drawn from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from lxml import etree

from api.deployed import BPMN, root_of
from signing.render.process_picture import Form, Point, Shape, Spot, spot
from signing.thai import between_words, clusters, opportunities

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_POINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
_SIDES = ("x", "y", "width", "height")
#: letters of a word that fit side by side into a step of the usual width
_LONGEST = 10
#: room around the picture
MARGIN = 24.0


@dataclass(frozen=True, slots=True)
class Line:
    """`style`: flow (with its arrow), message or link (dashed)."""

    id: str
    style: str
    name: str
    points: Sequence[Point]

    @property
    def spot(self) -> Spot:
        """Where its name stands."""
        return spot(self.points)


@dataclass(frozen=True, slots=True)
class Picture:
    """From (0, 0); what stands behind comes first."""

    width: float
    height: float
    shapes: Sequence[Shape]
    lines: Sequence[Line]


_FORMS: Mapping[str, Form] = {
    "participant": "pool", "lane": "pool", "subProcess": "container", "transaction": "container",
    "adHocSubProcess": "container", "textAnnotation": "note", "dataObjectReference": "note",
    "dataStoreReference": "note",
}  # fmt: skip
_BEHIND = ("pool", "container")
_GATEWAYS: Mapping[str, str] = {
    "exclusiveGateway": "×", "parallelGateway": "+", "inclusiveGateway": "○",
    "eventBasedGateway": "◇", "complexGateway": "∗",
}  # fmt: skip


def read(xml: bytes) -> Picture:
    root = root_of(xml)
    nodes = {node.get("id"): node for node in root.iter(f"{BPMN}*") if node.get("id")}
    shapes = sorted(_shapes(root, nodes), key=lambda one: (_depth(one), one.y, one.x))
    lines = list(_lines(root, nodes))
    return _from_corner(shapes, lines)


def _depth(shape: Shape) -> int:
    return _BEHIND.index(shape.form) if shape.form in _BEHIND else len(_BEHIND)


def _shapes(root: Any, nodes: Mapping[str, Any]) -> Iterator[Shape]:
    for drawn in root.iter(f"{_DI}BPMNShape"):
        bounds, node = drawn.find(f"{_DC}Bounds"), nodes.get(drawn.get("bpmnElement"))
        if bounds is None or node is None:
            continue
        kind = etree.QName(node).localname
        x, y, width, height = (_number(bounds.get(side)) for side in _SIDES)
        form, ring, mark = _form(kind, node)
        yield Shape(form, _name(node), x, y, width, height, ring, mark, node.get("id"))


def _form(kind: str, node: Any) -> tuple[Form, int, str]:
    if kind in _GATEWAYS:
        return "diamond", 1, _GATEWAYS[kind]
    if kind.endswith("Event"):
        return "circle", {"startEvent": 1, "endEvent": 3}.get(kind, 2), _event_mark(node)
    return _FORMS.get(kind, "task"), 1, ""


def label_words(name: str) -> list[tuple[str, bool, bool]]:
    """(A word, whether a space follows, whether it is too long for a line of its own): a line of
    the picture ends where the printed one may, which the browser's own dictionary does not know.
    """
    found = [
        part
        for word in _cut(name, between_words(name))
        for part in (_cut(word, opportunities(word)) if _is_long(word) else [word])
    ]
    return [(word.rstrip(), word[-1] == " ", _is_long(word)) for word in found]


def _cut(text: str, at: Iterable[int]) -> list[str]:
    return [text[start:end] for start, end in pairwise([0, *sorted(at), len(text)]) if end > start]


def _is_long(word: str) -> bool:
    return len(clusters(word.rstrip())) > _LONGEST


def _event_mark(node: Any) -> str:
    for child in node:
        kind = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if kind.endswith("EventDefinition"):
            return kind.removesuffix("EventDefinition")
    return ""


def _name(node: Any) -> str:
    text = node.get("name") or node.findtext(f"{BPMN}text") or ""
    return " ".join(text.split())


def _lines(root: Any, nodes: Mapping[str, Any]) -> Iterator[Line]:
    for drawn in root.iter(f"{_DI}BPMNEdge"):
        node = nodes.get(drawn.get("bpmnElement"))
        points = [(_number(p.get("x")), _number(p.get("y"))) for p in drawn.findall(_POINT)]
        if node is not None and len(points) > 1:
            kind = etree.QName(node).localname
            style = {"sequenceFlow": "flow", "messageFlow": "message"}.get(kind, "link")
            yield Line(node.get("id"), style, _name(node), points)


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def _from_corner(shapes: Sequence[Shape], lines: Sequence[Line]) -> Picture:
    xs = [x for s in shapes for x in (s.x, s.x + s.width)] + [p[0] for e in lines for p in e.points]
    ys = [y for s in shapes for y in (s.y, s.y + s.height)] + [
        p[1] for e in lines for p in e.points
    ]
    left, top = min(xs, default=0.0) - MARGIN, min(ys, default=0.0) - MARGIN
    # the name of an event or a gateway stands beneath it
    below = MARGIN + (40 if shapes else 0)
    moved = [replace(one, x=one.x - left, y=one.y - top) for one in shapes]
    ways = [replace(one, points=[(x - left, y - top) for x, y in one.points]) for one in lines]
    width, height = max(xs, default=0.0) - left + MARGIN, max(ys, default=0.0) - top + below
    return Picture(width, height, moved, ways)
