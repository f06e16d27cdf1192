"""From a deployment on its processes' start events listen, and those of older versions no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Context
from engine.commands.turn.moving import LazyWorkingTime
from engine.errors import DeploymentRefused
from engine.ids import new_id
from engine.models.deployment import process_definition
from engine.models.starting import CONDITION, IS_MESSAGE_START, TIMER, start_event
from engine.runtime import Bundle, StartEvent, Surroundings, first_moment, start_taken

_OF_AGENCY = start_event.c.agency_id == sa.bindparam("agency")
_FORGET = start_event.delete().where(
    _OF_AGENCY, start_event.c.definition_key.in_(sa.bindparam("keys", expanding=True))
)
_FORGET_VERSIONS = start_event.delete().where(
    _OF_AGENCY, start_event.c.definition_id.in_(sa.bindparam("ids", expanding=True))
)
#: Not against new instances, which only refer to the row.
_HOLD = (
    sa.select(process_definition.c.id)
    .where(
        process_definition.c.agency_id == sa.bindparam("agency"),
        process_definition.c.key.in_(sa.bindparam("keys", expanding=True)),
    )
    .order_by(process_definition.c.id)
    .with_for_update(key_share=True)
)
_CONDITIONS = sa.select(
    start_event.c.definition_key, start_event.c.element_id, start_event.c.running
).where(
    _OF_AGENCY,
    start_event.c.kind == CONDITION,
    start_event.c.definition_key.in_(sa.bindparam("keys", expanding=True)),
)
_TAKEN = sa.select(start_event.c.name, start_event.c.definition_key).where(
    _OF_AGENCY,
    IS_MESSAGE_START,
    start_event.c.name.in_(sa.bindparam("names", expanding=True)),
)
_LISTEN = start_event.insert()


def listen(ctx: Context, bundle: Bundle, definitions: Sequence[Mapping[str, Any]]) -> None:
    """`definitions`: the rows just written. DeploymentRefused where a message starts another
    process already, or where a timer gives no time.
    """
    keys = [row["key"] for row in definitions]
    hold(ctx, keys)
    of_these = {"agency": ctx.actor.agency_id, "keys": keys}
    known = {
        (row.definition_key, row.element_id): row.running
        for row in ctx.db.execute(_CONDITIONS, of_these)
    }
    ctx.db.execute(_FORGET, of_these)
    _check_free(ctx, bundle, keys)
    rows = [row for definition in definitions for row in _rows(ctx, bundle, definition)]
    for row in rows:  # what held before a new version need not become true again in it
        if row["kind"] == CONDITION:
            row["running"] = known.get((row["definition_key"], row["element_id"]))
    if rows:
        ctx.db.execute(_LISTEN, rows)


def hold(ctx: Context, keys: Sequence[str]) -> None:
    """From here to the commit no other deployment, withdrawal or restoration of these processes
    decides which version listens: what is read after this is the last word.
    """
    ctx.db.execute(_HOLD, {"agency": ctx.actor.agency_id, "keys": keys})


def fall_silent(ctx: Context, definition_ids: Sequence[UUID]) -> None:
    """The start events of these versions listen no more."""
    ctx.db.execute(_FORGET_VERSIONS, {"agency": ctx.actor.agency_id, "ids": definition_ids})


def _check_free(ctx: Context, bundle: Bundle, keys: Sequence[str]) -> None:
    """Of two deployments at once, the second meets the unique index and comes here again."""
    messages = [
        (process.file, start)
        for process in map(bundle.processes.__getitem__, keys)
        for start in process.starts
        if start.kind == "message"
    ]
    if not messages:
        return
    names = {"agency": ctx.actor.agency_id, "names": [start.name for _, start in messages]}
    taken = {row.name: row.definition_key for row in ctx.db.execute(_TAKEN, names)}
    problems = [
        start_taken(file, start, taken[start.name])
        for file, start in messages
        if start.name in taken
    ]
    if problems:
        raise DeploymentRefused(problems)


def _rows(ctx: Context, bundle: Bundle, definition: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for start in bundle.processes[definition["key"]].starts:
        running = _running(ctx, bundle, definition, start) if start.kind == TIMER else None
        yield {
            "id": new_id(),
            "agency_id": ctx.actor.agency_id,
            "definition_id": definition["id"],
            "definition_key": definition["key"],
            "element_id": start.element_id,
            "kind": start.kind,
            "name": start.name,
            "due_at": running and running["due"],
            "running": running,
            "failures": 0,
        }


def _running(
    ctx: Context, bundle: Bundle, definition: Mapping[str, Any], start: StartEvent
) -> Mapping[str, Any] | None:
    around = Surroundings(
        now=ctx.now, working_time=LazyWorkingTime(ctx), definition_id=str(definition["id"])
    )
    return first_moment(bundle, definition["key"], start.element_id, around)
