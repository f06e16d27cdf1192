"""The walk from the start: which pattern comes next, and how its elements are called."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from engine.runtime.diagram import Flow, Node, Process
from office.chains.compose.forms import Read
from office.chains.errors import NotComposable
from office.chains.matrix.reading import Models
from office.chains.model import (
    ACKNOWLEDGE,
    FIND,
    REFUSE,
    SENT_BACK,
    Ask,
    Branch,
    Choose,
    Forked,
    Inform,
    Late,
    Matrix,
    Refusal,
    Step,
    Together,
    appointed_variable,
    refuses,
)
from office.chains.reading import cards
from office.chains.reading.block import read_block
from office.chains.reading.choosing import read_back, read_choice
from office.chains.reading.nobody import read_nobody

_PLAIN: Mapping[str, Callable[[Node], Step]] = {
    "intermediateCatchEvent": cards.wait,
    "callActivity": cards.call,
    "serviceTask": cards.act,
}
_NEVER = frozenset({"task", "manualTask", "sendTask", "receiveTask", "eventBasedGateway"})
#: ways within ways
DEEPEST = 8
_GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")


class Route:
    """One process. `ids` are filled while it is walked: element to its name among cards.

    `forms` say what each form asks for, `models` are the decisions beside the diagram.
    """

    def __init__(self, process: Process, forms: Mapping[str, Read], models: Models) -> None:
        self.process = process
        self._forms = forms
        self._models = models
        self._depth = 0
        self.ids: dict[str, str] = {}
        #: by the error that a step throws where it leaves parallel work, its id
        self.thrown: dict[str, str] = {}
        #: steps to which what they sent back comes straight again
        self._to_me: set[tuple[str, str]] = set()
        #: where a step begins to the look-up before it, and to where it is passed
        self._finders: dict[str, str] = {}
        #: by the variable of whoever was chosen for a step, the step in which that is done
        self._namers: dict[str, str] = {}
        self._passes: dict[str, str] = {}
        self.out: dict[str, list[Flow]] = {}
        self._in: dict[str, list[Flow]] = {}
        for flow in process.flows.values():
            self.out.setdefault(flow.source, []).append(flow)
            self._in.setdefault(flow.target, []).append(flow)

    def all(self) -> tuple[Step, ...]:
        starts = self.starts(None)
        if len(starts) != 1:
            raise NotComposable(self.process.id, self.process.name, "element", "startEvent")
        self.call(starts[0].id, "start")
        begin = self.script(self.only(starts[0].id).target, "b_start")
        steps, end = self._row(begin)
        if self.process.nodes[end].type != "endEvent":
            raise self.wrong(end, "branches")
        self.call(end, "end")
        return steps

    def starts(self, parent: str | None) -> list[Node]:
        nodes = self.process.nodes.values()
        return [node for node in nodes if node.type == "startEvent" and node.parent == parent]

    def script(self, at: str, name: str) -> str:
        """What comes behind a script that keeps who sent work back; `at`, where it is none."""
        node = self.node(at)
        kept = node.type == "scriptTask" and (node.settings.result or "").endswith(SENT_BACK)
        if not kept:
            return at
        self.call(at, name)
        return self.only(at).target

    # -- one row ----------------------------------------------------------------------------

    def _row(self, at: str) -> tuple[tuple[Step, ...], str]:
        """Steps up to the end or to a gateway where ways come together, with its id."""
        steps: list[Step] = []
        while not self._closes(at):
            step, at = self._step(at)
            steps.append(self._appointed(step))
        return tuple(steps), at

    def _appointed(self, step: Step) -> Step:
        """The step with who names those who do it, where a step before asks for that."""
        if not isinstance(step, Ask | Inform) or step.who.kind != "field":
            return step
        variable = appointed_variable(step.id)
        namer = self._namers.get(variable)
        if namer is None or step.who.value != variable:
            return step
        return replace(step, who=replace(step.who, kind="appointed", values=(namer,)))

    def _closes(self, at: str) -> bool:
        node = self.node(at)
        joins = node.type in _GATEWAYS and len(self.out.get(at, ())) == 1
        return node.type == "endEvent" or (joins and at not in self.ids)

    def _step(self, at: str) -> tuple[Step, str]:
        node = self.node(at)
        if at in self.ids:
            raise self.wrong(at, "circle")
        if node.type == "userTask":
            return self._ask(node)
        if node.type == "subProcess":
            return read_block(self, node), self.only(at).target
        if node.type in _GATEWAYS:
            told = self.told(node)
            return self._inform(node, told) if told else self._forked(node)
        if node.type == "businessRuleTask":
            return self.matrix(node)
        if node.type == "intermediateThrowEvent":
            return self._told_outside(node)
        if node.settings.action is not None and node.settings.action.name == FIND:
            return self._found(node)
        read = _PLAIN.get(node.type)
        if read is None:
            raise self.wrong(at, "element", node.type)
        self.call(at, at)
        return read(node), self.only(at).target

    def _found(self, finder: Node) -> tuple[Step, str]:
        """The step of those who are looked up before it."""
        none, who = read_nobody(self, finder), cards.found(finder)
        begins = none.begins if none else self.only(finder.id).target
        if none is not None or who.judged:
            self._finders[begins] = finder.id
        if none is not None and none.passes:
            self._passes[begins] = none.merge
        step, at = self._step(begins)
        if not isinstance(step, Ask | Inform):
            raise self.wrong(finder.id, "people")
        self.call(finder.id, f"l_{step.id}")
        if none is None:
            return replace(step, who=who), at
        for one, letter in ((none.gateway, "n"), (none.other, "p"), (none.merge, "e")):
            self.call(one, f"{letter}_{step.id}")
        return replace(step, who=replace(who, if_nobody=none.policy, instead=none.instead)), at

    def _passed(self, begins: str, at: str) -> str:
        """What comes behind the gateway at which the way for nobody ends."""
        if self._passes.get(begins) != at:
            return at
        return self.only(at).target

    def entered(self, at: str) -> str:
        """The step to which a flow leads, past the look-up of those who do it."""
        return next((step for step, finder in self._finders.items() if finder == at), at)

    # -- somebody decides -------------------------------------------------------------------

    def _ask(self, node: Node) -> tuple[Step, str]:
        self.call(node.id, node.id)
        refusal: Refusal = "none"
        at, no = self.only(node.id).target, ""
        may: tuple[str, ...] = ()
        if node.settings.returns:
            refusal, (no, may, at) = "chosen", read_choice(self, node, at)
        elif any(refuses(one.id) for one in node.settings.outcomes):
            refusal, no, at = self._result(node, at)
        late, at = self._late(node, at, no)
        at = self._passed(node.id, at)
        at = self._again(node, at)
        back_to, straight = read_back(self, node, no) if refusal == "back" else ("", False)
        step = cards.ask(node, refusal, back_to, late)
        form = node.settings.form
        asked = (self._forms.get(form.text) if form else None) or Read(())
        self._namers |= {variable: node.id for variable, _hide, _several in asked.appoints}
        edits = (field.key for field in asked.fields)
        to_me = straight or self.comes_again(step)
        return replace(step, edits=tuple(edits), to_me=to_me, may=may), at

    def comes_again(self, step: Ask) -> bool:
        """Whether what it sends back to one step comes straight to it again."""
        return step.refusal == "back" and (step.back_to, step.id) in self._to_me

    def _again(self, node: Node, at: str) -> str:
        """The gateway from which corrected work goes straight to whoever had sent it back."""
        gateway, flows = self.node(at), self.out.get(at, [])
        asked = [flow for flow in flows if flow.condition is not None]
        on = [flow for flow in flows if flow.condition is None]
        if gateway.type != "exclusiveGateway" or not asked or len(on) != 1:
            return at
        senders = [
            re.fullmatch(
                rf"get value\(get or else\(\w+{SENT_BACK}, \{{\}}\), \"\w+\"\) = \"(\w+)\"",
                flow.condition.feel if flow.condition else "",
            )
            for flow in asked
        ]
        if any(sender is None for sender in senders):
            self._check_older(node, asked)
            return at
        self._to_me |= {(node.id, sender[1]) for sender in senders if sender}
        self.call(at, f"r_{node.id}")
        return on[0].target

    def _check_older(self, node: Node, asked: Sequence[Flow]) -> None:
        """Work came straight again by the answer of whoever had refused it, before scripts kept
        who that was: such a diagram runs, but cards say it otherwise.
        """
        for flow in asked:
            text = flow.condition.feel if flow.condition else ""
            if REFUSE in text and self._refused_to(flow.target) == node.id:
                raise self.wrong(flow.source, "older_again", self.node(flow.target).name)

    def _refused_to(self, at: str) -> str:
        """Where the gateway behind a step leads when it refuses; empty where there is none."""
        behind = [flow.target for flow in self.out.get(at, ())]
        ways = self.out.get(behind[0], ()) if len(behind) == 1 else ()
        return next((flow.target for flow in ways if flow.condition is not None), "")

    def _result(self, node: Node, at: str) -> tuple[Refusal, str, str]:
        """The gateway behind a step that can be refused: where that leads, and what follows."""
        gateway, flows = self.node(at), self.out.get(at, [])
        on = [flow for flow in flows if flow.condition is None]
        no = [flow for flow in flows if flow.condition is not None]
        if gateway.type != "exclusiveGateway" or len(on) != 1 or len(no) != 1:
            raise self.wrong(at, "refusal")
        self.call(at, f"x_{node.id}")
        target = self.node(no[0].target)
        if self.throws(node, target):
            return "end", target.id, on[0].target
        if target.type == "endEvent":
            self.call(target.id, f"end_{node.id}")
            return "end", target.id, on[0].target
        return "back", target.id, on[0].target

    def throws(self, step: Node, end: Node) -> bool:
        """Whether it is the error by which the step leaves parallel work."""
        if end.type != "endEvent" or end.event is None or end.event.kind != "error":
            return False
        self.call(end.id, f"z_{step.id}")
        self.thrown[end.event.code or ""] = step.id
        return True

    def _late(self, node: Node, at: str, no: str) -> tuple[Late | None, str]:
        """A timer on the border: it passes the step, or goes the way of a refusal."""
        timers = self.attached(node)
        if not timers:
            return None, at
        if len(timers) > 1:
            raise self.wrong(timers[1].id, "element", "boundaryEvent")
        self.call(timers[0].id, f"t_{node.id}")
        target = self.only(timers[0].id).target
        if target == no:
            return "refuse", at
        if target != at:
            raise self.wrong(timers[0].id, "merge")
        if self.node(at).type != "exclusiveGateway" or len(self.out.get(at, ())) != 1:
            raise self.wrong(at, "merge")
        self.call(at, f"m_{node.id}")
        return "pass", self.only(at).target

    # -- somebody is told -------------------------------------------------------------------

    def told(self, fork: Node) -> Node | None:
        """The task of those who only acknowledge, where this is such a fork."""
        flows = self.out.get(fork.id, ())
        if fork.type != "parallelGateway" or len(flows) != 2:
            return None
        for flow in flows:
            node = self.node(flow.target)
            if [one.id for one in node.settings.outcomes] == [ACKNOWLEDGE]:
                return node
        return None

    def _inform(self, fork: Node, told: Node) -> tuple[Step, str]:
        end = self.only(told.id).target
        if self.node(end).type != "endEvent":
            raise self.wrong(end, "branches")
        self.call(fork.id, f"i_{told.id}")
        self.call(told.id, told.id)
        self.call(end, f"end_{told.id}")
        on = next(flow for flow in self.out[fork.id] if flow.target != told.id)
        return cards.inform(told, self._lapses(told, end)), self._passed(fork.id, on.target)

    def _lapses(self, told: Node, end: str) -> Late | None:
        """A timer on the border: what is not acknowledged in time is waited for no more."""
        timers = self.attached(told)
        if not timers:
            return None
        if len(timers) > 1:
            raise self.wrong(timers[1].id, "element", "boundaryEvent")
        if self.only(timers[0].id).target != end:
            raise self.wrong(timers[0].id, "merge")
        self.call(timers[0].id, f"t_{told.id}")
        return "pass"

    def _told_outside(self, thrown: Node) -> tuple[Step, str]:
        """Those who are informed by an escalation, outside the block in which it is thrown."""
        caught = [node for node in self.process.nodes.values() if _hears(node, thrown)]
        if len(caught) != 1:
            raise self.wrong(thrown.id, "element", thrown.type)
        told = self.node(self.only(caught[0].id).target)
        end = self.only(told.id).target
        ids = [one.id for one in told.settings.outcomes]
        if ids != [ACKNOWLEDGE] or self.node(end).type != "endEvent":
            raise self.wrong(told.id, "branches")
        for at, letter in ((thrown.id, "i"), (caught[0].id, "o"), (end, "end")):
            self.call(at, f"{letter}_{told.id}")
        self.call(told.id, told.id)
        on = self._passed(thrown.id, self.only(thrown.id).target)
        return cards.inform(told, self._lapses(told, end)), on

    # -- several ways -----------------------------------------------------------------------

    def matrix(self, task: Node) -> tuple[Step, str]:
        """A table that is asked, and the gateway behind it that tests its answer."""
        call, split = task.settings.decision, self.node(self.only(task.id).target)
        if call is None or split.type not in ("exclusiveGateway", "inclusiveGateway"):
            raise self.wrong(task.id, "matrix")
        self.call(task.id, task.id)
        found = self._models.read(call.ref, task.id, task.name)
        branches, at = self._ways(split, f"x_{task.id}", f"j_{task.id}")
        if branches[-1].condition:
            raise self.wrong(split.id, "branches")
        step = Matrix(task.id, task.name, branches, task.documentation, found.columns,
                      found.rules, found.hit)  # fmt: skip
        return step, at

    def _forked(self, node: Node) -> tuple[Step, str]:
        if node.type == "inclusiveGateway":
            raise self.wrong(node.id, "element", node.type)
        branches, at = self._ways(node, node.id, f"j_{node.id}")
        kind: type[Forked] = Choose if node.type == "exclusiveGateway" else Together
        return kind(node.id, node.name, branches, node.documentation), at

    def _ways(self, node: Node, name: str, joined: str) -> tuple[tuple[Branch, ...], str]:
        chooses, flows = node.type != "parallelGateway", list(self.out.get(node.id, ()))
        self.call(node.id, name)
        if len(flows) < 2 or self._depth == DEEPEST:
            raise self.wrong(node.id, "branches")
        if chooses:
            flows.sort(key=lambda flow: flow.id == node.default)
        branches, joins = [], []
        self._depth += 1
        for flow in flows:
            steps, join = self._row(flow.target)
            condition = flow.condition.feel if flow.condition else ""
            branches.append(Branch(flow.name, steps, condition))
            joins.append(join)
        self._depth -= 1
        join = joins[0]
        if any(other != join for other in joins) or self.node(join).type != node.type:
            raise self.wrong(node.id, "branches")
        self.call(join, joined)
        return tuple(branches), self.only(join).target

    def ways(self, fork: Node) -> tuple[Step, str]:
        """Parallel work from its gateway on, and what follows."""
        if fork.type != "parallelGateway" or self.told(fork):
            raise self.wrong(fork.id, "branches")
        return self._forked(fork)

    # -- the graph --------------------------------------------------------------------------

    def call(self, at: str, name: str) -> None:
        if at in self.ids and self.ids[at] != name:
            raise self.wrong(at, "shared")
        self.ids[at] = name

    def node(self, at: str) -> Node:
        node = self.process.nodes.get(at)
        if node is None:
            raise NotComposable(at, "", "flow")
        return node

    def attached(self, node: Node) -> list[Node]:
        return [one for one in self.process.nodes.values() if one.attached_to == node.id]

    def only(self, at: str) -> Flow:
        flows = self.out.get(at, [])
        if len(flows) != 1:
            raise self.wrong(at, "ways")
        return flows[0]

    def wrong(self, at: str, why: str, detail: str = "") -> NotComposable:
        node = self.process.nodes.get(at)
        return NotComposable(at, node.name if node else "", why, detail)


def without_cards(process: Process) -> Iterator[NotComposable]:
    """Those of which there is no card, wherever they stand: none is written with their kind."""
    for node in process.nodes.values():
        script = node.type == "scriptTask" and not (node.settings.result or "").endswith(SENT_BACK)
        if script or node.type in _NEVER:
            yield NotComposable(node.id, node.name, "element", node.type)


def _hears(node: Node, thrown: Node) -> bool:
    """Whether it is the boundary event of the escalation that is thrown there."""
    if node.attached_to is None or node.event is None or thrown.event is None:
        return False
    return node.event.kind == thrown.event.kind == "escalation" and (
        node.event.code == thrown.event.code
    )
