"""Rules about what people do: who, with which outcomes, back to where, until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine import feel
from engine.errors import Problem
from engine.runtime.diagram import Flow, Node, Process, Rule
from engine.runtime.formulas import compile_phrase, names_in
from engine.runtime.lint.rule import Subject, called
from engine.runtime.parse.shapes import BARE_KINDS
from engine.runtime.phrases import Said, said
from engine.runtime.timers import BadTime, as_due


def people(it: Subject) -> Iterator[Problem]:
    """assignment_missing, assignment_value"""
    for node in _user_tasks(it):
        settings = node.settings
        if not settings.assignments:
            yield it.warning(
                "assignment_missing",
                node,
                f"Nobody is named for {called(node)}: it goes to whoever started the instance.",
                "Say who with <saraban:assignment kind=… value=…/>.",
            )
        for rule in (*settings.assignments, *settings.exclusions):
            yield from _rule(it, node, rule)


def _rule(it: Subject, node: Node, rule: Rule) -> Iterator[Problem]:
    if rule.value is None:
        if rule.kind not in BARE_KINDS:
            yield it.error(
                "assignment_value",
                node,
                f"Expected kind=“{rule.kind}” with a value, but it has none.",
                "Add the attribute value.",
                "value",
                rule.line,
            )
    elif rule.kind == "performer" and not _is_user_task(it, rule.value.text):
        yield it.error(
            "assignment_value",
            node,
            f"Expected the id of a user task of this process, but “{rule.value.text}” is none.",
            "Name the element whose last performer is meant.",
            "value",
            rule.line,
        )


def _is_user_task(it: Subject, id_: str) -> bool:
    node = it.process.nodes.get(id_)
    return node is not None and node.type == "userTask"


def outcomes(it: Subject) -> Iterator[Problem]:
    """outcome_repeated"""
    for node in _user_tasks(it):
        for id_, times in Counter(o.id for o in node.settings.outcomes).items():
            if times > 1:
                yield it.error(
                    "outcome_repeated",
                    node,
                    f"Expected the outcomes of {called(node)} to differ, but “{id_}” is repeated.",
                    "Give each outcome an id of its own.",
                    "saraban:outcome/@id",
                )


def returns(it: Subject) -> Iterator[Problem]:
    """return_target"""
    for node in (node for node in _user_tasks(it) if node.settings.returns):
        reachable = _reached(it, node)
        if not _is_heard(it, node, reachable):
            yield it.error(
                "return_target",
                node,
                f"Expected a condition behind {called(node)} that looks at its return, but there "
                "is none: it would go on as if nobody had returned it.",
                'Draw an exclusive gateway behind it, with a flow back for outcome = "return".',
                "saraban:return",
                node.settings.returns[0].line,
            )
        for target in node.settings.returns:
            other = it.process.nodes.get(target.text)
            if other is None or other.type != "userTask" or target.text not in reachable:
                yield it.error(
                    "return_target",
                    node,
                    f"Expected {called(node)} to be returned to a user task that its flows can "
                    f"reach, but “{target.text}” is none.",
                    "Draw the flow back, or correct the id.",
                    target.attribute,
                    target.line,
                )


def _reached(it: Subject, node: Node) -> set[str]:
    """What its flows reach, by an error that they throw out of its subprocess too."""
    found = it.graph.downstream(it.graph.after(node.id))
    around = it.process.nodes.get(node.parent or "")
    while around is not None and any(_throws(it.process.nodes[one]) for one in found):
        caught = it.graph.boundaries(around.id)
        found |= it.graph.downstream(one.id for one in caught)
        around = it.process.nodes.get(around.parent or "")
    return found


def _throws(node: Node) -> bool:
    return node.type == "endEvent" and node.event is not None and node.event.kind == "error"


def _is_heard(it: Subject, node: Node, reachable: set[str]) -> bool:
    """Whether anything asks for the return; what decision models and calls do is not known."""
    asked = {"return_to", node.settings.outcome_variable}
    behind = [it.process.nodes[id_] for id_ in reachable if id_ in it.process.nodes]
    if any(other.type in ("businessRuleTask", "callActivity") for other in behind):
        return True
    scripts = {other.id for other in it.nodes if other.script is not None}
    return any(
        one.owner.id in scripts or _leaves(one.owner, {node.id, *reachable})
        for one in said(it.process)
        if asked & _names(one)
    )


def _leaves(owner: Node | Flow | Process, nodes: set[str]) -> bool:
    return isinstance(owner, Flow) and owner.source in nodes


def _names(one: Said) -> frozenset[str]:
    try:
        return frozenset(names_in(compile_phrase(one.phrase, script=one.script)))
    except feel.FeelError:
        return frozenset()  # said already


def deadlines(it: Subject) -> Iterator[Problem]:
    """due, priority, reminder"""
    for node in _user_tasks(it):
        due, priority = node.settings.due, node.settings.priority
        if due is not None and not due.is_feel:
            try:
                as_due(due.text, "UTC")
            except (BadTime, ValueError, OverflowError) as error:
                mend = "Write a duration such as PT8H or P3D."
                yield it.error("due", node, str(error), mend, due.attribute, due.line)
        if priority is not None and not priority.is_feel and priority.text not in "1234":
            yield it.error(
                "priority",
                node,
                f"Expected a priority from 1 (normal) to 4 (most urgent), but “{priority.text}”.",
                "Choose one of these.",
                priority.attribute,
                priority.line,
            )
        if any(not 0 < at <= 1 for at in node.settings.reminders):
            yield it.error(
                "reminder",
                node,
                f"Expected the reminders of {called(node)} at fractions of the time, from 0 to 1.",
                "Write 0.5 for half the time.",
                "saraban:reminder/@at",
            )
        if (node.settings.reminders or node.settings.escalation) and due is None:
            yield it.warning(
                "reminder",
                node,
                f"{called(node)} reminds or escalates, but has no deadline: nothing will happen.",
                "Add <saraban:due value=…/>.",
            )


def _user_tasks(it: Subject) -> list[Node]:
    return [node for node in it.nodes if node.type == "userTask"]


RULES = (people, outcomes, returns, deadlines)
