"""Incidents as operators see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import Forbidden, NotFound
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.granting import demand_reach
from engine.models.incident import incident
from engine.models.instance import process_instance
from engine.queries.page import Page, Window, by_id
from engine.queries.visibility import SEE_ALL, check_visible, of_granted, sees_all

_incident = incident.c
_ROWS = (
    sa.select(
        _incident.id,
        _incident.instance_id,
        _incident.root_id.label("root_instance_id"),
        process_definition.c.key.label("definition_key"),
        process_instance.c.title,
        _incident.element_id,
        _incident.code,
        _incident.message,
        _incident.detail,
        _incident.state,
        _incident.raised_at,
        _incident.resolved_at,
        _incident.resolved_by,
        _incident.job_id,
        _incident.task_id,
    )
    .select_from(
        incident.outerjoin(
            process_instance, process_instance.c.id == _incident.instance_id
        ).outerjoin(process_definition, process_definition.c.id == process_instance.c.definition_id)
    )
    .where(_incident.agency_id == sa.bindparam("agency"))
)
_ONE = _ROWS.where(_incident.id == sa.bindparam("this"))
_IDS = ("id", "instance_id", "root_instance_id", "job_id", "task_id")


@dataclass(frozen=True, slots=True)
class IncidentRow:
    id: str
    instance_id: str | None
    root_instance_id: str | None
    definition_key: str | None
    title: str | None
    element_id: str
    code: str
    message: str
    detail: Mapping[str, str]
    #: open or resolved
    state: str
    raised_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
    job_id: str | None
    task_id: str | None


@cache
def _listed(filters: frozenset[str]) -> sa.Select[Any]:
    """Built once for each combination of filters."""
    conditions: dict[str, sa.ColumnElement[bool]] = {
        "state": _incident.state == sa.bindparam("state"),
        "instance": sa.or_(
            _incident.instance_id == sa.bindparam("instance", type_=sa.Uuid),
            _incident.root_id == sa.bindparam("instance", type_=sa.Uuid),
        ),
        "no_job": _incident.job_id.is_(None),
        "granted": of_granted(_incident.root_id),
    }
    return _ROWS.where(*(conditions[name] for name in sorted(filters)))


def listing(
    db: Connection,
    actor: Actor,
    *,
    state: str | None = "open",
    instance_id: UUID | None = None,
    jobs: bool = True,
    process: str | None = None,
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[IncidentRow]:
    """Newest first. Needs a right to see every case, or sight of the instance; without them, those
    of the processes that the actor administers.

    `jobs`: with those of dead jobs, which have a list of their own. `process`: of its cases alone.
    """
    window = Window(page, page_size, after)
    mine = _seen(db, actor, instance_id)
    given: dict[str, Any] = {"agency": actor.agency_id, "state": state, "instance": instance_id}
    filters = {name for name in ("state", "instance") if given[name] is not None}
    if not jobs:
        filters.add("no_job")
    if process is not None:
        mine = frozenset({process}) if mine is None else mine & {process}
    if mine is not None:
        filters.add("granted")
        given["granted"] = sorted(mine)
    wanted = _listed(frozenset(filters))
    return by_id(db, "incidents", wanted, given, _incident.id, window, _row)


def _seen(db: Connection, actor: Actor, instance_id: UUID | None) -> frozenset[str] | None:
    """The processes whose incidents are listed; None: of all, or of the instance."""
    if instance_id is not None:
        check_visible(db, actor, instance_id)
        return None
    return demand_reach(db, actor, *SEE_ALL).processes


def one(db: Connection, actor: Actor, incident_id: UUID) -> IncidentRow:
    row = db.execute(_ONE, {"agency": actor.agency_id, "this": incident_id}).first()
    if row is None:
        raise NotFound(f"Expected the id of an incident, but found none with {incident_id}.")
    if row.instance_id is not None:
        check_visible(db, actor, row.instance_id)
    elif not sees_all(actor):
        raise Forbidden("Expected a right to see every case for what is stuck in none.")
    return _row(row)


def _row(row: AnyRow) -> IncidentRow:
    kept = {name: getattr(row, name) for name in IncidentRow.__dataclass_fields__}
    for name in _IDS:
        kept[name] = None if kept[name] is None else str(kept[name])
    return IncidentRow(**kept)
