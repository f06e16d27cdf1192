"""Where everything is drawn: the boxes and lines of a file."""

from __future__ import annotations

import math

from lxml import etree

from engine.runtime.diagram import Box
from engine.runtime.parse import names


def boxes(root: etree._Element) -> dict[str, Box]:
    boxes = {}
    for shape in root.iter(f"{{{names.BPMNDI}}}BPMNShape"):
        bounds = shape.find(f"{{{names.DC}}}Bounds")
        if bounds is not None:
            sides = [_number(bounds.get(name)) for name in ("x", "y", "width", "height")]
            boxes[shape.get("bpmnElement") or ""] = Box(*sides)
    return boxes


def lines(root: etree._Element) -> dict[str, tuple[tuple[float, float], ...]]:
    return {
        edge.get("bpmnElement") or "": tuple(
            (_number(point.get("x")), _number(point.get("y")))
            for point in edge.findall(f"{{{names.DI}}}waypoint")
        )
        for edge in root.iter(f"{{{names.BPMNDI}}}BPMNEdge")
    }


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0
