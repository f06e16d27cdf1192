"""What ends when somebody leaves the house, by whichever command: nothing of it comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Context
from engine.errors import Conflict
from engine.models.granting import process_grant
from office.people.commands.clearances import end_clearances
from office.people.commands.rows import change
from office.people.happenings import PersonLeft
from office.people.models import holding, instrument, leave, person, person_role


def refuse_own(ctx: Context, who: sa.Row[Any]) -> None:
    if who.id == ctx.actor.person_id:
        raise Conflict("Expected another person, but nobody lets themselves go.", code="own_self")


def leave_house(ctx: Context, who: sa.Row[Any], reason: str) -> Mapping[str, int]:
    """Posts, roles, orders, clearances, grants of processes and coming leaves end now; other rooms
    hear of it. How many of each.
    """
    ended = {
        "positions": _end_all(ctx, holding, who.id),
        "roles": _end_all(ctx, person_role, who.id),
        "instruments": _revoke(ctx, who.id, reason),
        "clearances": end_clearances(ctx, who.id),
        "grants": _end_grants(ctx, who.username),
    }
    _cancel_leaves(ctx, who.id)
    change(ctx, person, who.id, {"active": False})
    ctx.emit(PersonLeft(who.id, who.username, reason))
    return ended


def _end_all(ctx: Context, table: sa.Table, person_id: UUID) -> int:
    """End now what runs; what was to come never begins."""
    mine = sa.and_(
        table.c.agency_id == ctx.actor.agency_id,
        table.c.person_id == person_id,
        sa.or_(table.c.ends_at.is_(None), table.c.ends_at > ctx.now),
    )
    rows: Sequence[Any] = ctx.db.execute(sa.select(table.c.id, table.c.starts_at).where(mine)).all()
    for row in rows:
        change(ctx, table, row.id, {"ends_at": max(row.starts_at, ctx.now)})
    return len(rows)


def _revoke(ctx: Context, person_id: UUID, reason: str) -> int:
    mine = sa.and_(
        instrument.c.agency_id == ctx.actor.agency_id,
        instrument.c.person_id == person_id,
        instrument.c.revoked_at.is_(None),
        sa.or_(instrument.c.ends_at.is_(None), instrument.c.ends_at > ctx.now),
    )
    ended = sa.update(instrument).where(mine)
    return ctx.db.execute(ended.values(revoked_at=ctx.now, revoked_reason=reason)).rowcount


def _cancel_leaves(ctx: Context, person_id: UUID) -> None:
    ctx.db.execute(
        sa.update(leave)
        .where(leave.c.agency_id == ctx.actor.agency_id, leave.c.person_id == person_id)
        .where(leave.c.cancelled_at.is_(None), leave.c.ends_at > ctx.now)
        .values(cancelled_at=ctx.now)
    )


def _end_grants(ctx: Context, username: str) -> int:
    mine = sa.and_(
        process_grant.c.agency_id == ctx.actor.agency_id,
        process_grant.c.principal == f"person:{username}",
        process_grant.c.ended_at.is_(None),
    )
    ended = sa.update(process_grant).where(mine)
    return ctx.db.execute(ended.values(ended_at=ctx.now, ended_by=ctx.actor.username)).rowcount
