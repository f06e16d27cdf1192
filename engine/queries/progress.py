"""The way of an instance through its diagram, told from its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import jsonio
from engine.actor import Actor
from engine.models.columns import AnyRow
from engine.models.history import history_event, process_of
from engine.models.incident import IS_OPEN, incident
from engine.models.instance import CANCELLED, process_instance
from engine.queries.visibility import check_visible

_event = history_event.c
_INSTANCE = sa.select(
    process_instance.c.definition_id, process_instance.c.root_id, process_instance.c.status
).where(
    process_instance.c.agency_id == sa.bindparam("agency"),
    process_instance.c.id == sa.bindparam("this"),
)
_MOVES = (
    sa.select(_event.at, _event.data)
    .where(
        _event.agency_id == sa.bindparam("agency"),
        _event.root_id == sa.bindparam("root"),
        _event.type == "token.moved",
        process_of == sa.bindparam("this", type_=sa.Uuid),
    )
    .order_by(_event.seq)
)
_STUCK = sa.select(incident.c.element_id).where(
    incident.c.agency_id == sa.bindparam("agency"),
    incident.c.root_id == sa.bindparam("root"),
    incident.c.instance_id == sa.bindparam("this"),
    IS_OPEN,
)


@dataclass(frozen=True, slots=True)
class ElementProgress:
    """One element of the diagram; also a row of the equal table.

    state: incident, active, completed or cancelled (the first that holds, in this order).
    """

    element_id: str
    state: str
    #: how often it was entered
    visits: int
    #: live tokens on it now
    tokens: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    definition_id: str
    elements: Sequence[ElementProgress]
    #: sequence flow id to how often it was taken
    flows: Mapping[str, int]


@dataclass(slots=True)
class _Traces:
    """What happened at one element."""

    first_at: datetime
    last_at: datetime
    kinds: Counter[str] = field(default_factory=Counter)
    last: str = ""

    @property
    def tokens(self) -> int:
        ended = self.kinds["completed"] + self.kinds["cancelled"]
        return max(0, self.kinds["entered"] - ended)


def progress(db: Connection, actor: Actor, instance_id: UUID) -> Progress:
    """In the order in which elements were first reached."""
    check_visible(db, actor, instance_id)
    key = {"agency": actor.agency_id, "this": instance_id}
    row = db.execute(_INSTANCE, key).one()
    key["root"] = row.root_id
    traces, flows = _follow(db.execute(_MOVES, key).all())
    stuck = set(db.execute(_STUCK, key).scalars())
    ended = row.status == CANCELLED
    elements = [_element(name, found, stuck, ended) for name, found in traces.items()]
    return Progress(str(row.definition_id), elements, flows)


def _follow(moves: Sequence[AnyRow]) -> tuple[dict[str, _Traces], Counter[str]]:
    traces: dict[str, _Traces] = {}
    flows: Counter[str] = Counter()
    for move in moves:
        for kind, name in jsonio.loads(move.data)["steps"]:
            if kind == "flow":
                flows[name] += 1
                continue
            trace = traces.setdefault(name, _Traces(move.at, move.at))
            trace.kinds[kind] += 1
            trace.last, trace.last_at = kind, move.at
    return traces, flows


def _element(name: str, trace: _Traces, stuck: set[str], ended: bool) -> ElementProgress:
    tokens = 0 if ended else trace.tokens
    if name in stuck:
        state = "incident"
    elif tokens:
        state = "active"
    else:
        state = "completed" if trace.last == "completed" else "cancelled"
    visits = trace.kinds["entered"]
    return ElementProgress(name, state, visits, tokens, trace.first_at, trace.last_at)
