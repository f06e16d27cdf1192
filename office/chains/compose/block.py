"""Parallel work that a refusal can leave: a subprocess, with an error for each step that leaves it.

The error ends whatever else goes on inside. What it leads to stands above the subprocess. Those who
are informed inside get their task below it, by an escalation, so that nothing waits for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from office.chains.compose import choosing, people
from office.chains.compose.lines import Loose, Row
from office.chains.compose.sheet import Box, bpmn, document
from office.chains.compose.sizes import GAP, HALF, PAD, TOLD
from office.chains.exits import Whole
from office.chains.model import Ask, Inform, Together

if TYPE_CHECKING:
    from office.chains.compose.drawing import Drawing

#: from the upper edge of the subprocess up to the middle of what stands there
_OVER = 90


def draw(drawing: Drawing, step: Whole, row: Row, last: Loose, x: int) -> Loose:
    sheet, whole = drawing.sheet, f"w_{step.id}"
    node = sheet.add(whole, "subProcess", step.name, x, row.axis)
    if isinstance(step, Together):
        document(node, step.note)
    last.to(sheet, whole, (x, row.axis))
    around, sheet.inside = sheet.inside, node
    _inner(drawing, step, row, x + PAD)
    sheet.inside = around
    top = row.axis - max(HALF, drawing.sizes.above(step.branches[0].steps)) - PAD
    low = row.axis + drawing.sizes.rows(step)[-1] + drawing.sizes.below(step.branches[-1].steps)
    right = sheet.boxes[f"v_{step.id}"].right[0] + PAD
    at = x + PAD
    for one in drawing.sizes.exits.leaving(step):
        at = _caught(drawing, one, whole, row, (at + 50, top)) + PAD
        right = max(right, sheet.boxes[f"o_{one.id}"].right[0] + PAD)
    below = x + PAD
    for told in drawing.sizes.exits.told(step):
        below = _told(drawing, told, whole, (below + 18, low + PAD)) + PAD
        right = max(right, below)
    sheet.boxes[whole] = Box(x, top, right - x, low + PAD - top)
    drawing.reach[whole] = at
    return Loose("", whole, ((right, row.axis),))


def _inner(drawing: Drawing, step: Whole, row: Row, x: int) -> None:
    begin, end = f"u_{step.id}", f"v_{step.id}"
    drawing.sheet.add(begin, "startEvent", "", x, row.axis)
    x = drawing.sheet.boxes[begin].right[0] + GAP // 2
    last = drawing.onward(begin)
    if isinstance(step, Together):
        drawing.connect(last, step.id, "parallelGateway", "", x, row.axis)
        last = drawing.ways(step, step.id, "parallelGateway", row, x)
    else:
        last = drawing.matrix(step, row, last, x)
    drawing.connect(last, end, "endEvent", "", drawing.right(last) + GAP // 2, row.axis)


def error_of(step: Ask) -> str:
    return f"o_{step.id}_error"


def leave(drawing: Drawing, step: Ask, row: Row, x: int) -> None:
    """The error end of a step, and what leads to it from the gateway at x."""
    sheet, end, gateway = drawing.sheet, f"z_{step.id}", f"x_{step.id}"
    exits = drawing.sizes.exits
    node = sheet.add(end, "endEvent", drawing.refusal(step), x + 7, row.axis + 88)
    etree.SubElement(node, bpmn("errorEventDefinition"), errorRef=error_of(step))
    sheet.define_error(error_of(step), step.id)
    box, target = sheet.boxes[gateway], sheet.boxes[end].top
    if step.can_refuse:
        no = people.ended(step)
        Loose(f"f_{step.id}_refused", gateway, (box.bottom,), "", no).to(sheet, end, target)
    if step.refusal == "chosen" and step.id in exits.backs:
        back = people.returned(step)
        Loose(f"f_{step.id}_back", gateway, (box.bottom,), "", back).to(sheet, end, target)


def tell(drawing: Drawing, step: Inform, row: Row, last: Loose, x: int) -> Loose:
    """The place inside from which somebody is informed."""
    thrown, said = f"i_{step.id}", f"o_{step.id}_told"
    node = drawing.connect(last, thrown, "intermediateThrowEvent", "", x, row.axis)
    etree.SubElement(node, bpmn("escalationEventDefinition"), escalationRef=said)
    drawing.sheet.define_escalation(said, step.id)
    return drawing.onward(thrown)


def _told(drawing: Drawing, step: Inform, whole: str, at: tuple[int, int]) -> int:
    """The event on the lower border, and the task to which it leads; how far that reaches."""
    sheet, caught, end = drawing.sheet, f"o_{step.id}", f"end_{step.id}"
    node = sheet.hang(caught, whole, "", at)
    node.set("cancelActivity", "false")
    etree.SubElement(node, bpmn("escalationEventDefinition"), escalationRef=f"o_{step.id}_told")
    axis, begin = at[1] + TOLD // 2 + 15, sheet.boxes[caught].bottom
    drawing.told(step, at[0] + 40, axis)
    side = sheet.boxes[step.id].left
    Loose("", caught, (begin, (begin[0], axis))).to(sheet, step.id, side)
    drawing.connect(drawing.onward(step.id), end, "endEvent", "", at[0] + 170, axis)
    drawing.lapse(step)
    return sheet.boxes[end].right[0]


def _caught(drawing: Drawing, step: Ask, whole: str, row: Row, at: tuple[int, int]) -> int:
    """The event on the border, and what the refusal leads to; how far that reaches."""
    sheet, caught = drawing.sheet, f"o_{step.id}"
    node = sheet.hang(caught, whole, "", at)
    etree.SubElement(node, bpmn("errorEventDefinition"), errorRef=error_of(step))
    loose = Loose(f"f_{step.id}_out", caught, (sheet.boxes[caught].top,), drawing.refusal(step))
    axis, exits = at[1] - _OVER, drawing.sizes.exits
    end = _end(drawing, step, row, at[0], axis) if step.id in exits.ends else ""
    if step.id not in exits.backs:
        loose.to(sheet, end, sheet.boxes[end].bottom)
    elif step.refusal == "back":
        drawing.send_back(step, loose, row, axis)
    else:
        choosing.spread(drawing, step, row, loose, axis, end)
    return max(at[0] + 50, choosing.right_edge(drawing, step, at[0]))


def _end(drawing: Drawing, step: Ask, row: Row, middle: int, axis: int) -> str:
    """The end of the matter: above, or beside the gateway that leads to it."""
    end = f"end_{step.id}"
    chosen = step.id in drawing.sizes.exits.backs
    x, axis = (middle + 86, axis + 62) if chosen else (middle - 18, axis)
    node = drawing.sheet.add(end, "endEvent", "", x, axis)
    if row.parallel:
        etree.SubElement(node, bpmn("terminateEventDefinition"))
    return end
