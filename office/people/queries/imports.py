"""Large tables on their way in, and how far the job at hand has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.models.job import DEAD, job
from office.people.models import table_import
from office.people.queries.moment import AGENCY
from office.people.transfer import states


@dataclass(frozen=True, slots=True)
class ImportRow:
    """`lines`: the first that add or change something: row, code, verb, {column: [before, after]}.
    `broken`: the job gave up; its file is kept, and it can be sent again.
    """

    id: UUID
    of_table: str
    file_name: str
    sha256: str
    state: str
    refused: str | None
    plan: str | None
    counts: Mapping[str, int] | None
    ends: int | None
    lines: Sequence[Any]
    mistakes: Sequence[Mapping[str, str]]
    asked_by: str
    asked_at: datetime
    settled_at: datetime | None
    done: int | None
    total: int | None
    broken: bool

    @property
    def at_work(self) -> bool:
        return self.state in states.AT_WORK and not self.broken


_OF_ROW = (
    "id", "of_table", "file_name", "sha256", "state", "refused", "plan", "counts", "ends", "lines",
    "mistakes", "asked_by", "asked_at", "settled_at",
)  # fmt: skip
_ROWS = (
    sa.select(
        *(table_import.c[name] for name in _OF_ROW),
        job.c.progress_done, job.c.progress_total, job.c.state.label("job_state"),
    )
    .outerjoin(
        job, sa.and_(job.c.agency_id == table_import.c.agency_id, job.c.id == table_import.c.job_id)
    )
    .where(table_import.c.agency_id == AGENCY)
)  # fmt: skip
_ONE = _ROWS.where(table_import.c.id == sa.bindparam("this", type_=sa.Uuid))
_LAST = _ROWS.order_by(table_import.c.id.desc())


def _row(row: Any) -> ImportRow:
    told = {name: getattr(row, name) for name in _OF_ROW}
    told |= {"lines": row.lines or (), "mistakes": row.mistakes or ()}
    broken = row.state in states.AT_WORK and row.job_state == DEAD
    return ImportRow(**told, done=row.progress_done, total=row.progress_total, broken=broken)


def table_import_of(db: Connection, agency_id: UUID, import_id: UUID) -> ImportRow:
    row = db.execute(_ONE, {"agency": agency_id, "this": import_id}).one_or_none()
    if row is None:
        raise NotFound("Expected an import of this agency, but found none with this id.")
    return _row(row)


def table_imports(db: Connection, agency_id: UUID, most: int = 5) -> tuple[ImportRow, ...]:
    """The last ones, the newest first."""
    return tuple(_row(row) for row in db.execute(_LAST.limit(most), {"agency": agency_id}))
