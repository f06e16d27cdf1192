"""The job that settles the instances of a migration batch: a while at a time, then again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.bus import Bus, Context
from engine.commands.jobs import want_job
from engine.commands.migration.batch import SETTLE
from engine.commands.migration.settling import EndBatch, NoteFate, SettleFate
from engine.db import reading
from engine.errors import MigrationRefused, Rejected, Unavailable
from engine.models import migration as states
from engine.models.columns import AnyRow
from engine.models.migration import migration_batch, migration_fate
from engine.ports import BULK, Action, JobFailed, JobInput, JobOutput

log = logging.getLogger(__name__)

#: One job settles so many, or works so long; then whoever else waits has a turn.
MOST = 200
LONGEST = timedelta(seconds=20)
#: What is told of a bug.
BROKEN = "Expected the instance to be settled, but the service failed at it. Its log says why."

_BATCH = sa.select(migration_batch).where(
    migration_batch.c.agency_id == sa.bindparam("agency"),
    migration_batch.c.id == sa.bindparam("batch"),
)
_TODO = (
    sa.select(migration_fate.c.root_id)
    .where(
        migration_fate.c.agency_id == sa.bindparam("agency"),
        migration_fate.c.batch_id == sa.bindparam("batch"),
        migration_fate.c.outcome == sa.bindparam("todo"),
    )
    .order_by(migration_fate.c.root_id)
    .limit(MOST)
)
_LEFT = _TODO.with_only_columns(sa.func.count()).order_by(None).limit(None)


def actions(bus: Callable[[], Bus]) -> list[Action]:
    """`bus` is asked for when a job runs: actions are made before the bus that holds them."""

    def settle(job: JobInput) -> JobOutput:
        return _settle(bus(), job)

    inputs = frozenset({"batch_id"})
    return [Action(SETTLE, settle, inputs=inputs, required=inputs, queue=BULK, drawn=False)]


def _settle(bus: Bus, job: JobInput) -> JobOutput:
    key = {"agency": job.agency_id, "batch": UUID(str(job.payload["batch_id"]))}
    with reading(bus.engine) as db:
        batch = db.execute(_BATCH, key).first()
        if batch is None or batch.state not in states.TODO:
            return JobOutput()
        todo = {**key, "todo": states.TODO[batch.state]}
        roots, left = db.scalars(_TODO, todo).all(), db.execute(_LEFT, todo).scalar_one()
    actor = _on_the_word_of(batch)
    until = monotonic() + LONGEST.total_seconds()
    for settled, root_id in enumerate(roots, batch.wanted - left + 1):
        _settle_one(bus, actor, batch, root_id)
        job.progress(settled, batch.wanted, batch.key)
        if monotonic() > until:
            break
    if bus.execute(EndBatch(batch.id), actor)["left"]:
        return JobOutput(effect=_go_on(job.payload))
    return JobOutput()


def _go_on(payload: Mapping[str, Any]) -> Callable[[Context], None]:
    def effect(ctx: Context) -> None:
        want_job(ctx, SETTLE, payload)

    return effect


def _on_the_word_of(batch: AnyRow) -> Actor:
    """Who began the work at hand. Their right was asked for then; history names them."""
    said = {
        states.CHECKING: batch.asked_by,
        states.MIGRATING: batch.carried_by,
        states.UNDOING: batch.undone_by,
    }
    return Actor(batch.agency_id, batch.by_person, said[batch.state], batch.by_name)


def _settle_one(bus: Bus, actor: Actor, batch: AnyRow, root_id: UUID) -> None:
    """One that is refused, or breaks, leaves the others alone."""
    try:
        bus.execute(SettleFate(batch.id, root_id), actor)
    except Unavailable as away:  # the others would fare no better
        raise JobFailed(away.message) from away
    except MigrationRefused as refused:
        reasons = [asdict(cause) for cause in refused.reasons]
        told = [{k: reason[k] for k in ("element_id", "code")} for reason in reasons]
        first = reasons[0]
        _note(bus, actor, batch, root_id, states.REFUSED, first["code"], first["message"], told)
    except Rejected as rejected:
        kept = states.STAYS if batch.state == states.UNDOING else states.REFUSED
        _note(bus, actor, batch, root_id, kept, rejected.code, rejected.message)
    except Exception:  # its words may quote what the case holds: they are for the log alone
        log.exception("Expected instance %s to be settled, but it could not.", root_id)
        kept = states.STAYS if batch.state == states.UNDOING else states.FAILED
        _note(bus, actor, batch, root_id, kept, "internal", BROKEN)


def _note(
    bus: Bus,
    actor: Actor,
    batch: AnyRow,
    root_id: UUID,
    outcome: str,
    code: str,
    message: str,
    reasons: Sequence[Mapping[str, Any]] = (),
) -> None:
    try:
        bus.execute(NoteFate(batch.id, root_id, outcome, code, message[:2000], reasons), actor)
    except Unavailable as away:
        raise JobFailed(away.message) from away
    except Rejected as late:
        log.warning("%s", late.message)
