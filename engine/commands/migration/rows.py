"""The rows beside a state that name its elements: renamed with it, and kept for the way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Context
from engine.commands.turn.calls import called_definition
from engine.commands.turn.held import Definition, Held, Process
from engine.db import UtcDateTime
from engine.models.incident import incident
from engine.models.instance import process_instance
from engine.models.job import LEASED, job
from engine.models.task import task
from engine.models.waiting import subscription, timer
from engine.runtime.values import (
    Advance,
    Scope,
    SetTimer,
    Step,
    Subscription,
    Token,
    WantedJob,
)

_TOKENS: sa.BindParameter[list[str]] = sa.bindparam("tokens", expanding=True)


def _of_tokens(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(
        table.c.agency_id == sa.bindparam("agency"),
        table.c.root_id == sa.bindparam("root"),
        table.c.token.in_(_TOKENS),
    )


_RENAME = [
    table.update().where(_of_tokens(table)).values(element_id=sa.bindparam("new_element_id"))
    for table in (task, timer, subscription, job, incident)
]
_TIMERS = sa.select(timer).where(_of_tokens(timer))
_SUBSCRIPTIONS = sa.select(subscription).where(_of_tokens(subscription))
_JOBS = sa.select(job).where(_of_tokens(job)).order_by(job.c.id)
_UNDER_WAY = sa.select(job.c.token).where(
    _of_tokens(job),
    job.c.state == LEASED,
    job.c.lease_until > sa.bindparam("now", type_=UtcDateTime),
)
_REPOINT = (
    process_instance.update()
    .where(
        process_instance.c.agency_id == sa.bindparam("agency"),
        process_instance.c.id == sa.bindparam("this"),
    )
    .values(definition_id=sa.bindparam("new_definition_id"))
)


def _key(held: Held, tokens: Iterable[Token]) -> dict[str, Any]:
    return {"agency": held.agency_id, "root": held.root_id, "tokens": list(tokens)}


def under_way(ctx: Context, held: Held, tokens: Sequence[Token]) -> set[Token]:
    """Those of these tokens whose job a worker has in hand."""
    if not tokens:
        return set()
    found = ctx.db.execute(_UNDER_WAY, _key(held, tokens) | {"now": ctx.now})
    return set(found.scalars())


def rename(ctx: Context, held: Held, names: Mapping[Token, str]) -> None:
    """What these tokens wait for now stands at these elements."""
    for token, element_id in names.items():
        for statement in _RENAME:
            ctx.db.execute(statement, _key(held, [token]) | {"new_element_id": element_id})


# -- which version ----------------------------------------------------------------------------


def repoint(ctx: Context, held: Held, target: Definition) -> None:
    """The root and, where the new version pins others, every process that it has called."""
    point(ctx, held, held.root, target)
    settled = {held.root_id}
    called = [p for scope, p in held.processes.items() if scope and not p.ended]
    while called:  # callers before those whom they called
        process = next(p for p in called if p.parent_id in settled)
        called.remove(process)
        settled.add(process.instance_id)
        caller = held.process_of(UUID(str(process.parent_id))).definition
        point(ctx, held, process, _as_called(ctx, process, caller))


def _as_called(ctx: Context, process: Process, caller: Definition) -> Definition:
    found = called_definition(ctx, process.definition.key, caller)
    return Definition(found.id, found.key, found.bundle_sha, found.deployment_id)


def point(ctx: Context, held: Held, process: Process, target: Definition) -> None:
    if process.definition != target:
        process.definition = target
        values = {"this": process.instance_id, "new_definition_id": target.id}
        ctx.db.execute(_REPOINT, {"agency": held.agency_id, **values})


# -- the way back -----------------------------------------------------------------------------


def kept_for_undo(ctx: Context, held: Held, advance: Advance) -> dict[str, Any]:
    """What the rows say that this advance will replace, as plain values."""
    timers = {*advance.timers_dropped, *(each.token for each in advance.timers)}
    waits = {*advance.subscriptions_dropped, *(each.token for each in advance.subscriptions)}
    asked = {*advance.jobs_dropped, *(each.token for each in advance.jobs)}
    return {
        "timers": _plain(ctx, held, _TIMERS, timers, "token", "element_id", "due_at", "occurrence"),
        "subscriptions": _plain(
            ctx, held, _SUBSCRIPTIONS, waits, "token", "element_id", "kind", "name", "key"
        ),
        "jobs": _jobs(ctx, held, asked),
        "drop": {"timers": sorted(timers), "subscriptions": sorted(waits), "jobs": sorted(asked)},
        "steps": [[_BACK[step.kind], step.element_id, step.scope] for step in advance.steps[::-1]],
        "title": held.title,
    }


_BACK: Mapping[str, str] = {"entered": "cancelled", "cancelled": "entered"}


def _plain(
    ctx: Context, held: Held, statement: sa.Select[Any], tokens: set[Token], *names: str
) -> list[dict[str, Any]]:
    if not tokens:
        return []
    found = ctx.db.execute(statement, _key(held, tokens)).mappings()
    return [{name: row[name] for name in names} for row in found]


def _jobs(ctx: Context, held: Held, tokens: set[Token]) -> list[dict[str, Any]]:
    """The last job of each token, dead or not: going back asks for it anew."""
    if not tokens:
        return []
    rows = {row.token: row for row in ctx.db.execute(_JOBS, _key(held, tokens))}
    return [
        {
            "token": row.token,
            "scope": held.scope_of(row.instance_id),
            "element_id": row.element_id,
            "name": row.element_id,
            "action": row.action,
            "inputs": row.payload,
            "max_attempts": row.max_attempts,
        }
        for row in rows.values()
    ]


def way_back(held: Held, state: bytes, kept: Mapping[str, Any]) -> Advance:
    """The advance that puts these rows, and this state, in their old places."""
    scopes: Mapping[Scope, Mapping[str, Any]] = held.scopes
    return Advance(
        state=state,
        status="active",
        variables=scopes,
        timers=tuple(SetTimer(**row) for row in kept["timers"]),
        timers_dropped=tuple(kept["drop"]["timers"]),
        subscriptions=tuple(
            Subscription(**row | {"key": row["key"] or None}) for row in kept["subscriptions"]
        ),
        subscriptions_dropped=tuple(kept["drop"]["subscriptions"]),
        jobs=tuple(WantedJob(**row) for row in kept["jobs"]),
        jobs_dropped=tuple(kept["drop"]["jobs"]),
        steps=tuple(Step(*row) for row in kept["steps"]),
        title=kept["title"],
    )
