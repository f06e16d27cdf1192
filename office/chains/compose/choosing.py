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


def offered(node: etree._Element, step: Ask) -> None:
    """The steps to which the task can be returned."""
    for target in step.ways_back if step.refusal == "chosen" else ():
        say(node, "return", to=element(step, target))


def draw(drawing: Drawing, step: Ask, row: Row) -> None:
    gateway = f"x_{step.id}"
    top = drawing.sheet.boxes[gateway].top
    loose = Loose(
        f"f_{step.id}_back", gateway, (top,), drawing.own("returned"), people.returned(step)
    )
    spread(drawing, step, row, loose, row.axis - SCRIPT)


def spread(drawing: Drawing, step: Ask, row: Row, loose: Loose, axis: int, end: str = "") -> None:
    """From what was returned to each step that can be chosen, or to the end, where that is one."""
    ways = step.ways_back
    last = drawing.onward(drawing.script_above(step, loose, axis))
    many = len(ways) > 1 or end
    if many:
        fork = f"y_{step.id}"
        drawing.connect(last, fork, "exclusiveGateway", "", last.points[0][0] + GAP // 2, axis)
        last = drawing.onward(fork)
    start = drawing.sheet.boxes[last.source]
    if end:
        no = Loose(f"f_{step.id}_ended", last.source, (start.bottom,), "", people.ended(step))
        no.to(drawing.sheet, end, drawing.sheet.boxes[end].top)
    for number, target in enumerate(ways):
        asked = f'return_to = "{element(step, target)}"' if number < len(ways) - 1 else ""
        point = start.right if target == STARTER else start.top
        default = bool(many) and not asked
        way = Loose(f"f_{step.id}_to_{target}", last.source, (point,), "", asked, default)
        if target == STARTER:
            _starter(drawing, step, row, way)
        else:
            drawing.backs.append(Back(way, row, target))
            drawing.again(step, row, target)


def _starter(drawing: Drawing, step: Ask, row: Row, way: Loose) -> None:
    """Whoever started it corrects it; then it comes straight again, or begins anew."""
    task, fork, axis = f"s_{step.id}", f"g_{step.id}", way.points[0][1]
    node = drawing.connect(
        way, task, "userTask", drawing.own("correct"), way.points[0][0] + GAP, axis
    )
    _corrects(drawing, node)
    drawing.connect(drawing.onward(task), fork, "exclusiveGateway", "",
                    drawing.sheet.boxes[task].right[0] + GAP // 2, axis)  # fmt: skip
    top = drawing.sheet.boxes[fork].top
    sent = people.sent_back_by(step, task, drawing.chain.sent_back)
    straight = Loose(f"f_{step.id}_straight", fork, (top,), "", sent)
    drawing.backs.append(Back(straight, row, drawing.home(step)))
    drawing.backs.append(Back(Loose(f"f_{step.id}_anew", fork, (top,), default=True), row, STARTER))


def correct(drawing: Drawing, step: Ask, loose: Loose, row: Row, axis: int) -> None:
    """Whoever started it corrects what was refused, above where it comes from; then it comes
    straight again, or begins anew, as the card says.
    """
    task, middle = f"s_{step.id}", loose.points[0][0]
    _corrects(
        drawing, drawing.sheet.add(task, "userTask", drawing.own("correct"), middle - 50, axis)
    )
    loose.to(drawing.sheet, task, drawing.sheet.boxes[task].bottom)
    target = drawing.home(step) if step.to_me else STARTER
    drawing.backs.append(Back(Loose("", task, (drawing.sheet.boxes[task].top,)), row, target))


def _corrects(drawing: Drawing, node: etree._Element) -> None:
    say(node, "assignment", kind="starter")
    if drawing.chain.fields:
        say(node, "form", key=drawing.chain.start_form)


def right_edge(drawing: Drawing, step: Ask, least: int = 0) -> int:
    """How far to the right what stands above the row reaches."""
    names = (f"{letter}_{step.id}" for letter in "bysg")
    boxes = (drawing.sheet.boxes.get(name) for name in names)
    return max([least, *(box.right[0] for box in boxes if box is not None)])
