"""Rules about calls of processes: each leads somewhere, none leads back in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import Problem
from engine.runtime.diagram import Node
from engine.runtime.lint.rule import Subject, called
from engine.runtime.parse.document import ID
from engine.runtime.starts import startable, starts_of


def targets(it: Subject) -> Iterator[Problem]:
    """call_missing, call_unknown, call_start"""
    for node in it.nodes:
        if node.type != "callActivity":
            continue
        if not node.called:
            yield it.error(
                "call_missing",
                node,
                f"Expected {called(node)} to name the process it calls, but it names none.",
                "Add calledElement.",
                "calledElement",
            )
        elif not _exists(it, node.called):
            yield it.error(
                "call_unknown",
                node,
                f"Expected an executable process “{node.called}”, but there is none.",
                "Deploy it together with this one or before it, or correct the id.",
                "calledElement",
            )
        elif not _startable(it, node.called):
            yield it.error(
                "call_start",
                node,
                f"Expected “{node.called}” to have a start event that waits for nothing, but only "
                "events start it.",
                "Draw a plain start event in it, or throw the message that starts it.",
                "calledElement",
            )


def _exists(it: Subject, process_id: str) -> bool:
    here = it.reading.processes.get(process_id)
    if here is not None:
        return here.executable
    if not ID.fullmatch(process_id):
        return False
    bundle = it.expected.processes(process_id)
    return bundle is not None and process_id in bundle.woven


def _startable(it: Subject, process_id: str) -> bool:
    here = it.reading.processes.get(process_id)
    if here is not None:
        # Without any start event it is refused itself.
        return startable(here) or not starts_of(here)
    bundle = it.expected.processes(process_id)
    return bundle is not None and bundle.processes[process_id].startable


def circles(it: Subject) -> Iterator[Problem]:
    """call_cycle"""
    for node in it.nodes:
        if node.called and _leads_back(it, node):
            yield it.error(
                "call_cycle",
                node,
                f"Expected calls without a circle, but the process called by {called(node)} calls "
                f"{it.process.id} again.",
                "Draw the repetition as a loop within one process.",
                "calledElement",
            )


def _leads_back(it: Subject, node: Node) -> bool:
    """Calls to other deployments can not lead back: those were there first."""
    seen: set[str] = set()
    open_ = [node.called or ""]
    while open_:
        process_id = open_.pop()
        if process_id == it.process.id:
            return True
        process = it.reading.processes.get(process_id)
        if process is not None and process_id not in seen:
            seen.add(process_id)
            open_.extend(other.called for other in process.nodes.values() if other.called)
    return False


RULES = (targets, circles)
