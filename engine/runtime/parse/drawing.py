"""Where everything is drawn: the boxes and lines of a file."""

from __future__ import annotations

import math

from lxml import etree

from engine.runtime.diagram import Box
from engine.runtime.parse import names


def boxes(root: etree._Element) -> dict[str, Box]:
    boxes = {}
    for shape in root.iter(f"{{{names.BPMNDI}}}BPMNShape"):
        found = box(shape)
        if found is not None:
            boxes[shape.get("bpmnElement") or ""] = found
    return boxes


def box(shape: etree._Element) -> Box | None:
    bounds = shape.find(f"{{{names.DC}}}Bounds")
    if bounds is None:
        return None
    return Box(*(_number(bounds.get(name)) for name in ("x", "y", "width", "height")))


def lines(root: etree._Element) -> dict[str, tuple[tuple[float, float], ...]]:
    return {
        edge.get("bpmnElement") or "": line(edge)
        for edge in root.iter(f"{{{names.BPMNDI}}}BPMNEdge")
    }


def line(edge: etree._Element) -> tuple[tuple[float, float], ...]:
    return tuple(
        (_number(point.get("x")), _number(point.get("y")))
        for point in edge.findall(f"{{{names.DI}}}waypoint")
    )


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0
