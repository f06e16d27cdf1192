"""Whether the drawing says what the file says: readers see the one, cases take the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.runtime.diagram import Box
from engine.runtime.parse import drawing, names
from engine.runtime.parse.findings import Findings

_SHAPE, _EDGE = f"{{{names.BPMNDI}}}BPMNShape", f"{{{names.BPMNDI}}}BPMNEdge"
_CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
_NODES = names.NODES | _CONTAINERS | {"complexGateway"}
#: how far a line may end from what it leads to, and still be meant so
_NEAR = 12.0


@dataclass(slots=True)
class _Plane:
    """One picture of the file; `ids`: of the element that a shape, by its own id, is of."""

    shapes: dict[str, etree._Element] = field(default_factory=dict)
    edges: dict[str, etree._Element] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)


def check_drawing(root: etree._Element, found: Findings) -> None:
    """A file without any drawing is none that differs: the designer gives it one."""
    known = {one.get("id", ""): one for one in root.iter(f"{{{names.BPMN}}}*") if one.get("id")}
    planes = [_read(one, known, found) for one in root.iter(f"{{{names.BPMNDI}}}BPMNDiagram")]
    for plane in planes:
        for id_, edge in plane.edges.items():
            _check_ends(id_, edge, plane, known, found)
    if next(root.iter(_SHAPE), None) is not None:
        for process in root.iter(names.bpmn("process")):
            _check_all(process, planes, found)


def _read(diagram: etree._Element, known: Mapping[str, etree._Element], found: Findings) -> _Plane:
    plane = _Plane()
    for one in diagram.iter(_SHAPE, _EDGE):
        ref = one.get("bpmnElement") or ""
        ref = ref if ref in known else ref.rpartition(":")[2]  # a name in a namespace
        kept = plane.shapes if one.tag == _SHAPE else plane.edges
        if not ref:
            found.warn(
                "drawn_unknown",
                one,
                "Expected everything drawn to say of which element it is, but this does not.",
                "Take it out of the drawing, or draw the element again.",
            )
        elif ref not in known:
            found.warn(
                "drawn_unknown",
                one,
                f"Expected everything drawn to be an element of the file, but “{ref}” is none.",
                "Take it out of the drawing, or draw the element again.",
            )
        elif ref in kept:
            found.warn(
                "drawn_twice",
                one,
                f"Expected each element once in a drawing, but “{ref}” is drawn twice.",
                "Keep the place that is meant, and take the other out of the drawing.",
                element=ref,
            )
        else:
            kept[ref] = one
        if one.tag == _SHAPE and ref in known:
            plane.ids[one.get("id") or ""] = ref
    plane.boxes |= {ref: box for ref, one in plane.shapes.items() if (box := drawing.box(one))}
    return plane


# -- lines


def _check_ends(
    id_: str,
    edge: etree._Element,
    plane: _Plane,
    known: Mapping[str, etree._Element],
    found: Findings,
) -> None:
    line, element = drawing.line(edge), known[id_]
    source, target = element.get("sourceRef") or "", element.get("targetRef") or ""
    first = _elsewhere(edge.get("sourceElement"), line[:1], source, plane, known)
    last = _elsewhere(edge.get("targetElement"), line[-1:], target, plane, known)
    if first:
        found.warn(
            "drawn_elsewhere",
            edge,
            f"Expected “{id_}” to be drawn from “{source}”, where it begins, but it is drawn from"
            f" “{first}”.",
            "Connect the line again where it belongs.",
            element=id_,
        )
    if last:
        found.warn(
            "drawn_elsewhere",
            edge,
            f"Expected “{id_}” to be drawn to “{target}”, where it ends, but it is drawn to"
            f" “{last}”.",
            "Connect the line again where it belongs.",
            element=id_,
        )


def _elsewhere(
    said: str | None,
    end: tuple[tuple[float, float], ...],
    ref: str,
    plane: _Plane,
    known: Mapping[str, etree._Element],
) -> str:
    """The element at which a line's end is drawn, where it is not the one that is meant."""
    own = plane.boxes.get(ref)
    if own is None or not end:
        return ""  # not drawn itself, or no shape: told already, or nothing to tell
    if said and plane.ids.get(said, ref) != ref:
        return plane.ids[said]
    if _holds(own, end[0], _NEAR):
        return ""
    around = {one.get("id") for one in known[ref].iterancestors()}
    others = (
        other
        for other, box in plane.boxes.items()
        if names.local(known[other]) in _NODES and other not in around and _holds(box, end[0], 1.0)
    )
    return next(others, "")


def _holds(box: Box, point: tuple[float, float], near: float) -> bool:
    x, y = point
    across = box.x - near <= x <= box.x + box.width + near
    return across and box.y - near <= y <= box.y + box.height + near


# -- what is missing


def _check_all(process: etree._Element, planes: list[_Plane], found: Findings) -> None:
    shapes: dict[str, bool] = {}
    for plane in planes:
        for ref, shape in plane.shapes.items():
            shapes[ref] = shapes.get(ref, False) or shape.get("isExpanded") == "true"
    edges = {ref for plane in planes for ref in plane.edges}
    nodes = [one for one in process.iter(f"{{{names.BPMN}}}*") if names.local(one) in _NODES]
    if nodes and not any(one.get("id") in shapes for one in nodes):
        found.warn(
            "not_drawn",
            process,
            "Expected all that runs to be drawn, but nothing of this process is.",
            "Draw it, or take it out of the file.",
        )
        return
    for one in _missing(process, shapes, edges):
        found.warn(
            "not_drawn",
            one,
            f"Expected all that runs to be drawn, but “{one.get('id')}” is not.",
            "Draw it again, or take it out of the process.",
        )


def _missing(
    container: etree._Element, shapes: Mapping[str, bool], edges: set[str]
) -> Iterator[etree._Element]:
    """What lies in a container that is drawn closed, or not at all, is not looked for."""
    for one in names.bpmn_children(container):
        tag, id_ = names.local(one), one.get("id")
        if tag in _NODES and id_:
            if id_ not in shapes:
                yield one
            elif tag in _CONTAINERS and shapes[id_]:
                yield from _missing(one, shapes, edges)
        elif tag == "sequenceFlow" and id_ and id_ not in edges:
            ends = {one.get("sourceRef"), one.get("targetRef")}
            yield from [one] if ends <= shapes.keys() else []  # else told with its end
