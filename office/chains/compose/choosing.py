"""The refusal of which the refuser decides where it leads: back to one of several, or to the end.

The task is returned to a step that it names. A script remembers by whom, so that the work comes
straight again where that is wished; a gateway leads to the step that was chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from office.chains.compose import people
from office.chains.compose.lines import Back, Loose, Row
from office.chains.compose.people import element
from office.chains.compose.sheet import say
from office.chains.compose.sizes import GAP, SCRIPT
from office.chains.model import STARTER, Ask

if TYPE_CHECKING:
    from office.chains.compose.drawing import Drawing

#: of the flow that is taken when a task is returned, and of the starter's task
RETURNED, CORRECT = "ส่งคืน", "แก้ไขแล้วเสนออีกครั้ง"


def offered(node: etree._Element, step: Ask) -> None:
    """The steps to which the task can be returned."""
    for target in step.ways_back if step.refusal == "chosen" else ():
        say(node, "return", to=element(step, target))


def draw(drawing: Drawing, step: Ask, row: Row) -> None:
    gateway, ways = f"x_{step.id}", step.ways_back
    top = drawing.sheet.boxes[gateway].top
    loose = Loose(f"f_{step.id}_back", gateway, (top,), RETURNED, people.returned(step))
    last = drawing.onward(drawing.script_above(step, loose, row))
    if len(ways) > 1:
        fork = f"y_{step.id}"
        x, axis = last.points[0][0] + GAP // 2, row.axis - SCRIPT
        drawing.connect(last, fork, "exclusiveGateway", "", x, axis)
        last = drawing.onward(fork)
    for number, target in enumerate(ways):
        asked = f'return_to = "{element(step, target)}"' if number < len(ways) - 1 else ""
        start = drawing.sheet.boxes[last.source]
        flow = f"f_{step.id}_to_{target}"
        default = len(ways) > 1 and not asked
        if target == STARTER:
            way = Loose(flow, last.source, (start.right,), "", asked, default)
            _starter(drawing, step, row, way)
        else:
            way = Loose(flow, last.source, (start.top,), "", asked, default)
            drawing.backs.append(Back(way, row, target))
            drawing.again(step, row, target)


def _starter(drawing: Drawing, step: Ask, row: Row, way: Loose) -> None:
    """Whoever started it corrects it; then it comes straight again, or begins anew."""
    task, fork, axis = f"s_{step.id}", f"g_{step.id}", row.axis - SCRIPT
    node = drawing.connect(way, task, "userTask", CORRECT, way.points[0][0] + GAP, axis)
    say(node, "assignment", kind="starter")
    if drawing.chain.fields:
        say(node, "form", key=drawing.chain.start_form)
    drawing.connect(drawing.onward(task), fork, "exclusiveGateway", "",
                    drawing.sheet.boxes[task].right[0] + GAP // 2, axis)  # fmt: skip
    top = drawing.sheet.boxes[fork].top
    sent = people.sent_back_by(step, task, drawing.chain.sent_back)
    straight = Loose(f"f_{step.id}_straight", fork, (top,), "", sent)
    drawing.backs.append(Back(straight, row, step.id))
    drawing.backs.append(Back(Loose(f"f_{step.id}_anew", fork, (top,), default=True), row, STARTER))


def right_edge(drawing: Drawing, step: Ask) -> int:
    """How far to the right what stands above the row reaches."""
    names = (f"{letter}_{step.id}" for letter in "bysg")
    boxes = (drawing.sheet.boxes.get(name) for name in names)
    return max(box.right[0] for box in boxes if box is not None)
