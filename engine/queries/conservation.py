"""Tokens are conserved: what the stored state of an instance waits for, and the rows beside it, are
the same. A token without a row is lost; a row without a token wakes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.incident import IS_OPEN, incident
from engine.models.instance import IS_ALIVE, process_instance
from engine.models.job import DEAD, IS_PENDING, job
from engine.models.task import IS_LIVE, task
from engine.models.waiting import TOKEN, subscription, timer
from engine.queries.finding import Finding
from engine.runtime import CorruptState, Resting, resting
from engine.stored import UnusableBundle, stored_bundle

#: States in memory at once.
BATCH = 500

_instance, _definition = process_instance.c, process_definition.c
#: An operator knows already.
_TOLD = sa.exists().where(
    incident.c.agency_id == _instance.agency_id,
    incident.c.root_id == _instance.id,
    incident.c.code.in_(["state_damaged", "deployment_damaged"]),
    IS_OPEN,
)
_ALIVE = (
    sa.select(
        _instance.agency_id, _instance.id, _instance.state,
        _definition.bundle_sha, _definition.deployment_id,
    )
    .join(process_definition, _definition.id == _instance.definition_id)
    .where(
        _instance.id == _instance.root_id,
        _instance.id > sa.bindparam("last"),
        IS_ALIVE,
        sa.not_(_TOLD),
    )
    .order_by(_instance.id)
    .limit(BATCH)
)  # fmt: skip


def _waits(kind: str, table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    columns = sa.literal(kind).label("kind"), table.c.token
    ours = table.c.agency_id == sa.bindparam("agency"), table.c.root_id == sa.bindparam("root")
    return sa.select(*columns).where(*ours, table.c.token.is_not(None), *where)


#: Every row that a token may rest on, by the kind of its waiting.
_ROWS: sa.CompoundSelect[Any] = sa.union_all(
    _waits("task", task, IS_LIVE),
    _waits("job", job, IS_PENDING),
    _waits("dead", job, job.c.state == DEAD),
    _waits("timer", timer, timer.c.kind == TOKEN),
    sa.select(subscription.c.kind, subscription.c.token).where(
        subscription.c.agency_id == sa.bindparam("agency"),
        subscription.c.root_id == sa.bindparam("root"),
    ),
    _waits("stuck", incident, IS_OPEN, incident.c.job_id.is_(None), incident.c.memo.is_(None)),
    _waits("refused", incident, IS_OPEN, incident.c.memo.is_not(None)),
)
#: A dead job's token waits for an operator; so does one whose message key another has taken.
_INSTEAD = {"job": "dead", "message": "refused"}


def broken(db: Connection) -> Iterator[Finding]:
    """Every living instance whose state and rows differ, or whose state cannot be read and no
    incident says so.
    """
    last = UUID(int=0)
    while batch := db.execute(_ALIVE, {"last": last}).all():
        for row in batch:
            for message in _differences(db, row):
                yield Finding("I4", str(row.agency_id), str(row.id), message)
        last = batch[-1].id


def _differences(db: Connection, row: AnyRow) -> Iterator[str]:
    try:
        bundle = stored_bundle(db, row.agency_id, row.bundle_sha, row.deployment_id)
        found = resting(bundle, bytes(row.state), str(row.id))
    except (CorruptState, UnusableBundle) as damage:
        yield f"the stored instance cannot be read: {damage}"
        return
    tokens: defaultdict[str, set[str]] = defaultdict(set)
    for kind, token in db.execute(_ROWS, {"agency": row.agency_id, "root": row.id}):
        tokens[kind].add(token)
    yield from _Compared(found, tokens).messages()


@dataclass(frozen=True, slots=True)
class _Compared:
    state: Resting
    rows: Mapping[str, set[str]]

    def messages(self) -> Iterator[str]:
        for kind in ("task", "job", "timer", "message", "signal"):
            waiting = {token for token, waits in self.state.waiting.items() if waits == kind}
            instead = self.rows.get(_INSTEAD.get(kind, ""), set())
            yield from self._compare(kind, waiting, self.rows.get(kind, set()), instead)
        yield from self._compare("stuck", set(self.state.stuck), self.rows.get("stuck", set()))

    @staticmethod
    def _compare(
        kind: str, waiting: Set[str], rows: Set[str], instead: Set[str] = frozenset()
    ) -> Iterator[str]:
        for token in sorted(waiting - rows - instead):
            yield f"the token {token} rests ({kind}), but no row would wake it"
        for token in sorted(rows - waiting):
            yield f"a row ({kind}) waits for the token {token}, but the state has none such"
