"""Whether the one person who can do a step has done the same in the case already, as its history
tells: of a step that then passes by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine import jsonio
from engine.actor import Principal
from engine.bus import Context
from engine.commands.turn.held import Held
from engine.joint import APART
from engine.models.history import history_event
from engine.models.task import ACKNOWLEDGE, RETURN

_event = history_event.c
#: that an element was entered or left, that somebody did something, that something was entered
_TOLD = ("instance.started", "token.moved", "task.completed", "variable.set")
_COLUMNS = (
    _event.instance_id, _event.type, _event.element_id, _event.task_id, _event.actor,
    _event.on_behalf_of, _event.instrument_id, _event.data,
)  # fmt: skip
_EVENTS = (
    sa.select(*_COLUMNS)
    .where(
        _event.agency_id == sa.bindparam("agency"),
        _event.root_id == sa.bindparam("root"),
        _event.type.in_(_TOLD),
    )
    .order_by(_event.seq)
)


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody has done in the case: a step, or that they started it (no element, no task)."""

    element_id: str | None
    task_id: UUID | None
    on_behalf_of: Principal | None = None
    instrument_id: UUID | None = None


def done_already(ctx: Context, held: Held, who: str, outcome: str | None) -> Deed | None:
    """What makes it needless to ask this person once more for this outcome. None: ask them.

    It is the step before, whatever they answered there, or an earlier one that they answered the
    same way. Neither counts once work came back to a step that was done, or once another person has
    entered something else, or changed the letter: then they have not seen what they are asked for.
    """
    deed = Reader(who, outcome).read(_events(ctx, held))
    if deed is None or deed.task_id is None:
        return deed
    changed = ctx.services.contents.changed
    return None if changed(ctx.db, held.agency_id, held.business_key, deed.task_id) else deed


def _events(ctx: Context, held: Held) -> Iterable[Mapping[str, Any]]:
    """What is stored, asked for once, then what this turn has told: that is written at its end."""
    if held.told is None:
        key = {"agency": held.agency_id, "root": held.root_id}
        found = ctx.db.execute(_EVENTS, key, execution_options=APART).mappings()
        held.told = [dict(event) for event in found]
    return chain(held.told, (event for event in held.history if event["type"] in _TOLD))


@dataclass(slots=True)
class Reader:
    """Goes through a case's events in their order, as they are stored."""

    who: str
    outcome: str | None
    #: the step before, where it is theirs, and the last that they answered so
    before: Deed | None = None
    same: Deed | None = None
    #: what was entered, by name; and what was done since work came back last
    _known: dict[str, Any] = field(default_factory=dict)
    _done: set[tuple[UUID | None, str]] = field(default_factory=set)

    def read(self, events: Iterable[Mapping[str, Any]]) -> Deed | None:
        for event in events:
            data = jsonio.loads(event["data"])
            match event["type"]:
                case "instance.started" if event["instance_id"] is None:
                    self._known |= data.get("variables") or {}
                    self.before = Deed(None, None) if event["actor"] == self.who else None
                case "token.moved":
                    for how, element in data["steps"]:
                        self._moved(how, (event["instance_id"], element))
                case "variable.set" if not event["element_id"]:
                    self._entered(event, data)
                case "task.completed":
                    self._entered(event, data)
                    self._acted(event, data)
                case _:  # of a called process, or what an element of the diagram has set
                    pass
        return self.before or self.same

    def _moved(self, how: str, place: tuple[UUID | None, str]) -> None:
        if how == "completed":
            self._done.add(place)
        elif how == "entered" and place in self._done:
            # sent back, or round again: another round, before which nothing counts
            self._done.clear()
            self.before = self.same = None

    def _entered(self, event: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        """What they entered themselves they have seen."""
        given = data.get("variables") or {}
        changed = any(self._known.get(name, _NOTHING) != value for name, value in given.items())
        self._known |= given
        if changed and event["actor"] != self.who:
            self.before = self.same = None

    def _acted(self, event: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        answer = data.get("outcome")
        if data.get("skipped") or answer in (ACKNOWLEDGE, RETURN):
            return
        if event["actor"] != self.who:
            self.before = None
            return
        self.before = Deed(
            event["element_id"], event["task_id"], event["on_behalf_of"], event["instrument_id"]
        )
        if answer == self.outcome:
            self.same = self.before


_NOTHING = object()
