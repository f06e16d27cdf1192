"""Cards to elements: each kind of step is one pattern, drawn from left to right."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from office.chains.compose import block, choosing, names, nobody, people
from office.chains.compose.lines import Again, Back, Loose, Row
from office.chains.compose.settings import acknowledged, described, timed
from office.chains.compose.sheet import Point, Sheet, bpmn, document, ours, say
from office.chains.compose.sizes import GAP, LOW, SCRIPT, Sizes
from office.chains.exits import Exits, forgets
from office.chains.matrix.ways import gateway, variable
from office.chains.model import (
    STARTER,
    Act,
    Ask,
    Call,
    Chain,
    Choose,
    Due,
    Forked,
    Inform,
    Matrix,
    Step,
    Together,
    Wait,
    answered,
    takes_one,
    takes_several,
)

_TAGS = {Wait: "intermediateCatchEvent", Call: "callActivity", Act: "serviceTask"}


@dataclass(slots=True)
class Drawing:
    chain: Chain
    sheet: Sheet
    #: how far to the right something reaches that stands above the row behind an element
    reach: dict[str, int] = field(default_factory=dict)
    backs: list[Back] = field(default_factory=list)
    agains: list[Again] = field(default_factory=list)
    sizes: Sizes = field(init=False)

    def __post_init__(self) -> None:
        asked = (step for step in self.chain.walk() if isinstance(step, Ask))
        marked = frozenset(one.id for one in asked if above(self.chain, one))
        self.sizes = Sizes(marked, Exits.of(self.chain))

    def all(self) -> None:
        steps = self.chain.steps
        row = Row(steps, self.sizes.above(steps) + 60, self.sizes.roof(steps))
        self.sheet.add("start", "startEvent", self.own("start"), 100, row.axis)
        last = self.onward("start")
        if self.chain.sent_back:
            last = self._begin(last, row)
        last = self.row(row, last, self.right(last) + GAP)
        self.connect(last, "end", "endEvent", self.own("end"), self.right(last) + GAP, row.axis)
        for back in self.backs:
            self._back(back)
        for again in self.agains:
            self._again(again)

    def _begin(self, last: Loose, row: Row) -> Loose:
        node = self.connect(last, "b_start", "scriptTask", self.own("begin"), 136 + GAP, row.axis)
        people.forget(node, self.chain.sent_back)
        return self.onward("b_start")

    def row(self, row: Row, last: Loose, x: int) -> Loose:
        """Every step of the row behind `last`; what leads on from there."""
        for step in row.steps:
            last = self._step(step, row, last, x)
            x = self.right(last) + GAP
        return last

    def _step(self, step: Step, row: Row, last: Loose, x: int) -> Loose:
        if isinstance(step, Ask | Inform) and step.who.found:
            last = self._look_up(step, row, last, x)
            x = last.points[-1][0] + GAP
        match step:
            case Ask():
                return self._ask(step, row, last, x)
            case Inform():
                return self._inform(step, row, last, x)
            case Choose() | Together() if takes_several(step) and self.sizes.is_block(step):
                return block.draw(self, step, row, last, x)
            case Matrix():
                return self.matrix(step, row, last, x)
            case Choose() | Together():
                return self._forked(step, row, last, x)
            case _:
                return self._plain(step, row, last, x)

    def _look_up(self, step: Ask | Inform, row: Row, last: Loose, x: int) -> Loose:
        """The call before the step, and what happens where it finds nobody."""
        finder, policy = f"l_{step.id}", step.who.detour
        node = self.connect(last, finder, "serviceTask", self.own("find"), x, row.axis)
        nobody.find(node, step)
        if policy == "stop":
            return self.onward(finder)
        at = self.sheet.boxes[finder].right[0] + GAP
        ask = f"n_{step.id}"
        self.connect(self.onward(finder), ask, "exclusiveGateway", "", at, row.axis)
        other = self._where_nobody(step, row)
        last = self.onward(ask, default=True)
        if policy == "pass":
            nobody.pass_over(other, step)
            return last
        nobody.find_others(other, step)
        return self._come_together(step, row, last, self._beyond(f"p_{step.id}"))

    def _where_nobody(self, step: Ask | Inform, row: Row) -> etree._Element:
        """What happens, below the row, where the gateway finds nobody."""
        policy, other = step.who.detour, f"p_{step.id}"
        passed = "passed" if step.who.if_nobody == "pass" else "own"
        said = names.around(self.chain, "handed" if policy == "hand" else passed, step.name)
        low = row.axis + LOW[policy]
        box, x = self.sheet.boxes[f"n_{step.id}"], self._beyond(f"n_{step.id}")
        node = self.sheet.add(other, "serviceTask", said, x, low)
        points = (box.bottom, (box.bottom[0], low))
        way = Loose(f"f_{step.id}_nobody", f"n_{step.id}", points, "", nobody.nobody(step))
        way.to(self.sheet, other, self.sheet.boxes[other].left)
        return node

    def _beyond(self, element: str) -> int:
        return self.sheet.boxes[element].right[0] + 25

    def _come_together(self, step: Ask | Inform, row: Row, last: Loose, x: int) -> Loose:
        """The gateway at which the way for nobody ends."""
        merge, other = f"e_{step.id}", f"p_{step.id}"
        self.connect(last, merge, "exclusiveGateway", "", x, row.axis)
        end, side = self.sheet.boxes[merge].bottom, self.sheet.boxes[other].right
        Loose("", other, (side, (end[0], side[1]))).to(self.sheet, merge, end)
        return self.onward(merge)

    def _passed(self, step: Ask | Inform, row: Row, last: Loose) -> Loose:
        if not step.who.passes:
            return last
        return self._come_together(step, row, last, self.right(last) + GAP)

    def right(self, last: Loose) -> int:
        """Where the next element may begin: a fork that informs needs room for what is below."""
        x = last.points[-1][0]
        forks = last.source.startswith("i_") and last.source[2:] not in self.sizes.exits.tells
        needed = x + 140 if forks else x
        return max(needed, self.reach.get(last.source, 0))

    def connect(
        self, last: Loose, id_: str, tag: str, name: str, x: int, axis: int
    ) -> etree._Element:
        node = self.sheet.add(id_, tag, name, x, axis)
        last.to(self.sheet, id_, self.sheet.boxes[id_].left)
        return node

    def onward(self, source: str, *, default: bool = False) -> Loose:
        return Loose("", source, (self.sheet.boxes[source].right,), default=default)

    # -- one element ------------------------------------------------------------------------

    def _plain(self, step: Wait | Call | Act, row: Row, last: Loose, x: int) -> Loose:
        node = self.connect(last, step.id, _TAGS[type(step)], step.name, x, row.axis)
        document(node, step.note)
        match step:
            case Wait():
                timed(node, step.span, step.until)
            case Call():
                node.set("calledElement", step.process)
            case Act():
                kept = {"resultVariable": answered(step)} if answered(step) else {}
                call = say(node, "action", name=step.action, **kept)
                for name, value in step.inputs:
                    etree.SubElement(call, ours("input"), name=name, value=value)
        return self.onward(step.id)

    # -- somebody decides -------------------------------------------------------------------

    def _ask(self, step: Ask, row: Row, last: Loose, x: int) -> Loose:
        node = self.connect(last, step.id, "userTask", step.name, x, row.axis)
        document(node, step.note)
        described(self.sheet, step, self.chain)
        last = self.onward(step.id)
        if step.refusal != "none":
            last = self._result(step, row, last)
        if step.due is not None and step.due.late in ("pass", "refuse"):
            last = self._deadline(step, step.due, row, last)
        last = self._passed(step, row, last)
        if self.chain.senders(step):
            resumed = f"r_{step.id}"
            x = last.points[-1][0] + GAP
            self.connect(last, resumed, "exclusiveGateway", "", x, row.axis)
            last = self.onward(resumed, default=True)
        if step.refusal == "chosen" and step.id not in self.sizes.exits.backs:
            self.reach[last.source] = choosing.right_edge(self, step)
        return last

    def _result(self, step: Ask, row: Row, last: Loose) -> Loose:
        gateway, x = f"x_{step.id}", last.points[-1][0] + GAP
        self.connect(last, gateway, "exclusiveGateway", "", x, row.axis)
        box, refused = self.sheet.boxes[gateway], people.refusal(step)
        out = self.sizes.exits
        if step.id in out.backs or step.id in out.ends:
            block.leave(self, step, row, x)
        if step.can_end and step.id not in out.ends:
            end = self._refused_end(step, row, x)
            ended = people.ended(step)
            loose = Loose(f"f_{step.id}_refused", gateway, (box.bottom,), self.refusal(step), ended)
            loose.to(self.sheet, end, self.sheet.boxes[end].top)
        if step.id in out.backs:
            return self.onward(gateway, default=True)
        if step.refusal == "back":
            loose = Loose(f"f_{step.id}_back", gateway, (box.top,), self.refusal(step), refused)
            self.send_back(step, loose, row, row.axis - SCRIPT)
        elif step.refusal == "chosen":
            choosing.draw(self, step, row)
        return self.onward(gateway, default=True)

    def refusal(self, step: Ask) -> str:
        """What the button is called that says no."""
        return names.no(self.chain, step)

    def own(self, which: str) -> str:
        return names.own(self.chain, which)

    def script_above(self, step: Ask, loose: Loose, axis: int) -> str:
        """The script that remembers who sent work back, above where it is sent from."""
        script, middle = f"b_{step.id}", loose.points[0][0]
        node = self.sheet.add(script, "scriptTask", self.own("remember"), middle - 50, axis)
        people.remember(node, self.chain, step)
        loose.to(self.sheet, script, self.sheet.boxes[script].bottom)
        return script

    def send_back(self, step: Ask, loose: Loose, row: Row, axis: int) -> None:
        """Straight, past the script that remembers who sent it, or by whoever started it."""
        if step.back_to == STARTER:
            choosing.correct(self, step, loose, row, axis)
            return
        if step.id in self.sizes.marked:
            script = self.script_above(step, loose, axis)
            loose = Loose("", script, (self.sheet.boxes[script].top,))
        self.backs.append(Back(loose, row, step.back_to))
        if step.to_me:
            self.again(step, row, step.back_to)

    def _refused_end(self, step: Ask, row: Row, x: int) -> str:
        end = f"end_{step.id}"
        node = self.sheet.add(end, "endEvent", self.refusal(step), x + 7, row.axis + 88)
        if row.parallel:
            etree.SubElement(node, bpmn("terminateEventDefinition"))
        return end

    def _deadline(self, step: Ask, due: Due, row: Row, last: Loose) -> Loose:
        """What happens when time is up: on without an answer, or the way of a refusal."""
        timer, box = f"t_{step.id}", self.sheet.boxes[step.id]
        leaves = step.id in self.sizes.exits.backs
        goes_back = due.late == "refuse" and step.refusal == "back" and not leaves
        height = box.top[1] if goes_back else box.bottom[1]
        node = self.sheet.hang(
            timer, step.id, "" if goes_back else self.own("late"), (box.x + 30, height)
        )
        timed(node, due.span, "")
        hung = self.sheet.boxes[timer]
        if goes_back:
            loose = Loose(f"f_{step.id}_late", timer, (hung.top,))
            over = above(self.chain, step)
            if over:
                side = self.sheet.boxes[over].left
                loose.to(self.sheet, over, (hung.top[0], side[1]), side)
            else:
                self.backs.append(Back(loose, row, step.back_to))
            return last
        loose = Loose(f"f_{step.id}_late", timer, (hung.bottom,))
        if due.late == "refuse":
            end = f"z_{step.id}" if self.sizes.exits.home(step.id) else f"end_{step.id}"
            side = self.sheet.boxes[end].left
            loose.to(self.sheet, end, (hung.bottom[0], side[1]), side)
            return last
        return self._pass(step, loose, row, last)

    def _pass(self, step: Ask, late: Loose, row: Row, last: Loose) -> Loose:
        merge, low = f"m_{step.id}", row.axis + 150
        self.connect(last, merge, "exclusiveGateway", "", last.points[-1][0] + GAP, row.axis)
        end = self.sheet.boxes[merge].bottom
        late.to(self.sheet, merge, (late.points[0][0], low), (end[0], low), end)
        return self.onward(merge)

    def _back(self, back: Back) -> None:
        top = self._landing(back.target)
        points = self._climb(back.row, back.loose.points[0][0], back.target, top)
        back.loose.to(self.sheet, self.entry(back.target), *points, top)

    def entry(self, step_id: str) -> str:
        """Where work comes to the step, or to the beginning, again."""
        if step_id == STARTER:
            return "b_start"
        step = self.chain.step(step_id)
        if step is not None and self.sizes.is_block(step):
            return f"w_{step_id}"
        return nobody.entry(step) if isinstance(step, Ask) else step_id

    def _landing(self, step_id: str) -> Point:
        """Where a back flow comes down: beside what stands above a block."""
        box = self.sheet.boxes[self.entry(step_id)]
        return (box.x + 10, box.y) if f"w_{step_id}" in self.sheet.boxes else box.top

    def home(self, step: Ask) -> str:
        """The card at which work comes to the step again: the block that it had left, or itself."""
        return self.sizes.exits.backs.get(step.id, step.id)

    def _again(self, again: Again) -> None:
        step, resumed, home = again.step, f"r_{again.target}", self.home(again.step)
        begin, end = self.sheet.boxes[resumed].top, self._landing(home)
        points = self._climb(again.row, end[0], again.target, begin)
        asked = people.sent_back_by(step, again.target, self.chain.sent_back)
        loose = Loose(again_id(step, again.target), resumed, (begin,), "", asked)
        loose.to(self.sheet, self.entry(home), *reversed(points), end)

    def again(self, step: Ask, row: Row, target: str) -> None:
        self.agains.append(Again(step, row, target))

    def _climb(self, row: Row, x: int, target: str, top: Point) -> list[Point]:
        """Up to the row's track, to the left, and up again until the row holds the target."""
        height = row.next_track()
        points = [(x, height)]
        while not row.holds(target) and row.around is not None:
            x, row = row.column, row.around
            points.append((x, height))
            height = row.next_track()
            points.append((x, height))
        return [*points, (top[0], height)]

    # -- somebody is told -------------------------------------------------------------------

    def _inform(self, step: Inform, row: Row, last: Loose, x: int) -> Loose:
        """The chain goes on; a branch of its own waits for the acknowledgement and ends."""
        if step.id in self.sizes.exits.tells:
            return self._passed(step, row, block.tell(self, step, row, last, x))
        fork, end = f"i_{step.id}", f"end_{step.id}"
        self.connect(last, fork, "parallelGateway", "", x, row.axis)
        self.told(step, x + 60, row.axis + 110)
        below, told = self.sheet.boxes[fork].bottom, self.sheet.boxes[step.id].left
        Loose("", fork, (below, (below[0], told[1]))).to(self.sheet, step.id, told)
        self.connect(self.onward(step.id), end, "endEvent", "", x + 190, row.axis + 110)
        self.lapse(step)
        return self._passed(step, row, self.onward(fork))

    def told(self, step: Inform, x: int, axis: int) -> None:
        """The task of whoever is informed."""
        document(self.sheet.add(step.id, "userTask", step.name, x, axis), step.note)
        acknowledged(self.sheet, step)

    def lapse(self, step: Inform) -> None:
        """When time is up, an acknowledgement is waited for no more, where the card says so."""
        if step.due is None or not step.lapses:
            return
        timer, end, box = f"t_{step.id}", f"end_{step.id}", self.sheet.boxes[step.id]
        node = self.sheet.hang(timer, step.id, "", (box.x + 30, box.bottom[1]))
        timed(node, step.due.span, "")
        begin, below = self.sheet.boxes[timer].bottom, self.sheet.boxes[end].bottom
        low = begin[1] + 15
        points = (begin, (begin[0], low), (below[0], low))
        Loose(f"f_{step.id}_late", timer, points).to(self.sheet, end, below)

    # -- several ways -----------------------------------------------------------------------

    def matrix(self, step: Matrix, row: Row, last: Loose, x: int) -> Loose:
        """The table is asked, then a gateway tests its answer."""
        node = self.connect(last, step.id, "businessRuleTask", step.name, x, row.axis)
        document(node, step.note)
        say(node, "decision", ref=step.id, resultVariable=variable(step.id))
        split, last = gateway(step), self.onward(step.id)
        x = last.points[-1][0] + GAP
        tag = "exclusiveGateway" if takes_one(step) else "inclusiveGateway"
        self.connect(last, split, tag, "", x, row.axis)
        return self.ways(step, split, tag, row, x)

    def _forked(self, step: Forked, row: Row, last: Loose, x: int) -> Loose:
        tag = "exclusiveGateway" if isinstance(step, Choose) else "parallelGateway"
        document(self.connect(last, step.id, tag, step.name, x, row.axis), step.note)
        return self.ways(step, step.id, tag, row, x)

    def ways(self, step: Forked, split: str, tag: str, row: Row, x: int) -> Loose:
        """Every way behind the gateway at x, up to the one at which they come together."""
        for number in range(len(step.branches)):
            self.sheet.reserve(f"f_{step.id}_{number}")
        ends, axes = [], [row.axis + below for below in self.sizes.rows(step)]
        for number, (branch, axis) in enumerate(zip(step.branches, axes, strict=True)):
            begin = self._branch_begin(step, split, number, axis)
            parallel = row.parallel or not takes_one(step)
            roof = self.sizes.roof(branch.steps)
            inner = Row(branch.steps, axis, roof, row, x + 65, parallel)
            ends.append(self.row(inner, begin, x + 190))
        join, right = f"j_{step.id}", max(x + 190, *(self.right(end) for end in ends))
        self.sheet.add(join, tag, "", right + GAP, row.axis)
        box = self.sheet.boxes[join]
        for end, axis in zip(ends, axes, strict=True):
            corner = () if axis == row.axis else ((box.bottom[0], axis),)
            end.to(self.sheet, join, *corner, box.left if axis == row.axis else box.bottom)
        return self.onward(join)

    def _branch_begin(self, step: Forked, split: str, number: int, axis: int) -> Loose:
        box, branch = self.sheet.boxes[split], step.branches[number]
        points = (box.bottom, (box.bottom[0], axis)) if number else (box.right,)
        default = isinstance(step, Choose) and not branch.condition
        return Loose(
            f"f_{step.id}_{number}", split, points, branch.label, branch.condition, default
        )


def again_id(step: Ask, target: str) -> str:
    """Several may come again to a step whose refusals lead to several."""
    return f"f_{step.id}_again" + (f"_{target}" if step.refusal == "chosen" else "")


def above(chain: Chain, step: Ask) -> str:
    """What stands above the gateway of a refusal on its way back: a script that keeps who sent it,
    or the task of whoever started it. Empty: nothing.
    """
    if step.refusal == "back" and step.back_to == STARTER:
        return f"s_{step.id}"
    sent = step.refusal == "back" and forgets(chain, step, step.back_to)
    return f"b_{step.id}" if step.refusal == "chosen" or sent else ""
