"""What does not run here, and what to draw instead: the words for designers, in one place."""

from __future__ import annotations

from collections.abc import Mapping

_UNDO = (
    "Draw what undoes the work as activities of its own, behind an error boundary event or an "
    "exclusive gateway."
)
_TALK = "Draw each participant as a process of its own: they talk by message events."
_GLOBAL = "Draw a process with this one task, and call that."
_ERROR_CAUGHT = (
    "Draw an error end event inside a subprocess, and an error boundary event on the subprocess."
)
_ALL_OF_THEM = "Draw a parallel gateway, one catch event on each branch, and a join."
_WAITS = "It only waits: draw an intermediate catch event there."

#: elements, by tag
ELEMENTS: Mapping[str, str] = {
    "complexGateway": "Draw an inclusive gateway, or, where some of many are enough, a "
    "multi-instance activity with a completionCondition.",
    "transaction": "Draw a plain subprocess: an error end event inside and an error boundary event "
    "on it lead to the activities that undo the work.",
    "adHocSubProcess": "Draw the order of its activities with gateways, or one multi-instance "
    "activity over the list of what has to be done.",
    "callChoreography": _TALK,
    "choreographyTask": _TALK,
    "subChoreography": _TALK,
    "choreography": _TALK,
    "globalChoreographyTask": _TALK,
    "globalBusinessRuleTask": _GLOBAL,
    "globalManualTask": _GLOBAL,
    "globalScriptTask": _GLOBAL,
    "globalTask": _GLOBAL,
    "globalUserTask": _GLOBAL,
    "implicitThrowEvent": "Draw an intermediate throw event.",
    "event": "Draw a start, catch, throw, boundary or end event.",
}
#: of a whole file: nothing calls them, so they only decorate what runs
UNCALLED = frozenset(tag for tag in ELEMENTS if tag.startswith("global") or tag == "choreography")

_EVENTS: Mapping[str, str] = {
    "compensate": _UNDO,
    "cancel": _ERROR_CAUGHT,
    "error": _ERROR_CAUGHT,
    "timer": _WAITS,
    "conditional": _WAITS,
    "escalation": "Draw an escalation boundary event on the subprocess that throws it, or an event "
    "subprocess.",
    "terminate": "Draw a terminate end event.",
    "link": "Draw an intermediate throw event and an intermediate catch event with this link's "
    "name.",
}
_SEVERAL: Mapping[str, str] = {
    "startEvent": "Draw one start event for each of them.",
    "boundaryEvent": "Draw one boundary event for each of them.",
    "intermediateCatchEvent": "Draw an event-based gateway with one catch event for each of them.",
    "intermediateThrowEvent": "Draw one throw event behind the other.",
    "endEvent": "Draw throw events before the end, one behind the other.",
}
_ATTRIBUTES: Mapping[str, str] = {
    "isForCompensation": _UNDO,
    "startQuantity": "Draw a parallel gateway before it that joins the flows.",
    "completionQuantity": "Draw a parallel gateway behind it with as many flows.",
    "instantiate": "Draw a start event for each message in its place.",
    "eventGatewayType": _ALL_OF_THEM,
    "parallelMultiple": _ALL_OF_THEM,
    "cancelActivity": "Remove the attribute, or throw and catch an escalation.",
    "isInterrupting": "Remove the attribute, or throw and catch an escalation.",
}

_STARTS: Mapping[str, str] = {
    "error": "Let the other process catch its error and throw a message, and start with that.",
    "escalation": "Let the other process throw a message, and start with that.",
}


def of_element(tag: str) -> str:
    return ELEMENTS.get(tag, "Remove it, or draw the same with other elements.")


def of_event(kind: str) -> str:
    return _EVENTS.get(
        kind, "Draw one message, signal, timer, conditional, error or escalation event."
    )


def of_several(node: str) -> str:
    return _SEVERAL[node]


def of_attribute(name: str) -> str:
    return _ATTRIBUTES[name]


def of_start(kind: str) -> str:
    """Of a process; subprocesses have their own rule."""
    return _STARTS.get(kind, "Draw a plain, message, signal, timer or conditional start event.")
