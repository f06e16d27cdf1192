"""Drawings that say what the file says, in the ways in which tools draw, and others."""

from __future__ import annotations

import pytest
from support.sketches import drawn

from engine.runtime import read_files

PROCESS = """<process id="p" isExecutable="true">
<startEvent id="s"/><subProcess id="sub"><startEvent id="is"/><userTask id="it"/>
<endEvent id="ie"/><sequenceFlow id="i1" sourceRef="is" targetRef="it"/>
<sequenceFlow id="i2" sourceRef="it" targetRef="ie"/></subProcess>
<boundaryEvent id="b" attachedToRef="sub"/><endEvent id="e"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="sub"/>
<sequenceFlow id="f2" sourceRef="b" targetRef="e"/>
</process>"""  # fmt: skip


def shape(ref: str, x: int, y: int = 0, width: int = 40, height: int = 40, *more: str) -> str:
    at = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    said = f'id="d-{ref}" bpmnElement="{ref}" {" ".join(more)}'
    return f"<bpmndi:BPMNShape {said}> <dc:Bounds {at}/> </bpmndi:BPMNShape>"


def edge(ref: str, first: tuple[int, int], last: tuple[int, int], *more: str) -> str:
    points = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in (first, last))
    return f'<bpmndi:BPMNEdge bpmnElement="{ref}" {" ".join(more)}>{points}</bpmndi:BPMNEdge>'


def picture(plane: str, *parts: str) -> str:
    inside = "".join(parts)
    return (
        f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="{plane}">{inside}'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )


OUTER = (shape("s", 0, 80), shape("b", 280, 180), shape("e", 400, 180),
         edge("f1", (40, 100), (100, 100)), edge("f2", (300, 220), (400, 200)))  # fmt: skip
INNER = (shape("is", 110, 80), shape("it", 170, 80), shape("ie", 240, 80),
         edge("i1", (150, 100), (170, 100)), edge("i2", (210, 100), (240, 100)))  # fmt: skip
TO_START = 'targetElement="d-s"'
CLOSED = shape("sub", 100, 0, 200, 200)
OPEN = shape("sub", 100, 0, 200, 200, 'isExpanded="true"')


@pytest.mark.parametrize(("pictures", "told"), [
    ((), []),
    ((picture("p", *OUTER, OPEN, *INNER),), []),
    ((picture("p", *OUTER, CLOSED),), []),
    ((picture("p", *OUTER, CLOSED), picture("sub", *INNER)), []),
    ((picture("p", *OUTER, OPEN),), [("not_drawn", one) for one in ("is", "it", "ie")]),
    ((picture("p", shape("gone", 0)),), [("drawn_unknown", "definitions"), ("not_drawn", "p")]),
    ((picture("p", *OUTER[:4], OPEN, *INNER),), [("not_drawn", "f2")]),
    # leaving the subprocess instead of the event on its border; by its own word; at what it holds
    ((picture("p", *OUTER[:4], OPEN, *INNER, edge("f2", (200, 199), (400, 200))),),
     [("drawn_elsewhere", "f2")]),
    ((picture("p", *OUTER[:4], OPEN, *INNER, edge("f2", (300, 220), (400, 200), TO_START)),),
     [("drawn_elsewhere", "f2")]),
    ((picture("p", *OUTER, OPEN, *INNER[:4], edge("i2", (240, 100), (170, 100))),),
     [("drawn_elsewhere", "i2"), ("drawn_elsewhere", "i2")]),
    # its end hangs in the air: whoever drew it so has not drawn another way
    ((picture("p", *OUTER[:4], OPEN, *INNER, edge("f2", (300, 220), (380, 260))),), []),
])  # fmt: skip
def test_what_is_drawn_is_held_against_what_runs(pictures, told):
    reading = read_files(drawn("\n".join((PROCESS, *pictures))).files)
    codes = ("drawn_unknown", "drawn_twice", "not_drawn", "drawn_elsewhere")
    found = [one for one in reading.problems if one.code in codes]
    assert [(one.code, one.element) for one in found] == told
    assert {one.severity for one in found} <= {"warning"}
