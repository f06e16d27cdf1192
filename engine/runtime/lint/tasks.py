"""Rules about what activities do: forms, actions, decisions, scripts, messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.errors import Problem
from engine.ports import Action, ActionUse
from engine.runtime.diagram import ActionCall, Node, Process
from engine.runtime.lint.rule import Subject, called

_FEEL_NAMES = ("feel", "text/feel", "application/feel")


def forms(it: Subject) -> Iterator[Problem]:
    """form_missing"""
    for node in _user_tasks(it):
        form = node.settings.form
        if form is not None and form.text not in it.reading.forms:
            yield _no_form(it, node, form.text, form.attribute, form.line)
    form = it.process.start_form
    if form is not None and form.text not in it.reading.forms:
        yield _no_form(it, it.process, form.text, form.attribute, form.line)


def _no_form(it: Subject, at: Node | Process, key: str, attribute: str, line: int) -> Problem:
    return it.error(
        "form_missing",
        at,
        f"Expected the form “{key}” in this deployment, but there is no {key}.form.json.",
        "Deploy the form together with the diagram, or correct the key.",
        attribute,
        line,
    )


def actions(it: Subject) -> Iterator[Problem]:
    """action_missing, action_unknown, action_of_house, action_route, action_input"""
    for node in it.nodes:
        call = node.settings.action
        if call is not None:
            yield from _action(it, node, call)
        elif node.type == "serviceTask":
            yield it.error(
                "action_missing",
                node,
                f"Expected {called(node)} to name what it does, but it has no saraban:action.",
                "Add <saraban:action name=…/>.",
            )
        elif node.type == "sendTask" and node.message is None:
            yield it.error(
                "action_missing",
                node,
                f"Expected {called(node)} to send a message or to name an action, but it does "
                "neither.",
                "Add messageRef or <saraban:action name=…/>.",
            )


def _action(it: Subject, node: Node, call: ActionCall) -> Iterator[Problem]:
    known = it.expected.actions.get(call.name)
    if known is None:
        names = ", ".join(_free(it)) or "none"
        yield it.error(
            "action_unknown",
            node,
            f"Expected a known action, but “{call.name}” is none (there are: {names}).",
            "Correct the name.",
            "saraban:action/@name",
            call.line,
        )
        return
    if not known.free_for(it.process.id):
        yield _not_for_here(it, node, call, known)
        return
    given = {one.name for one in call.inputs}
    for name in sorted(known.required - given):
        yield it.error(
            "action_input",
            node,
            f"Expected the action {call.name} with the input {name}, but it is missing.",
            f"Add <saraban:input name=“{name}” value=…/>.",
            "saraban:input",
            call.line,
        )
    for name in sorted(given - known.inputs - known.required):
        yield it.error(
            "action_input",
            node,
            f"Expected only inputs that the action {call.name} knows, but “{name}” is none.",
            "Remove it or correct its name.",
            "saraban:input",
            call.line,
        )
    yield from _judged(it, node, call, known)


def _free(it: Subject) -> list[str]:
    known = it.expected.actions.values()
    return sorted(one.name for one in known if one.free_for(it.process.id))


def _not_for_here(it: Subject, node: Node, call: ActionCall, known: Action) -> Problem:
    if not known.drawn:
        return it.error(
            "action_of_house",
            node,
            f"Expected an action for diagrams, but “{call.name}” is a job of the house's own.",
            "Choose an action from the list, or remove the step: the house does this by itself.",
            "saraban:action/@name",
            call.line,
        )
    return it.error(
        "action_route",
        node,
        f"Expected the action {call.name} in the process {known.route} alone, but this is"
        f" {it.process.id}.",
        "Remove the step: what it does is decided by that process as it is shipped.",
        "saraban:action/@name",
        call.line,
    )


def _judged(it: Subject, node: Node, call: ActionCall, known: Action) -> Iterator[Problem]:
    use = ActionUse(it.process.id, {one.name: one.value.text for one in call.inputs})
    lines = {one.name: one.line for one in call.inputs}
    for one in it.expected.judge(known, use):
        line = lines.get(one.input, call.line)
        found = it.error(one.code, node, one.message, one.mend, "saraban:input", line)
        yield replace(found, outside=one.outside)


def scripts(it: Subject) -> Iterator[Problem]:
    """script_missing, script_language"""
    for node in it.nodes:
        if node.type != "scriptTask":
            continue
        if node.script is None or not node.script.text:
            yield it.error(
                "script_missing",
                node,
                f"Expected {called(node)} with a script in FEEL, but it has none.",
                "Write a context such as {total: a + b}.",
                "script",
            )
        if node.script_format and node.script_format.lower() not in _FEEL_NAMES:
            yield it.error(
                "script_language",
                node,
                f"Expected a script in FEEL, but its format is “{node.script_format}”.",
                "Rewrite the script in FEEL.",
                "scriptFormat",
            )


def decisions(it: Subject) -> Iterator[Problem]:
    """decision_missing, decision_unknown"""
    for node in it.nodes:
        if node.type != "businessRuleTask":
            continue
        call = node.settings.decision
        if call is None:
            yield it.error(
                "decision_missing",
                node,
                f"Expected {called(node)} to name its decision, but it names none.",
                "Add <saraban:decision ref=…/>.",
            )
        elif not it.expected.decided_elsewhere and call.ref not in it.reading.decisions:
            yield it.error(
                "decision_unknown",
                node,
                f"Expected the decision “{call.ref}” in this deployment, but there is none.",
                "Deploy its .dmn file together with the diagram, or correct the id.",
                "ref",
                call.line,
            )


def messages(it: Subject) -> Iterator[Problem]:
    """message_missing"""
    for node in it.nodes:
        if node.type == "receiveTask" and node.message is None:
            yield it.error(
                "message_missing",
                node,
                f"Expected {called(node)} to name the message it waits for, but it names none.",
                "Define the message and refer to it by messageRef.",
                "messageRef",
            )


def silent(it: Subject) -> Iterator[Problem]:
    """passes_through"""
    for node in it.nodes:
        if node.type in ("task", "manualTask"):
            yield it.warning(
                "passes_through",
                node,
                f"{called(node)} is a {node.type}: the instance passes it without waiting.",
                "Make it a user task if somebody has to confirm it.",
            )


def _user_tasks(it: Subject) -> list[Node]:
    return [node for node in it.nodes if node.type == "userTask"]


RULES = (
    forms,
    actions,
    scripts,
    decisions,
    messages,
    silent,
)
