"""A diagram as plain places: forms, names and ways, moved to the corner."""

from __future__ import annotations

from pathlib import Path

from api import picture

LETTER = Path(__file__).parents[2] / "bpmn" / "drafting"


def test_every_element_and_way_is_drawn_within_the_picture() -> None:
    (file,) = LETTER.glob("*.bpmn")
    found = picture.read(file.read_bytes())
    assert {shape.form for shape in found.shapes} >= {"task", "diamond", "circle"}
    assert all(
        s.x >= 0 and s.x + s.width <= found.width and s.y >= 0 and s.y + s.height <= found.height
        for s in found.shapes
    )
    assert all(0 <= x <= found.width and 0 <= y <= found.height
               for line in found.lines for x, y in line.points)  # fmt: skip
    rings = {shape.ring for shape in found.shapes if shape.form == "circle"}
    assert {1, 3} <= rings


def test_what_is_damaged_is_left_out() -> None:
    bpmn, di, dc = picture.BPMN[1:-1], "http://www.omg.org/spec/BPMN/20100524/DI", (
        "http://www.omg.org/spec/DD/20100524/DC"
    )  # fmt: skip
    xml = f"""<definitions xmlns="{bpmn}" xmlns:di="{di}" xmlns:dc="{dc}"><process id="p">
    <task id="t" name=" a
    b "/></process><di:BPMNDiagram><di:BPMNPlane><di:BPMNShape bpmnElement="t">
    <dc:Bounds x="no" y="inf" width="100" height="80"/></di:BPMNShape>
    <di:BPMNShape bpmnElement="gone"><dc:Bounds x="1" y="1" width="1" height="1"/></di:BPMNShape>
    <di:BPMNEdge bpmnElement="t"/></di:BPMNPlane></di:BPMNDiagram></definitions>"""
    found = picture.read(xml.encode())
    (shape,) = found.shapes
    assert (shape.name, shape.x, shape.y, found.lines) == (
        "a b", picture.MARGIN, picture.MARGIN, [],
    )  # fmt: skip
