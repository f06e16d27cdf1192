"""History that goes on after the case was archived: its letter is revoked, or stamped anew."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from engine.bus import Context
from engine.commands.turn.held import Held
from engine.errors import NotFound
from engine.models.archive import archived_instance
from engine.models.history import history_event
from engine.models.instance import process_instance

_instance = process_instance.c
_HOLD = (
    sa.select(process_instance)
    .join(archived_instance, archived_instance.c.id == _instance.id)
    .where(_instance.agency_id == sa.bindparam("agency"), _instance.id == sa.bindparam("this"))
    .with_for_update(of=process_instance, key_share=True)
)
_SAVE = (
    process_instance.update()
    .where(_instance.agency_id == sa.bindparam("agency"), _instance.id == sa.bindparam("root"))
    .values(
        lock_version=_instance.lock_version + 1,
        history_seq=sa.bindparam("seq"),
        history_hash=sa.bindparam("head"),
        updated_at=sa.bindparam("now"),
    )
)


def hold_archived(ctx: Context, root_id: UUID) -> Held:
    """An archived root under its lock: it has a history, and nothing else."""
    row = ctx.db.execute(_HOLD, {"agency": ctx.actor.agency_id, "this": root_id}).first()
    if row is None:
        raise NotFound(f"Expected the id of a process instance, but found none with {root_id}.")
    return Held(
        agency_id=row.agency_id,
        root_id=row.id,
        business_key=row.business_key,
        title=row.title,
        starter=row.starter,
        state=b"",
        lock_version=row.lock_version,
        seq=row.history_seq,
        head=bytes(row.history_hash),
        processes={},
    )


def save_archived(ctx: Context, held: Held) -> None:
    """Write the events that were recorded; they follow on those in the evidence file."""
    ctx.db.execute(history_event.insert(), held.history)
    now = {"agency": held.agency_id, "root": held.root_id, "now": ctx.now}
    ctx.db.execute(_SAVE, {**now, "seq": held.seq, "head": held.head})
