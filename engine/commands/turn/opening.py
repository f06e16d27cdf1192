"""Tasks that open: rows with candidates and deadlines, or an incident where nobody can act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.bus import Context
from engine.commands.turn.again import done_already
from engine.commands.turn.chain import record_of_task
from engine.commands.turn.deadlines import due_at, timer_rows
from engine.commands.turn.held import Held
from engine.commands.turn.incidents import raise_incident
from engine.commands.turn.moving import working_time
from engine.commands.turn.news import task_ref
from engine.commands.turn.offers import Offer, Rules, offers
from engine.commands.turn.todo import PassBy
from engine.events import TaskCreated
from engine.ids import new_id
from engine.joint import add_later, later
from engine.models.task import ACKNOWLEDGE, OPEN, task, task_candidate
from engine.models.waiting import timer
from engine.runtime.values import OpenedTask

Row = dict[str, Any]

_LIST = (
    task_candidate.update()
    .where(
        task_candidate.c.agency_id == sa.bindparam("agency"),
        task_candidate.c.task_id == sa.bindparam("this"),
    )
    .values({name: sa.bindparam(f"new_{name}") for name in ("free", "priority", "due_at")})
)


@dataclass(frozen=True, slots=True)
class Because:
    """Why tasks open: a return names the element that it was made to, and has its reason there
    alone; without an element the reason is of all. `said` is for those whose work ends by it.
    """

    to: str | None = None
    reason: str | None = None
    by: str | None = None
    said: str | None = None

    def of(self, opened: OpenedTask) -> str:
        if self.to is not None and opened.element_id == self.to:
            return "returned"
        return ACKNOWLEDGE if opened.act == ACKNOWLEDGE else "new"


NEW = Because()


def open_tasks(
    ctx: Context, held: Held, opened: Sequence[OpenedTask], because: Because = NEW
) -> None:
    if not opened:
        return
    made = offers(ctx, held, [Rules.of(each) for each in opened])
    rows = [_row(ctx, held, *pair, because) for pair in zip(opened, made, strict=True)]
    add_later(ctx.db, task, rows)
    add_candidates(ctx, held, rows)
    if held.live is not None:
        held.live |= {row["id"]: row for row in rows}
    _add_timers(ctx, held, opened, rows)
    for each, row, offer in zip(opened, rows, made, strict=True):
        _tell(ctx, held, row, offer)
        _complain(ctx, held, each, row, offer)
        passing = _passes_by(ctx, held, each, row, offer)
        if passing is not None:
            held.todo.append(passing)


def _row(ctx: Context, held: Held, opened: OpenedTask, made: Offer, because: Because) -> Row:
    why = because.of(opened)
    returned = why == "returned"
    return {
        "id": new_id(),
        "agency_id": held.agency_id,
        "root_id": held.root_id,
        "instance_id": held.processes[opened.scope].instance_id,
        "token": opened.token,
        "element_id": opened.element_id,
        "name": opened.name,
        "documentation": opened.documentation,
        "lane": opened.lane,
        "state": OPEN,
        "assignee": None,
        "candidates": [candidate.stored for candidate in made.candidates],
        "excluded": sorted(made.excluded),
        "priority": opened.priority,
        "due_at": due_at(opened, ctx.now, working_time(ctx, held)),
        "form": opened.form,
        "outcomes": [asdict(outcome) for outcome in opened.outcomes],
        "returns": list(opened.returns),
        "act": opened.act,
        "escalate": opened.escalate,
        "local": opened.local,
        "because": why,
        "because_reason": because.reason if returned or because.to is None else None,
        "returned_by": because.by if returned else None,
        "created_at": ctx.now,
        "claimed_at": None,
        "first_opened_at": None,
        "first_opened_by": None,
        "ended_at": None,
        "outcome": None,
        "completed_by": None,
        "on_behalf_of": None,
        "instrument_id": None,
        "skipped": False,
    }


def add_candidates(ctx: Context, held: Held, rows: Iterable[Row]) -> None:
    """Index who may take these tasks, and who may not."""
    add_later(ctx.db, task_candidate, _entries(held, rows))


def _entries(held: Held, rows: Iterable[Row]) -> list[Row]:
    return [
        _candidate(held, row, principal, barred=barred)
        for row in rows
        for principal, barred in _principals(row)
    ]


def _principals(row: Row) -> Iterable[tuple[str, bool]]:
    for candidate in row["candidates"]:
        yield f"{candidate['kind']}:{candidate['id']}", False
    for username in row["excluded"]:
        yield f"person:{username}", True


def _candidate(held: Held, row: Row, principal: str, *, barred: bool) -> Row:
    return {
        "agency_id": held.agency_id,
        "task_id": row["id"],
        "principal": principal,
        "barred": barred,
        "live": True,
        "root_id": held.root_id,
        **_listed(row),
    }


def _listed(row: Mapping[str, Any]) -> Row:
    return {
        "free": row["state"] == OPEN,
        "priority": row["priority"],
        "due_at": row["due_at"],
    }


def list_anew(ctx: Context, row: Mapping[str, Any]) -> None:
    """Whoever changes of a live task what lists find it by says so to its candidates' index."""
    key = {"agency": row["agency_id"], "this": row["id"]}
    later(ctx.db, _LIST, key | {f"new_{name}": value for name, value in _listed(row).items()})


def _add_timers(
    ctx: Context, held: Held, opened: Sequence[OpenedTask], rows: Sequence[Row]
) -> None:
    working = working_time(ctx, held)
    timers = [
        made | {"agency_id": held.agency_id, "root_id": held.root_id}
        for each, row in zip(opened, rows, strict=True)
        for made in timer_rows(each, row["id"], ctx.now, _moment(row), working)
    ]
    add_later(ctx.db, timer, timers)


def _moment(row: Row) -> datetime | None:
    found: datetime | None = row["due_at"]
    return found


def _tell(ctx: Context, held: Held, row: Row, made: Offer) -> None:
    data: Mapping[str, Any] = {
        "name": row["name"],
        "candidates": [candidate.principal for candidate in made.candidates],
        "due_at": row["due_at"],
        "because": row["because"],
    }
    record_of_task(ctx, held, "task.created", row, data)
    ref = task_ref(held, row)
    why, reason = row["because"], row["because_reason"]
    held.news.append(TaskCreated(ref, made.candidates, why, reason, ctx.actor, made.able))


def _complain(ctx: Context, held: Held, opened: OpenedTask, row: Row, made: Offer) -> None:
    if made.trouble is None:
        return
    memo = Rules.of(opened).memo()
    raise_incident(ctx, held, row["instance_id"], made.trouble, task_id=row["id"], memo=memo)


def _passes_by(
    ctx: Context, held: Held, opened: OpenedTask, row: Row, made: Offer
) -> PassBy | None:
    """Where the only person who can act has done the same in this case already."""
    asked = opened.skip_same_person and opened.act is None and row["because"] == "new"
    if not asked or len(made.able) != 1:
        return None
    (who,) = made.able
    deed = done_already(ctx, held, who, first_outcome(row))
    return None if deed is None else PassBy(row, who, deed)


def first_outcome(row: Mapping[str, Any]) -> str | None:
    """What a task is answered with that nobody answers."""
    return row["outcomes"][0]["id"] if row["outcomes"] else None
