"""From a driven instance to the answer of an advance: what is new, what is gone, what is stuck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime.bundle import Bundle
from engine.runtime.codec import encode
from engine.runtime.errors import Stuck
from engine.runtime.instance import Instance
from engine.runtime.places.place import Waiting
from engine.runtime.values import Advance, Token


@dataclass(frozen=True, slots=True)
class Before:
    """What waited and what was stuck when the advance began."""

    waiting: Mapping[Token, Waiting] = field(default_factory=dict)
    stuck: frozenset[Token] = frozenset()

    @staticmethod
    def of(instance: Instance) -> Before:
        return Before(_waiting(instance), _stuck(instance))


def _waiting(instance: Instance) -> dict[Token, Waiting]:
    return {
        token.id.hex: token.task_spec.waits_for
        for token in instance.tasks.values()
        if token.task_spec.waits_for and token.state in _RESTING
    }


_RESTING = (TaskState.WAITING, TaskState.READY, TaskState.STARTED)


def _stuck(instance: Instance) -> frozenset[Token]:
    tasks = instance.tasks.values()
    return frozenset(token.id.hex for token in tasks if token.state == TaskState.ERROR)


def answer(instance: Instance, bundle: Bundle, before: Before, acted: Token = "") -> Advance:
    journal, after = instance.journal, _waiting(instance)
    gone = {
        id_: kind
        for id_, kind in before.waiting.items()
        # The caller has dealt with what acted, but for a subscription: it may outlive a message
        # (a boundary event that does not interrupt), so only we can say that it is over.
        if id_ not in after and (id_ != acted or kind in ("message", "signal"))
    }
    return Advance(
        state=encode(instance, bundle.sha256),
        status="completed" if instance.completed else "active",
        variables=instance.variables.scopes,
        changes=tuple(journal.changes),
        opened=tuple(journal.opened.values()),
        closed=tuple(one for one in journal.closed if one.token in before.waiting),
        jobs=tuple(journal.jobs.values()),
        jobs_dropped=_dropped(gone, "job"),
        timers=tuple(journal.timers.values()),
        timers_dropped=_dropped(gone, "timer"),
        subscriptions=tuple(journal.subscriptions.values()),
        subscriptions_dropped=_dropped(gone, "message", "signal"),
        thrown=tuple(journal.thrown),
        calls=tuple(journal.calls),
        calls_ended=tuple(journal.calls_ended),
        stuck=tuple(journal.stuck.values()),
        freed=tuple(sorted(before.stuck - _stuck(instance))),
        steps=tuple(journal.steps),
        title=_title(instance, bundle),
        end_element=journal.end_element if instance.completed else None,
    )


def _dropped(gone: Mapping[Token, Waiting], *kinds: str) -> tuple[Token, ...]:
    return tuple(token for token, kind in gone.items() if kind in kinds)


def _title(instance: Instance, bundle: Bundle) -> str | None:
    """The case title; None where it can not be told yet (variables that are not there)."""
    process = bundle.woven[instance.task_tree.task_spec.node.id]
    if process.title is None:
        title = process.process.title
        return title.text if title else None
    try:
        value = process.title.value(instance.variables.scopes[""], instance.around)
    except Stuck:
        return None
    return None if value is None else _shown(value)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else str(value)
